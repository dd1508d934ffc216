"""A state machine that lives with a book for some weeks beside a naive oracle of plain numbers.

The oracle knows only totals: where each lot's units stand and how many of each line are open. It
shares no code with the book, so both must come to the same numbers by different roads.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from logistics.inventory import Entry, Outcome, OutcomeKind, fold, violations
from logistics.model.errors import BookMoved
from logistics.model.problem import WeekProblem
from tests.inventory import world

LOTS = ("L1", "L2")
SESSIONS = ("V", "W", None)
PICK = st.tuples(
    st.sampled_from(world.HOUSEHOLDS),
    st.sampled_from(LOTS),
    st.sampled_from(SESSIONS),
    st.integers(1, 4),
).map(lambda line: ("D", *line[1:]) if line[2] is None else line)


class BookLife(RuleBasedStateMachine):
    """Imports, publications and outcomes in any order; `book` is what is tested."""

    @abstractmethod
    def open_book(self) -> Any:
        """A new book with `import_week`, `publish`, `record` and `entries`."""

    @abstractmethod
    def entries(self) -> Sequence[Entry]:
        """All entries of the book."""

    @initialize()
    def begin(self) -> None:
        self.book = self.open_book()
        self.at: dict[str, Counter[str]] = {name: Counter() for name in LOTS}  # lot -> place
        self.open: dict[int, Counter[Any]] = defaultdict(Counter)  # week -> line
        self.weeks: dict[int, WeekProblem] = {}
        self.received: set[str] = set()
        self.notes = 0

    def reserved(self, name: str) -> int:
        return sum(
            n for lines in self.open.values() for line, n in lines.items() if line[1] == name
        )

    @rule(later=st.integers(0, 2), off=st.sampled_from((0, 0, 0, -2, 1)), recount=st.booleans())
    def import_week(self, later: int, off: int, recount: bool) -> None:
        counted = {
            name: max(0, self.at[name]["HUB"] + off) if name in self.received else start
            for name, start in zip(LOTS, (10, 6), strict=True)
        }
        problem = world.week([world.lot(name, n) for name, n in counted.items()], later)
        before = self.weeks.get(later)
        told = {} if before is None else {name: item.units for name, item in before.lots.items()}
        moved = [
            name
            for name, n in counted.items()
            if name in self.received and told.get(name) != n and n != self.at[name]["HUB"]
        ]
        codes = self.book.import_week(problem, recount=recount)
        if moved and not recount:
            assert set(codes) == {"count_differs"}
            return
        assert set(codes) <= {"reservations_released"}
        for name in moved:
            if counted[name] < self.reserved(name):
                for lines in self.open.values():
                    for line in [line for line in lines if line[1] == name]:
                        del lines[line]
            self.at[name]["lost"] += self.at[name]["HUB"] - counted[name]
            self.at[name]["HUB"] = counted[name]
        for name in set(LOTS) - self.received:
            self.at[name]["HUB"] = counted[name]
        self.received |= set(LOTS)
        self.weeks[later] = problem

    @precondition(lambda self: self.weeks)
    @rule(data=st.data(), picks=st.lists(PICK, min_size=1, max_size=5))
    def publish(self, data: st.DataObject, picks: list[tuple[str, str, str | None, int]]) -> None:
        later = data.draw(st.sampled_from(sorted(self.weeks)))
        problem = self.weeks[later]
        lines: Counter[Any] = Counter()
        for who, what, where, units in picks:
            lines[who, what, where] += units
        wanted = Counter(dict.fromkeys(LOTS, 0))
        for (_, what, _), units in lines.items():
            wanted[what] += units
        others = {
            name: self.reserved(name)
            - sum(n for line, n in self.open[later].items() if line[1] == name)
            for name in LOTS
        }
        stale = any(problem.lots[name].units != self.at[name]["HUB"] for name in LOTS)
        short = any(wanted[name] > self.at[name]["HUB"] - others[name] for name in LOTS)
        if any(wanted[name] > problem.lots[name].units for name in LOTS):
            return  # no judge would let such a plan pass
        proposal = world.plan(problem, [(*line, units) for line, units in lines.items()])
        if stale or short:
            with pytest.raises(BookMoved):
                self.book.publish(problem, proposal)
            return
        self.book.publish(problem, proposal)
        self.open[later] = lines

    @precondition(lambda self: any(+lines for lines in self.open.values()))
    @rule(
        data=st.data(),
        kind=st.sampled_from(list(OutcomeKind)),
        units=st.integers(1, 5),
        twice=st.booleans(),
    )
    def record(self, data: st.DataObject, kind: OutcomeKind, units: int, twice: bool) -> None:
        choices = [
            (w, line) for w, lines in sorted(self.open.items()) for line in sorted(lines, key=str)
        ]
        later, line = data.draw(st.sampled_from(choices))
        who, name, where = line
        self.notes += 1
        outcome = Outcome(
            who,
            name,
            where,
            world.MONDAY + timedelta(weeks=later, days=world.WED),
            kind,
            units,
            datetime(2026, 11, 25, 17) + timedelta(minutes=self.notes),
            to_site_id="T1" if kind is OutcomeKind.RETURNED else "",
            reason="torn" if kind is OutcomeKind.WASTED else "",
        )
        codes = self.book.record([outcome])
        if units > self.open[later][line]:
            assert codes == ["more_than_reserved"]
            return
        assert codes == []
        self.settle(later, line, kind, units)
        if twice:
            assert self.book.record([outcome, outcome]) == []

    def settle(
        self, later: int, line: tuple[str, str, str | None], kind: OutcomeKind, n: int
    ) -> None:
        """What an outcome does to the plain numbers."""
        who, name, where = line
        rest_at = "T1" if where == "W" else "HUB"
        lines, place = self.open[later], self.at[name]
        done = lines[line] if kind is OutcomeKind.PARTLY else n
        place["HUB"] -= done
        place[rest_at] += done - n
        to = {
            OutcomeKind.NOT_HOME: rest_at,
            OutcomeKind.RETURNED: "T1",
            OutcomeKind.WASTED: "waste",
        }.get(kind, who)
        place[to] += n
        lines[line] -= done
        if not lines[line]:
            del lines[line]

    @invariant()
    def book_and_oracle_agree(self) -> None:
        balance = fold(self.entries())
        assert violations(balance) == []
        for name in LOTS:
            found = Counter(
                {
                    "lost" if account.id == "count" else account.id: units
                    for (lot_id, account), units in balance.units.items()
                    if lot_id == name and account.id != "GIVER"
                }
            )
            assert found == Counter({place: n for place, n in self.at[name].items() if n})
            reserved = sum(n for (lot_id, _), n in balance.reserved.items() if lot_id == name)
            assert reserved == self.reserved(name)
