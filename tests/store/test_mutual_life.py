"""Offers, agreements, transfers and withdrawals in random order, beside a naive oracle."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logistics import store
from logistics.inventory.acts import ActRefused
from logistics.inventory.mutual import Match
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from logistics.store import helping, mutual, transfers
from tests.inventory import world
from tests.inventory.world import NOW

UNITS, DAY = 20, date(2026, 11, 26)
STEP = st.tuples(
    st.sampled_from(("offer", "agree", "agree", "move", "move", "withdraw")),
    st.integers(0, 5),
    st.integers(1, 9),
)


@dataclass
class Plain:
    """What ought to be, in plain numbers: offers [units, moved, gone], agreements [offer, open, gone],
    transfers [offer, units, what it settled, undone]. One lot, at HUB and T1; one need, endless."""

    there: int = UNITS
    brought: int = 0
    offers: dict[str, list[int]] = field(default_factory=dict)
    kept: dict[str, list[object]] = field(default_factory=dict)
    moves: dict[str, list[object]] = field(default_factory=dict)

    def free(self) -> int:
        return self.there - sum(int(n) for _, n, _ in self.kept.values())  # type: ignore[call-overload]

    def own(self, offer: str) -> int:
        return sum(int(n) for o, n, _ in self.kept.values() if o == offer)  # type: ignore[call-overload]

    def open(self, offer: str) -> int:
        units, moved, _ = self.offers[offer]
        return max(0, min(units - moved - self.own(offer), self.free()))


class Life:
    """The book and the oracle, told the same."""

    def __init__(self, url: str) -> None:
        self.engine, self.plain = store.init_book(url), Plain()
        store.import_week(self.engine, world.week([world.lot("RICE", UNITS)]), now=NOW)
        mutual.need(self.engine, "T1", None, 10_000, DAY, now=NOW)

    def offer(self, units: int) -> None:
        plain = self.plain
        wanted = plain.free() >= units and not any(
            plain.open(name) for name, (_, _, gone) in plain.offers.items() if not gone
        )
        try:
            name = mutual.offer(self.engine, "HUB", "RICE", units, DAY, now=NOW).id
        except (ActRefused, LookupError):
            assert not wanted
            return
        assert wanted
        plain.offers[name] = [units, 0, 0]

    def agree(self, offer: str, units: int) -> None:
        plain = self.plain
        wanted = not plain.offers[offer][2] and units <= plain.open(offer)
        done, _ = transfers.agree(
            self.engine, [Match(offer, "N1", units)], DEFAULT_MARGIN_DAYS, now=NOW
        )
        assert bool(done) == wanted
        for name in done:
            plain.kept[name] = [offer, units, False]

    def move(self, offer: str, units: int) -> None:
        plain = self.plain
        given, moved, gone = plain.offers[offer]
        most = min(given - moved, plain.free() + plain.own(offer))
        name, _ = transfers.transfer(
            self.engine, Match(offer, "N1", units), DEFAULT_MARGIN_DAYS, now=NOW
        )
        assert bool(name) == (not gone and units <= most)
        if not name:
            return
        left, settled = units, {}
        for key, one in plain.kept.items():
            if one[0] == offer:
                settled[key] = min(left, int(one[1]))  # type: ignore[call-overload]
                one[1] = int(one[1]) - settled[key]  # type: ignore[call-overload]
                left -= settled[key]
        plain.offers[offer][1] += units
        plain.there, plain.brought = plain.there - units, plain.brought + units
        plain.moves[name] = [offer, units, settled, False]

    def withdraw(self, name: str) -> None:
        plain = self.plain
        done = mutual.withdraw(self.engine, name, now=NOW)
        if name in plain.offers:
            assert done == (not plain.offers[name][2])
            plain.offers[name][2] = 1
            if done:
                for one in plain.kept.values():
                    one[1] = 0 if one[0] == name else one[1]
        elif name in plain.kept:
            assert done == bool(plain.kept[name][1])
            plain.kept[name][1:] = [0, done or plain.kept[name][2]]
        else:
            offer, units, settled, undone = plain.moves[name]
            assert done == (not undone)
            if done:
                plain.moves[name][3] = True
                plain.offers[offer][1] -= units  # type: ignore[index, operator]
                plain.there, plain.brought = plain.there + units, plain.brought - units  # type: ignore[operator]
                for key, n in settled.items():  # type: ignore[attr-defined]
                    gone = plain.kept[key][2] or plain.offers[offer][2]  # type: ignore[index]
                    plain.kept[key][1] += 0 if gone else n  # type: ignore[operator]

    def same(self) -> None:
        found, plain = helping.open_help(self.engine, NOW), self.plain
        stands = {key[1]: units for key, units in found.on_hand.items()}
        assert (stands.get("HUB", 0), stands.get("T1", 0)) == (plain.there, plain.brought)
        assert {each.id for each in found.stand.offers} == {
            name for name, (_, _, gone) in plain.offers.items() if not gone
        }
        for each in found.stand.offers:
            assert found.stand.open_units[each.id] == plain.open(each.id), each


def live(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        life = Life(f"sqlite:///{Path(folder)}/book.db")
        for verb, which, units in steps:
            plain = life.plain
            if verb == "offer" or not plain.offers:
                life.offer(units + 5)
            elif verb == "withdraw":
                names = [*plain.offers, *plain.kept, *plain.moves]
                life.withdraw(names[-1 - which % len(names)])
            else:
                offers = list(plain.offers)
                getattr(life, verb)(offers[-1 - which % 2 % len(offers)], units)
            life.same()
        assert store.audit(life.engine, now=NOW + timedelta(hours=1)).findings == ()
        life.engine.dispose()


@given(st.lists(STEP, min_size=6, max_size=14))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_lives_of_mutual_help(steps: list[tuple[str, int, int]]) -> None:
    live(steps)


def test_a_book_that_forgets_its_agreements_drifts() -> None:
    steps = [("offer", 0, 5), ("agree", 0, 6), ("agree", 0, 6)]
    live(steps)
    with (
        patch.object(helping, "_agreements", lambda _connection: ()),
        pytest.raises(AssertionError),
    ):
        live([*steps, ("withdraw", 0, 1), ("move", 0, 9), ("move", 0, 9)])
