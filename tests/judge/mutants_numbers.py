"""Faults in reported numbers, levels and claims (sections 6 and 7 of the rules)."""

from __future__ import annotations

from fractions import Fraction

from logistics.model.plan import (
    Fate,
    Fill,
    Leftover,
    Status,
    Unmet,
)
from tests.judge.edits import (
    allocation,
    append,
    chain,
    drop,
    metrics,
    plan,
    row,
    stage,
)
from tests.judge.mutant import held, mutant

NUMBERS = [
    mutant("other data", plan(problem_digest="sha256:other"), "digest"),
    mutant("A is not in fill", drop("fill", 0), "fill_rows"),
    mutant(
        "E is in fill",
        append("fill", Fill("E", 0, Fraction(0), 0, Fraction(0), Fraction(1), Fraction(0))),
        "fill_rows",
    ),
    mutant(
        "F is twice in fill",
        lambda week: append("fill", week.plan.allocation.fill[4])(week),
        "fill_rows",
    ),
    mutant(
        "a lavish week counts in full", row("fill", 1, past_received=Fraction(10)), "fill_numbers"
    ),
    mutant("a level without its weight", row("fill", 3, level=Fraction(1)), "fill_numbers"),
    mutant("nobody is short", drop("unmet", 0), "unmet_rows"),
    mutant("A is short", append("unmet", Unmet("A", Fraction(1), ())), "unmet_rows"),
    mutant("short of 2", row("unmet", 0, meals_short=Fraction(2)), "unmet_numbers"),
    mutant("rice vanishes", drop("leftover", 0), "leftover_rows"),
    mutant(
        "no cracker is left",
        append("leftover", Leftover("CRACKER", "HUB", 0, Fate.KEEP)),
        "leftover_rows",
    ),
    mutant("held rice forgotten", row("leftover", 0, units=11), "leftover_numbers"),
    mutant("milk keeps", row("leftover", 2, fate=Fate.KEEP), "leftover_numbers"),
    mutant("a meal more", metrics(meals_given=Fraction(28)), "metrics"),
    mutant("a fill not rounded", metrics(fill_mean=23 / 24), "metrics"),
    mutant("no waste", metrics(waste_kg=0.0), "metrics"),
]

LEVELS = [
    mutant("a proof of faith", row("levels", 2, proof="faith"), "level_stage"),
    mutant("a stage of its own", row("levels", 2, stage="third"), "level_stage", "level_rows"),
    mutant("C stands nowhere", drop("levels", 2), "level_rows"),
    mutant("E has a level", row("levels", 1, household_ids=("D", "E", "F")), "level_rows"),
    mutant("D twice", row("levels", 1, household_ids=("D", "D", "F")), "level_rows"),
    mutant(
        "highest first",
        lambda week: allocation(
            levels=(week.plan.allocation.levels[0], *reversed(week.plan.allocation.levels[1:]))
        )(week),
        "level_order",
    ),
    mutant(
        "C at 4/5",
        row("levels", 2, level=Fraction(4, 5), upper_bound=Fraction(4, 5)),
        "level_value",
    ),
    mutant("a bound below", row("levels", 2, upper_bound=Fraction(4, 5)), "bound_below_level"),
    mutant("nothing is scarce", held(), "level_unexplained"),
    mutant(
        "the van is to blame",
        chain(
            allocation(status=Status.FEASIBLE),
            row("cuts", 0, proven=False),
            held(vehicle_ids=("VAN",)),
        ),
        "held_by_unproven",
    ),
    mutant("optimal on a hunch", row("cuts", 0, proven=False), "status_claim"),
    mutant("optimal below the bound", row("levels", 2, upper_bound=Fraction(1)), "status_claim"),
    mutant("no gap", stage(2, gap=0.0), "stage_gap"),
    mutant("a gap out of nothing", stage(1, gap=0.0), "stage_gap"),
    mutant("a gap of NaN", stage(2, gap=float("nan")), "stage_gap"),
    mutant("optimal with a gap", stage(2, status=Status.OPTIMAL), "stage_status"),
    mutant("done before it began", stage(0, runtime_s=-1.0), "stage_status"),
]
