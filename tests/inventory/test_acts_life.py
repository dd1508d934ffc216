"""Random days of acts with goods beside an oracle of plain numbers that shares no code with the book.

The oracle knows units by (lot, place), grams of a unit by lot, promises and holds. What it thinks
impossible must be refused, everything else must be booked; then all numbers must be equal.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from logistics.inventory import Entry, Goods, Kind, acts, changes, fold, goods_of, violations
from logistics.inventory.acts import Act, ActRefused
from logistics.inventory.balance import Balance
from logistics.inventory.entries import AccountKind, donor, site
from logistics.inventory.promises import NotFree, direct, promised, released, settled
from logistics.inventory.reservation import Reservation
from logistics.inventory.reversal import reverse
from tests.inventory import world
from tests.inventory.world import NOW

SITES = ("HUB", "T1")
UNITS = st.integers(1, 6)
PLACE = st.sampled_from(SITES)


@dataclass
class Done:
    """What the oracle remembers of an act: the changes of its numbers and the lot it made, if any."""

    id: str
    moved: Counter[tuple[str, str]]
    made: str = ""
    undone: bool = False


class ActsLife(RuleBasedStateMachine):
    """Moves, discards, holds, changes, promises and reversals in any order."""

    @initialize(first=st.integers(1, 20), second=st.integers(1, 20))
    def begin(self, first: int, second: int) -> None:
        self.entries: list[Entry] = []
        self.goods: dict[str, Goods] = {}
        self.reservations: dict[str, Reservation] = {}
        self.clock = NOW
        # The oracle: units by lot and place, grams of a unit, promises (lot, site, units), holds.
        self.units: Counter[tuple[str, str]] = Counter()
        self.grams: dict[str, int] = {}
        self.promises: dict[str, tuple[str, str, int]] = {}
        self.holds: dict[str, str] = {}
        self.acts: list[Done] = []
        self.received_g = self.lost_g = 0
        for name, units in (("L1", first), ("L2", second)):
            lot = world.lot(name, units, item="rice")
            self.goods[name] = goods_of(lot, world.week([lot]))
            ends = donor("GIVER"), site("HUB")
            entry = Entry(f"receive:{name}", Kind.RECEIVE, name, *ends, units, NOW, NOW)
            self.entries.append(entry)
            self.grams[name] = 500
            self.received_g += 500 * units
            self.note(Done(entry.id, Counter({(name, "HUB"): units})))

    # -- what the oracle works with ----------------------------------------------------------------

    def note(self, done: Done) -> None:
        self.units.update(done.moved)
        self.acts.append(done)

    def act(self, name: str) -> Act:
        self.clock += timedelta(minutes=1)
        return Act(f"{name}:{len(self.entries)}", self.clock, self.clock, "why")

    def balance(self) -> Balance:
        return fold(self.entries)

    def free(self, lot: str, place: str) -> int:
        asked = sum(n for at, where, n in self.promises.values() if (at, where) == (lot, place))
        return self.units[lot, place] - asked

    def held(self, lot: str) -> bool:
        return lot in self.holds.values()

    def lots(self) -> st.SearchStrategy[str]:
        return st.sampled_from(sorted(self.grams))

    def tried(self, possible: bool, work: Any) -> Any:
        """The answer of an act that the oracle thinks possible; else it must be refused."""
        if possible:
            return work()
        with pytest.raises((ActRefused, NotFree)):
            work()
        return None

    # -- acts --------------------------------------------------------------------------------------

    @rule(data=st.data(), units=UNITS, here=PLACE, there=PLACE)
    def move(self, data: st.DataObject, units: int, here: str, there: str) -> None:
        lot, act = data.draw(self.lots()), self.act("move")
        possible = here != there and units <= self.free(lot, here)
        made = self.tried(possible, lambda: acts.move(self.balance(), act, lot, here, there, units))
        if made is not None:
            self.entries += made
            self.note(Done(act.id, Counter({(lot, here): -units, (lot, there): units})))

    @rule(data=st.data(), units=UNITS, here=PLACE)
    def discard(self, data: st.DataObject, units: int, here: str) -> None:
        lot, act = data.draw(self.lots()), self.act("discard")
        possible = units <= self.free(lot, here)
        made = self.tried(possible, lambda: acts.discard(self.balance(), act, lot, here, units))
        if made is not None:
            self.entries += made
            self.note(Done(act.id, Counter({(lot, here): -units, (lot, "waste"): units})))

    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        lot, act = data.draw(self.lots()), self.act("hold")
        self.entries += acts.hold(act, lot)
        self.holds[act.id] = lot

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def unhold(self, data: st.DataObject) -> None:
        hold_id = data.draw(st.sampled_from(sorted(self.holds)))
        self.entries += acts.unhold(self.balance(), self.act("unhold"), hold_id)
        del self.holds[hold_id]
        with pytest.raises(ActRefused):
            acts.unhold(self.balance(), self.act("unhold"), hold_id)

    @rule(data=st.data(), units=UNITS, here=PLACE)
    def split(self, data: st.DataObject, units: int, here: str) -> None:
        lot, act, new = data.draw(self.lots()), self.act("split"), f"N{len(self.entries)}"
        possible = units <= self.free(lot, here) and not self.held(lot)
        made = self.tried(
            possible,
            lambda: changes.split(self.balance(), act, self.goods[lot], here, units, new),
        )
        self.changed(made, act, {lot: units}, here, 0)

    @rule(data=st.data(), here=PLACE, units=st.tuples(UNITS, UNITS))
    def merge(self, data: st.DataObject, here: str, units: tuple[int, int]) -> None:
        names = data.draw(st.lists(self.lots(), min_size=2, max_size=2, unique=True))
        act, new = self.act("merge"), f"N{len(self.entries)}"
        took = dict(zip(names, units, strict=True))
        possible = all(n <= self.free(lot, here) and not self.held(lot) for lot, n in took.items())
        possible = possible and len({self.grams[lot] for lot in took}) == 1
        parts = [(self.goods[lot], n) for lot, n in took.items()]
        made = self.tried(
            possible, lambda: changes.merge(self.balance(), act, parts, here, new, "GIVER")
        )
        self.changed(made, act, took, here, 0)

    @rule(data=st.data(), units=UNITS, here=PLACE, size=st.sampled_from((70, 100, 250, 900)))
    def repack(self, data: st.DataObject, units: int, here: str, size: int) -> None:
        lot, act, new = data.draw(self.lots()), self.act("repack"), f"N{len(self.entries)}"
        mass = units * self.grams[lot]
        bags = mass // size + data.draw(st.sampled_from((0, 0, 0, 1)))
        loss = mass - bags * size
        possible = units <= self.free(lot, here) and not self.held(lot) and loss >= 0 and bags > 0

        def work() -> changes.Change:
            lot_goods, out = self.goods[lot], max(bags, 0)
            return changes.repack(
                self.balance(), act, lot_goods, here, units, new, out, size, loss_g=max(loss, 0)
            )

        self.changed(self.tried(possible, work), act, {lot: units}, here, loss)

    def changed(
        self, made: changes.Change | None, act: Act, took: dict[str, int], here: str, loss: int
    ) -> None:
        if made is None:
            return
        self.entries += made.entries
        self.goods[made.goods.id] = made.goods
        self.grams[made.goods.id] = made.goods.unit_g
        moved = Counter({(lot, here): -n for lot, n in took.items()})
        mass = sum(n * self.grams[lot] for lot, n in took.items()) - loss
        moved[made.goods.id, here] = mass // made.goods.unit_g
        self.note(Done(act.id, moved, made.goods.id))

    @rule(data=st.data(), units=UNITS, here=PLACE, to=st.sampled_from(("A", "T1")))
    def reserve(self, data: st.DataObject, units: int, here: str, to: str) -> None:
        lot, key = data.draw(self.lots()), f"R{len(self.reservations)}"
        there = {"to_site_id": to} if to == "T1" else {"household_id": to}
        if here == to:
            return
        self.clock += timedelta(minutes=1)
        reservation = direct(key, lot, here, units, day=NOW.date(), now=self.clock, **there)  # type: ignore[arg-type]
        possible = units <= self.free(lot, here) and not self.held(lot)
        made = self.tried(
            possible,
            lambda: promised(reservation, self.goods[lot], self.balance(), (), self.clock),
        )
        if made is not None:
            self.entries += made
            self.reservations[key] = reservation
            self.promises[key] = (lot, here, units)

    @precondition(lambda self: self.promises)
    @rule(data=st.data(), part=UNITS, go=st.booleans())
    def end_promise(self, data: st.DataObject, part: int, go: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.promises)))
        lot, here, units = self.promises[key]
        reservation, done = self.reservations[key], min(part, units)
        if go and self.held(lot):
            return  # handing out from a held lot: tests of outcomes
        self.clock += timedelta(minutes=1)
        number = len(self.entries)
        if go:
            made = settled(reservation, done, self.balance(), number, self.clock)
            self.entries += made
            moved = Counter({(lot, here): -done, (lot, reservation.recipient.id): done})
            self.units.update(moved)
        else:
            balance = self.balance()
            self.entries.append(released(reservation, done, balance, number, "", self.clock))
        self.promises.pop(key)
        if done < units:
            self.promises[key] = (lot, here, units - done)

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        done = data.draw(st.sampled_from(self.acts))
        back = Counter({key: -n for key, n in done.moved.items()})
        after = Counter(self.units)
        after.update(back)
        lawful = all(
            after[lot, place] - self.units[lot, place] + self.free(lot, place) >= 0
            for lot, place in back
            if place in SITES
        )
        touched = done.made and self.touched(done.made)
        possible = not done.undone and lawful and not touched
        act = self.act("undo")
        made = self.tried(possible, lambda: reverse(self.entries, done.id, act))
        if made is not None:
            self.entries += made
            self.units.update(back)
            done.undone = True

    def touched(self, lot: str) -> bool:
        """Whether anything has happened to a made lot that still stands."""
        moved = any(
            (lot, place) in each.moved and each.made != lot and not each.undone
            for each in self.acts
            for place in (*SITES, "waste")
        )
        promised_ever = any(each.lot_id == lot for each in self.reservations.values())
        return moved or promised_ever or self.held(lot)

    @invariant()
    def book_and_oracle_agree(self) -> None:
        balance = fold(self.entries)
        assert violations(balance) == []
        assert changes.change_findings(self.entries, self.goods) == []
        outer = (AccountKind.DONOR, AccountKind.CHANGE)
        found = {
            (lot, account.id): n
            for (lot, account), n in balance.units.items()
            if account.kind not in outer
        }
        assert found == {key: n for key, n in self.units.items() if n}
        reserved: Counter[tuple[str, str]] = Counter()
        for lot, place, n in self.promises.values():
            reserved[lot, place] += n
        assert {(lot, at.id): n for (lot, at), n in balance.reserved.items()} == dict(reserved)
        assert {key: lot for key, (lot, _) in balance.holds.items()} == self.holds
        # No gram drifts: given = standing or gone + lost in changes.
        given = sum(
            -n * self.grams[lot] for (lot, at), n in balance.units.items() if at == donor("GIVER")
        )
        standing = sum(n * self.grams[lot] for (lot, _), n in self.units.items())
        lost = sum(changes.losses(self.entries, self.goods).values())
        assert given == standing + lost


LIFE = settings(
    max_examples=120,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestActsLife = ActsLife.TestCase
TestActsLife.settings = LIFE

UNSHRUNK = settings(
    LIFE, database=None, phases=[Phase.generate], max_examples=2000, derandomize=True
)
"""For mutants: one failure is enough, the smallest is not looked for, and luck has no part in it."""

GUARDS = [
    ("acts.refuse_more_than_free", lambda *_: None, "acts.checked", lambda _, found: tuple(found)),
    ("changes.refuse_held", lambda *_: None, "changes.checked", lambda _, found: tuple(found)),
    ("changes._refuse_other_mass", lambda *_: None, None, None),
    ("reversal._refuse_otherwise", lambda *_: None, None, None),
    ("reversal._refuse_touched", lambda *_: None, None, None),
]


@pytest.mark.parametrize(("guard", "taken_out", "second", "second_out"), GUARDS)
def test_a_book_without_a_guard_fails(
    monkeypatch: pytest.MonkeyPatch, guard: str, taken_out: Any, second: str | None, second_out: Any
) -> None:
    monkeypatch.setattr(f"logistics.inventory.{guard}", taken_out)
    if second is not None:
        monkeypatch.setattr(f"logistics.inventory.{second}", second_out)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_state_machine_as_test(ActsLife, settings=UNSHRUNK)


def test_half_a_meal_stays_half_a_meal() -> None:
    # 2 sacks of 25 kg, 100 meals each -> 100 bags of 500 g: 100 * 500 / 25000 = 2 meals a bag
    lot = world.lot("SACK", 2, unit_g=25_000, unit_meals=Fraction(100))
    goods = goods_of(lot, world.week([lot]))
    start = fold([Entry("r", Kind.RECEIVE, "SACK", donor("GIVER"), site("HUB"), 2, NOW, NOW)])
    made = changes.repack(start, Act("repack:BAG", NOW, NOW), goods, "HUB", 2, "BAG", 100, 500)
    assert (made.goods.unit_meals, made.goods.unit_g, made.units, made.loss_g) == (2, 500, 100, 0)
