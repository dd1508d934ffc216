"""The book without a database: the same pure verbs over plain lists, one list a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from logistics.inventory import (
    Entry,
    Goods,
    Known,
    Listing,
    Outcome,
    Reservation,
    UnderWay,
    accept,
    arrivals,
    book_outcomes,
    fold,
    promise,
    promise_anew,
    retold,
)
from logistics.model.errors import errors_in
from logistics.model.plan import Plan
from logistics.model.problem import WeekProblem
from tests.inventory.world import NOW


class MemoryBook:
    """A book in memory."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.goods: dict[str, Goods] = {}
        self.listed: dict[date, dict[str, Listing]] = {}
        self.promised: dict[date, list[Reservation]] = {}
        self.told: dict[str, int | None] = {}
        self.imports = 0

    def import_week(self, problem: WeekProblem, *, recount: bool = False) -> list[str]:
        """Codes of the findings; errors leave the book as it was."""
        known = self._known(problem)
        self.imports += 1
        cause = f"count:{self.imports}"
        result = arrivals(problem, known, recount=recount, cause=cause, now=NOW)
        if not errors_in(result.findings):
            self.goods |= {goods.id: goods for goods in result.goods}
            self.listed[problem.week_start] = {each.lot_id: each for each in result.listings}
            self.entries += result.entries
        return [finding.code for finding in result.findings]

    def publish(self, problem: WeekProblem, plan: Plan, under_way: UnderWay | None = None) -> None:
        """Reserve a plan; raises as the store's verb does."""
        accept(under_way.week if under_way else problem, plan, ())
        earlier = self.promised.setdefault(problem.week_start, [])
        name = f"{problem.week_start}#{len(self.entries)}"
        balance = fold(self.entries)
        if under_way is None:
            made, entries = promise(problem, plan, balance, earlier, name, NOW)
        else:
            made, entries = promise_anew(
                problem, plan, under_way, self.entries, balance, earlier, name, NOW
            )
        earlier += made
        self.entries += entries

    def record(self, outcomes: Sequence[Outcome]) -> list[str]:
        """Codes of the findings; errors leave the book as it was."""
        result = book_outcomes(
            retold(outcomes, self.entries),
            [each for week in self.promised.values() for each in week],
            fold(self.entries),
            self.told,
            frozenset({"HUB", "T1"}),
            NOW,
        )
        self.entries += result.entries
        self.told |= {outcome.id: outcome.units for outcome, _ in result.settled}
        return [finding.code for finding in result.findings]

    def _known(self, problem: WeekProblem) -> Known:
        balance = fold(self.entries)
        others = [lots for start, lots in self.listed.items() if start != problem.week_start]
        return Known(
            goods=self.goods,
            listed=self.listed.get(problem.week_start, {}),
            elsewhere=frozenset(lot_id for lots in others for lot_id in lots),
            entries=tuple(self.entries),
            open=tuple(
                each for week in self.promised.values() for each in week if each.id in balance.open
            ),
            balance=balance,
        )
