"""Calls that a car makes, and options that need none but those."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from logistics.model.plan import Line
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation.after.aims import calls_of
from logistics.solver.eligible import Eligibility, Option
from logistics.solver.ways import WayKind


def without_new_calls(
    problem: WeekProblem,
    travel: Travel,
    eligible: Eligibility,
    same: Iterable[Line],
    lost: Collection[str] = (),
) -> Eligibility:
    """Options without those that need a call of their own beside those of some lines.

    What is free is handed out where a car calls anyway; a new call is made only for those who have
    `lost` something.
    """
    promised = {(line.household_id, line.lot_id, line.session_id) for line in same}
    calls = {option: _calls(problem, travel, option) for option in eligible.options}
    made = {
        call
        for option, needed in calls.items()
        if (option.household_id, option.lot_id, option.session_id) in promised
        for call in needed
    }
    near = tuple(
        option
        for option in eligible.options
        if option.household_id in lost or calls[option] <= made
    )
    return Eligibility(near, eligible.refusals)


def _calls(problem: WeekProblem, travel: Travel, option: Option) -> set[tuple[str, str, int]]:
    """Calls that an option needs: hub, place, day; one driven straight needs both on one trip."""
    calls = set(calls_of(problem, travel, option))
    if option.way.kind is WayKind.STRAIGHT:
        calls.add((option.lot_id, option.session_id or option.household_id, option.way.day))
    return calls
