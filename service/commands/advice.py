"""`explain`, `wishes` and `triage`: what would help whom, what to ask for, what to answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from logistics.model.problem import WeekProblem
from service.commands.common import (
    FILE,
    FOLDER,
    OUT,
    Language,
    json_option,
    print_json,
    travel_or_stop,
    week_or_stop,
)
from service.commands.plan import language_option, seed_option

if TYPE_CHECKING:
    from logistics.model.plan import Allocation, Plan

ALLOCATE_S = 10.0
"""Most that an allocation made for the purpose takes."""

plan_argument = click.argument("plan_file", metavar="PLAN.json", type=FILE)


seconds_option = click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="nothing new is begun after so long",
)


@click.command()
@click.argument("folder", type=FOLDER)
@plan_argument
@click.option("--household", "household_ids", multiple=True, help="only of these households")
@click.option("--save", is_flag=True, help="write the reasons into PLAN.json")
@seconds_option
@seed_option
@json_option
@language_option
def explain(
    folder: Path,
    plan_file: Path,
    household_ids: tuple[str, ...],
    save: bool,
    seconds: float,
    seed: int,
    as_json: bool,
    language: Language,
) -> None:
    """Why each household gets no more, and the smallest fix, planned again to be sure.

    Names households: for use inside the network only.
    """
    from dataclasses import replace

    from logistics.model.plan_json import plan_text
    from logistics.model.units import meals_text
    from logistics.solver.advise import advisor_of, as_planned

    problem, plan = planned(folder, plan_file, as_json, language)
    for household_id in household_ids:
        if household_id not in problem.households:
            raise click.UsageError(f"there is no household {household_id!r} in {folder}")
    unmet = plan.allocation.unmet
    if unmet:
        with travel_or_stop(as_json, language):
            visited = as_planned(problem, plan.allocation)
            advisor = advisor_of(visited, plan.allocation, seconds=seconds, seed=seed)
            unmet = advisor.unmet(language, only=frozenset(household_ids))
    if save:
        told = replace(plan, allocation=replace(plan.allocation, unmet=unmet))
        plan_file.write_text(plan_text(told, problem.week_start), encoding="utf-8")
    shown = [u for u in unmet if not household_ids or u.household_id in household_ids]
    if as_json:
        print_json(
            {
                "ok": True,
                "unmet": [
                    {
                        "household_id": entry.household_id,
                        "meals_short": meals_text(entry.meals_short),
                        "reasons": [
                            {"code": r.code, "params": dict(r.params), "text": r.text, "fix": r.fix}
                            for r in entry.reasons
                        ],
                    }
                    for entry in shown
                ],
            }
        )
        return
    from logistics.words import say

    if not shown:
        click.echo(say(language, "sum_nobody_short"))
    for entry in shown:
        click.echo(f"{entry.household_id} -{meals_text(entry.meals_short)}")
        for reason in entry.reasons:
            click.echo(f"  {reason.text}")
            if reason.fix:
                click.echo(f"    -> {reason.fix}")


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("plan_file", metavar="[PLAN.json]", type=FILE, required=False)
@click.option("--out", type=OUT, help="write letters and a table that may leave the house")
@seconds_option
@seed_option
@json_option
@language_option
def wishes(
    folder: Path,
    plan_file: Path | None,
    out: Path | None,
    seconds: float,
    seed: int,
    as_json: bool,
    language: Language,
) -> None:
    """The next most valuable donations: what, by when, what it brings, and whom to ask.

    Every wish is added to the week alone and the week allocated again; without PLAN.json the week is
    allocated first. What --out writes names no household, counts none, and rounds meals.
    """
    from logistics.reports.wish_files import write_letters
    from logistics.solver.advise import advisor_of
    from logistics.solver.allocation.advice.wishes import wishes as found_by
    from logistics.words import say
    from logistics.words.wishes import wish_list

    found: list[dict[str, object]] = []
    with travel_or_stop(as_json, language):
        problem, allocation = allocated(folder, plan_file, as_json, seconds, seed, language)
        if allocation.unmet:
            advisor = advisor_of(problem, allocation, seconds=seconds, seed=seed)
            found = [wish.plain(problem) for wish in found_by(advisor)]
    paths = write_letters(problem, found, out) if out is not None else []
    if as_json:
        print_json({"ok": True, "wishes": found, "files": [str(path) for path in paths]})
        return
    click.echo(wish_list(language, found, problem, with_places=True) or say(language, "wish_none"))
    if paths:
        click.echo(say(language, "letters_written", files=len(paths), out=out))


@click.command()
@click.argument("folder", type=FOLDER)
@plan_argument
@click.option("--out", type=OUT, help="write triage.csv and an answer to each donor")
@json_option
@language_option
def triage(
    folder: Path, plan_file: Path, out: Path | None, as_json: bool, language: Language
) -> None:
    """What to answer each donor: accept all, accept in part, decline, or pass on to another network.

    Stock that will expire is judged, too. What --out writes names no household and counts none.
    """
    from logistics.reports.answers import write_answers
    from logistics.solver.advise import as_planned, eligible_of, quickest
    from logistics.solver.allocation.advice.triage import triage as judged
    from logistics.words import say
    from logistics.words.triage import answer_line

    problem, plan = planned(folder, plan_file, as_json, language)
    with travel_or_stop(as_json, language):
        problem = as_planned(problem, plan.allocation)
        travel, eligible = quickest(problem), eligible_of(problem)
    found = [
        judgement.plain(problem) for judgement in judged(problem, travel, eligible, plan.allocation)
    ]
    paths = write_answers(problem, found, out) if out is not None else []
    if as_json:
        print_json({"ok": True, "answers": found, "files": [str(path) for path in paths]})
        return
    for entry in found:
        click.echo(answer_line(language, entry, problem))
    if paths:
        click.echo(say(language, "letters_written", files=len(paths), out=out))


def planned(
    folder: Path, plan_file: Path, as_json: bool, language: Language = "en"
) -> tuple[WeekProblem, Plan]:
    """A week and its plan, which must have been made for this data."""
    from logistics.model.plan_json import plan_from_text
    from service.commands.common import stop_with
    from service.commands.paper import moved

    problem, _ = week_or_stop(folder, as_json, language)
    plan = plan_from_text(plan_file.read_bytes(), problem.week_start)
    if plan.problem_digest != problem.digest:
        stop_with([moved(folder, plan_file)], as_json)
    return problem, plan


def allocated(
    folder: Path,
    plan_file: Path | None,
    as_json: bool,
    seconds: float,
    seed: int,
    language: Language = "en",
) -> tuple[WeekProblem, Allocation]:
    """A week, its visits on the days planned, with the allocation of its plan or one made for it."""
    if plan_file is not None:
        from logistics.solver.advise import as_planned

        problem, plan = planned(folder, plan_file, as_json, language)
        return as_planned(problem, plan.allocation), plan.allocation
    from logistics.solver.advise import eligible_of, quickest
    from logistics.solver.allocation import Effort, allocate
    from logistics.solver.visit_days import with_visit_days
    from logistics.solver.visits import visit_cuts

    problem, _ = week_or_stop(folder, as_json, language)
    travel = quickest(problem)
    problem = with_visit_days(problem, travel)
    made = allocate(
        problem,
        travel,
        eligible_of(problem),
        visit_cuts(problem, travel),
        seconds=min(seconds / 2, ALLOCATE_S),
        seed=seed,
        effort=Effort.QUICK,
    )
    return problem, made.allocation
