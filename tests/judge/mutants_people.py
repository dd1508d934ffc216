"""Faults in who drives and from where (section 5 of the rules); routes as in `mutants_ways`."""

from __future__ import annotations

from dataclasses import replace

from logistics.model.fleet import Break
from logistics.model.people import Visit, Volunteer
from logistics.model.plan import Rest, Stage, Status
from logistics.model.units import HOUR_S, MINUTE_S
from tests.judge.edits import Edit, chain, fact, plan, problem, route
from tests.judge.good_facts import TUE, WED, at
from tests.judge.good_week import Week
from tests.judge.mutant import mutant

LUNCH = Break(at(TUE, 10), at(TUE, 11), 30 * MINUTE_S)
"""The van stands still from 9:55 to 11:30 on Tuesday."""


def shift(index: int, **changes: object) -> Edit:
    """Change fields of one shift: 0 Tuesday, 1 Wednesday, 2 Thursday."""

    def apply(week: Week) -> Week:
        shifts = list(week.problem.shifts)
        shifts[index] = replace(shifts[index], **changes)  # type: ignore[arg-type]
        return problem(shifts=tuple(shifts))(week)

    return apply


def visits(*alternatives: Visit) -> Edit:
    """D's visit (Tuesday 13:05 in the plan, by P1) becomes one of these."""
    return fact("households", "D", visit=alternatives[0], alternatives=alternatives)


def visit(**asked: object) -> Visit:
    base = Visit(at(TUE, 13), at(TUE, 14), 5 * MINUTE_S)
    return replace(base, **asked)  # type: ignore[arg-type]


def told(name: str, found: float, bound: float) -> Edit:
    """One stage more, about Tuesday's routes, with a gap that fits."""

    def apply(week: Week) -> Week:
        gap = abs(found - bound) / max(1.0, found)
        stage = Stage(f"{name} {TUE}", Status.FEASIBLE, float(found), float(bound), gap, 0.0)
        return plan(stages=(*week.plan.stages, stage))(week)

    return apply


# On Tuesday the van alone drives 12 + 10 + 9 km in 55 + 60 + 45 minutes: 31,000 + 2 x 9,600 = 50,200.
# P1, who drives it, drives 55 minutes on Wednesday, too: 9,600 + 3,300 = 12,900. Here D is visited by
# somebody who did not come last time.
STRANGER = visits(visit(last_visitor_ids=("P2",)))

STAGES = [
    mutant("two vehicles in a stage", told("vehicles", 2, 1), "stage_routes"),
    mutant("less driving in a stage", told("driving", 50_199, 40_000), "stage_routes"),
    mutant("a bound above the driving", told("driving", 50_200, 50_201), "stage_routes"),
    mutant("Wednesday forgotten", told("balance", 9_600, 9_600), "stage_routes"),
    mutant("a stranger forgotten", chain(STRANGER, told("driving", 50_200, 0)), "stage_routes"),
]

STAGES_ALLOWED = {
    "true stages of Tuesday's routes": chain(
        told("vehicles", 1, 1), told("driving", 50_200, 40_000), told("balance", 12_900, 9_600)
    ),
    "a stranger counted": chain(STRANGER, told("driving", 53_200, 0)),
    "the same who came last time": chain(
        visits(visit(last_visitor_ids=("P1",))), told("driving", 50_200, 0)
    ),
    "a language that nobody speaks": chain(
        fact("households", "D", language="vi"), told("driving", 55_200, 0)
    ),
}

NURSE = problem(volunteers={"P1": Volunteer("P1", frozenset({"nurse"}))})

PEOPLE = [
    *STAGES,
    mutant("the shift starts at S2", shift(1, start_id="S2"), "trip_not_home"),
    mutant("the shift ends at S2", shift(1, end_id="S2"), "trip_not_home"),
    mutant("no break", shift(0, break_=LUNCH), "break_missing"),
    mutant(
        "the break is too short",
        chain(shift(0, break_=LUNCH), route(0, rest=Rest(at(TUE, 10), at(TUE, 10, 29)))),
        "break_missing",
    ),
    mutant(
        "the break begins too late",
        chain(shift(0, break_=LUNCH), route(0, rest=Rest(at(TUE, 11, 1), at(TUE, 11, 31)))),
        "break_missing",
    ),
    mutant(
        "loads in the break",
        chain(shift(0, break_=LUNCH), route(0, rest=Rest(at(TUE, 11), at(TUE, 11, 31)))),
        "break_worked",
    ),
    mutant(
        "drives in the break",
        chain(
            shift(0, break_=replace(LUNCH, open_s=at(TUE, 9))),
            route(0, rest=Rest(at(TUE, 9, 54), at(TUE, 10, 24))),
        ),
        "break_worked",
    ),
    mutant("a visit for two", visits(visit(crew=2)), "crew_short"),
    mutant("a visit for a nurse", visits(visit(qualification="nurse")), "not_qualified"),
    mutant(
        "the nurse's window is another",
        chain(
            NURSE,
            visits(visit(crew=2), visit(open_s=at(TUE, 13, 6), qualification="nurse")),
        ),
        "crew_short",
    ),
    mutant(
        "neither of two windows",
        visits(visit(close_s=at(TUE, 13, 4)), visit(open_s=at(TUE, 13, 6))),
        "window_missed",
    ),
    mutant(
        "goods of Tuesday's visit on Wednesday's line",
        chain(
            visits(visit(), visit(open_s=at(WED, 13), close_s=at(WED, 14))),
            lambda week: week._replace(
                plan=replace(
                    week.plan,
                    allocation=replace(
                        week.plan.allocation,
                        lines=tuple(
                            replace(line, day=WED) if line.household_id == "D" else line
                            for line in week.plan.allocation.lines
                        ),
                    ),
                )
            ),
        ),
        "line_day",
    ),
    # P1 drives 12,900 s.
    mutant(
        "a second more than P1 has",
        problem(volunteers={"P1": Volunteer("P1", work_s_max=12_899)}),
        "hours_exceeded",
    ),
]

PEOPLE_ALLOWED: dict[str, Edit] = {
    **STAGES_ALLOWED,
    "a break as long as it should be": chain(
        shift(0, break_=LUNCH), route(0, rest=Rest(at(TUE, 11), at(TUE, 11, 30)))
    ),
    "one of two windows, with its people": chain(
        NURSE, visits(visit(crew=2), visit(qualification="nurse"))
    ),
    "all the hours P1 has": problem(volunteers={"P1": Volunteer("P1", work_s_max=12_900)}),
    "days on which P1 can come": problem(
        volunteers={"P1": Volunteer("P1", work_s_max=5 * HOUR_S, days=frozenset({1, 2, 3}))}
    ),
}
