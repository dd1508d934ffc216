"""Rounds of planning when the search for routes has bad luck.

Two homes are visited on Wednesday and share four packs of rice: A, who wants three, has two, and B two,
which is all B wants. The routes of the first round carry everything. In the round after it the router
finds no way to B: once, or every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pytest

from logistics.model.problem import WeekProblem
from logistics.model.units import MINUTE_S
from logistics.solver import rounds
from logistics.solver.days import DayRouter
from logistics.solver.rounds import Limits, Rounds
from logistics.solver.routing import DayJobs, DayResult, Dropped
from logistics.travel import measure
from tests import weeks
from tests.weeks import at

PROBE = 1
"""Routing calls of the first round: nothing was left out of it, so that there is no second try."""


class Unlucky(DayRouter):
    """Finds no way to B in some of its calls, counted from 1."""

    def __init__(self, problem: WeekProblem, fails: Callable[[int], bool]) -> None:
        super().__init__(problem, measure(problem, problem.places).legs, 1)
        self.calls, self._fails = 0, fails

    def route(
        self,
        days: Sequence[DayJobs],
        seconds: float,
        progress: Callable[[str], None],
        beside: Iterable[DayResult] = (),
    ) -> list[DayResult]:
        self.calls += 1
        results = super().route(days, seconds, progress, beside)
        if not self._fails(self.calls):
            return results
        return [without_b(day, one) for day, one in zip(days, results, strict=True)]


def without_b(day: DayJobs, result: DayResult) -> DayResult:
    lost = [job for job in day.deliveries if job.call.place_id == "B"]
    dropped = tuple(Dropped(job.id, False, "bad luck") for job in lost)
    return replace(result, dropped=dropped) if dropped else result


def two_homes() -> WeekProblem:
    homes = [
        weeks.visited(name, n, at(2, 9), at(2, 12), 5 * MINUTE_S)
        for name, n in (("A", 3), ("B", 2))
    ]
    return weeks.week(
        lots=[weeks.lot("L1", 4)],
        households=homes,
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(2, 8), at(2, 12)),),
        legs=weeks.road({"HUB": 0, "A": 10, "B": 20}),
    )


def received(problem: WeekProblem, router: Unlucky) -> dict[str, int]:
    limits = Limits(seconds=6.0, seed=1)
    running = Rounds(problem, measure(problem, problem.places), limits, None, "en", lambda _: None)
    with router:
        found = running.run(router)
    assert found.is_driven
    return {each.household_id: int(each.received) for each in found.allocated.allocation.fill}


def test_a_day_that_leaves_somebody_out_is_routed_once_more() -> None:
    problem = two_homes()
    router = Unlucky(problem, lambda call: call == PROBE + 1)
    assert received(problem, router) == {"A": 2, "B": 2}
    assert router.calls == PROBE + 2


def test_nobody_loses_what_an_earlier_round_could_drive() -> None:
    """Without the plan of the first round, B would be taken out of it."""
    problem = two_homes()
    assert received(problem, Unlucky(problem, lambda call: call > PROBE)) == {"A": 2, "B": 2}


def test_without_such_a_round_what_is_not_driven_goes_to_whoever_is_visited_anyway(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "ROUNDS", 1)  # one probe only, and it fails
    problem = two_homes()
    assert received(problem, Unlucky(problem, lambda _: True)) == {"A": 3, "B": 0}
