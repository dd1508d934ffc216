"""A recall finds every unit of a lot and of all that was made of it, as a plain walk does."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from logistics.inventory import Entry, Goods, Haul, Kind, Passage, Reservation
from logistics.inventory import recall as module
from logistics.inventory.ancestry import Ancestry, ancestry, origins
from logistics.inventory.clock import JAPAN
from logistics.inventory.entries import WASTE, Account, change, donor, household, site, vehicle
from logistics.inventory.goods import goods_of
from logistics.inventory.recall import recall
from logistics.model.errors import NotFound
from tests.inventory import world

T0 = datetime(2026, 11, 23, tzinfo=UTC)
HUB = site("HUB")


class Scribe:
    """Writes entries one a minute; knows goods by their grams."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.goods: dict[str, Goods] = {}

    def lot(self, lot_id: str, unit_g: int = 500) -> str:
        problem = world.week([world.lot(lot_id, 1, unit_g=unit_g)])
        self.goods[lot_id] = goods_of(problem.lots[lot_id], problem)
        return lot_id

    def write(self, kind: Kind, lot: str, source: Account, target: Account, units: int) -> Entry:
        at = T0 + timedelta(minutes=len(self.entries))
        key = f"e{len(self.entries)}"
        entry = Entry(key, kind, lot, source, target, units, at, at)
        self.entries.append(entry)
        return entry

    def undo(self, entry: Entry) -> None:
        self.entries.append(
            replace(
                entry,
                id=f"undo:{entry.id}",
                kind=Kind.REVERSAL,
                source=entry.target,
                target=entry.source,
                reverses=entry.id,
            )
        )

    def recall(self, lot_id: str, *, siblings: bool = False) -> module.Recall:
        return recall(lot_id, self.entries, self.goods, (), T0, siblings=siblings)


def sack() -> Scribe:
    """A sack of 10 x 500 g; 4 of them become 8 bags of 250 g, of which A gets 3 and 1 is thrown away;
    of what is left of the sack 2 are on the van. RICE from another donor is merged with 2 bags."""
    book = Scribe()
    for lot_id, unit_g in (("SACK", 500), ("BAG", 250), ("RICE", 250), ("MIX", 250)):
        book.lot(lot_id, unit_g)
    book.write(Kind.RECEIVE, "SACK", donor("FARM"), HUB, 10)
    book.write(Kind.RECEIVE, "RICE", donor("SHOP"), HUB, 6)
    book.write(Kind.REPACK, "SACK", HUB, change("c1"), 4)
    book.write(Kind.REPACK, "BAG", change("c1"), HUB, 8)
    book.write(Kind.DELIVER, "BAG", HUB, household("A"), 3)
    book.write(Kind.DISCARD, "BAG", HUB, WASTE, 1)
    book.write(Kind.LOAD, "SACK", HUB, vehicle("VAN"), 2)
    book.write(Kind.MERGE, "BAG", HUB, change("c2"), 2)
    book.write(Kind.MERGE, "RICE", HUB, change("c2"), 6)
    book.write(Kind.MERGE, "MIX", change("c2"), HUB, 8)
    book.write(Kind.DELIVER, "MIX", HUB, household("B"), 5)
    return book


def test_a_sack_its_bags_and_the_mix() -> None:
    found = sack().recall("SACK")
    assert found.lots == ("BAG", "MIX", "SACK")
    stands = {(each.id, each.lot_id): each.units for each in found.stock}
    # sack 10 - 4 - 2; bags 8 - 3 - 1 - 2; mix 8 - 5
    assert stands == {("HUB", "SACK"): 4, ("VAN", "SACK"): 2, ("HUB", "BAG"): 2, ("HUB", "MIX"): 3}
    assert [(w.household_id, w.lot_id, w.given) for w in found.warned] == [
        ("A", "BAG", 3),
        ("B", "MIX", 5),
    ]
    sums = {each.lot_id: each for each in found.sums}
    assert (sums["SACK"].came, sums["SACK"].changed, sums["SACK"].aboard) == (10, 4, 2)
    assert (sums["BAG"].came, sums["BAG"].changed, sums["BAG"].wasted) == (8, 2, 1)
    assert found.complete


def test_siblings_are_what_else_was_made_of_the_same() -> None:
    book = sack()
    assert book.recall("MIX").lots == ("MIX",)
    assert book.recall("MIX").sources == ("RICE", "SACK")
    assert book.recall("MIX", siblings=True).lots == ("BAG", "MIX", "RICE", "SACK")


def test_what_was_undone_made_nothing_and_reached_nobody() -> None:
    book = sack()
    gift, out, into = book.entries[-1], book.entries[-2], book.entries[-4]
    for entry in (gift, out, into):
        book.undo(entry)
    found = book.recall("SACK")
    assert found.lots == ("BAG", "SACK")
    assert [each.household_id for each in found.warned] == ["A"]
    with pytest.raises(NotFound, match="Lot NONE"):
        book.recall("NONE")


def test_every_gram_of_a_sack_and_what_was_mixed_in() -> None:
    book = sack()
    book.write(Kind.REPACK, "MIX", HUB, change("c3"), 3)
    book.write(Kind.REPACK, book.lot("CUP", 100), change("c3"), HUB, 7)
    mass = book.recall("SACK").mass
    # 10 x 500 g came and 6 x 250 g of rice were mixed in; 3 x 250 g became 7 x 100 g, 50 g were spilt
    assert (mass.received_g, mass.made_g, mass.mixed_in_g, mass.lost_g) == (5000, 0, 1500, 50)
    # 4 x 500 + 2 x 250 + 7 x 100 stand, 2 x 500 are on the van, A and B have 3 x 250 and 5 x 250
    assert (mass.standing_g, mass.aboard_g, mass.handed_out_g) == (3200, 1000, 2000)
    assert (mass.wasted_g, mass.missing_g, mass.came_g, mass.found_g) == (250, 0, 6500, 6500)
    # of the mix alone: 8 x 250 g were made, nothing is known of other lots
    alone = book.recall("MIX").mass
    assert (alone.received_g, alone.made_g, alone.mixed_in_g, alone.lost_g) == (0, 2000, 0, 50)
    assert alone.holds


def test_a_unit_that_nobody_names_is_not_accounted_for() -> None:
    found = sack().recall("SACK")
    assert found.complete
    assert not replace(found, warned=found.warned[1:]).complete
    assert not replace(found, mass=replace(found.mass, lost_g=1)).complete


def test_what_was_thrown_away_or_brought_back_and_days_on_the_networks_clock() -> None:
    book = Scribe()
    book.lot("L")
    book.write(Kind.RECEIVE, "L", donor("O"), HUB, 9)
    book.write(Kind.DELIVER, "L", HUB, household("A"), 1)
    wrong = book.write(Kind.DISCARD, "L", HUB, WASTE, 2)
    book.write(Kind.DISCARD, "L", HUB, WASTE, 3)
    book.write(Kind.RETURN, "L", HUB, site("T1"), 4)
    book.undo(wrong)
    late = [replace(e, effective_at=e.effective_at + timedelta(hours=20)) for e in book.entries]
    found = recall("L", late, book.goods, (), T0.astimezone(JAPAN))
    assert [(each.kind, each.place.id, each.units) for each in found.gone] == [
        (Kind.DISCARD, "HUB", 3),
        (Kind.RETURN, "T1", 4),
    ]
    # 20:00 in London is the next morning in Japan
    assert [each.day.isoformat() for each in found.warned] == ["2026-11-24"]
    assert {each.id: each.units for each in found.stock} == {"HUB": 1, "T1": 4}


def test_cars_carry_what_is_still_open_and_sites_wait_for_what_they_were_promised() -> None:
    book = Scribe()
    book.lot("L")
    book.write(Kind.RECEIVE, "L", donor("O"), HUB, 9)
    first, second = (Haul(van, "HUB", "", T0, T0 + timedelta(hours=1)) for van in ("V1", "V2"))
    ways = (Passage(3, (first,)), Passage(3, (second,)))
    home = Reservation("P/1", "D", "L", None, T0.date(), 6, "HUB", "HUB", T0, ways)
    here = (Passage(2),)
    other = Reservation("P/2", "", "L", None, T0.date(), 2, "HUB", "HUB", T0, here, to_site_id="T1")
    for promise in (home, other):
        entry = Entry(
            f"reserve:{promise.id}", Kind.RESERVE, "L", HUB, promise.recipient, promise.units, T0, T0,
            promise.id,
        )  # fmt: skip
        book.entries.append(entry)
    settled = Entry("s", Kind.SETTLE, "L", household("D"), HUB, 4, T0, T0, "P/1")
    book.entries.append(settled)
    found = recall("L", book.entries, book.goods, (home, other), T0 - timedelta(hours=1))
    # 6 - 4 = 2 are open, and the last ones go with V2
    assert [(each.vehicle_id, each.units, each.begun) for each in found.loading] == [
        ("V2", 2, False)
    ]
    assert [(each.to_site_id, each.site_id, each.units) for each in found.bound] == [
        ("T1", "HUB", 2)
    ]
    assert found.places() == ("HUB", "T1")


def test_origins_by_mass() -> None:
    book = sack()
    # the mix: 2 bags of 250 g from the farm's sack, 6 x 250 g from the shop
    parts = origins(book.entries, book.goods)["MIX"]
    assert {lot: str(part) for lot, part in parts.items()} == {"SACK": "1/4", "RICE": "3/4"}


def random_book(seed: int) -> Scribe:
    """A few lots that are split, merged and repacked at random; some changes are undone."""
    rng, book = Random(seed), Scribe()
    stock: dict[str, int] = {}
    for n in range(rng.randint(1, 4)):
        lot = book.lot(f"L{n}")
        stock[lot] = rng.randint(2, 9)
        book.write(Kind.RECEIVE, lot, donor("D"), HUB, stock[lot])
    for n in range(rng.randint(0, 10)):
        able = [lot for lot, units in stock.items() if units > 1]
        taken = rng.sample(able, min(len(able), rng.randint(1, 3)))
        if not taken:
            break
        kind = (Kind.SPLIT, Kind.REPACK)[rng.random() < 0.5] if len(taken) == 1 else Kind.MERGE
        written, total = [], 0
        for lot in taken:
            units = rng.randint(1, stock[lot] - 1)
            written.append(book.write(kind, lot, HUB, change(f"c{n}"), units))
            stock[lot] -= units
            total += units
        new = book.lot(f"N{n}")
        total -= kind is Kind.REPACK and total > 1  # a unit is spilt
        written.append(book.write(kind, new, change(f"c{n}"), HUB, total))
        if rng.random() < 0.2:
            for entry in reversed(written):
                book.undo(entry)
                if entry.target == HUB:
                    continue
                stock[entry.lot_id] += entry.units
        else:
            stock[new] = total
        lot = rng.choice(list(stock))
        if stock[lot] > 1:
            book.write(Kind.DELIVER, lot, HUB, household(f"H{n}"), 1)
            stock[lot] -= 1
    return book


def reached(book: Scribe, lot_id: str) -> set[str]:
    """Breadth first over what each change took and gave; what was undone left out by hand."""
    undone = {entry.reverses for entry in book.entries}
    takes: dict[str, set[str]] = {}
    gives: dict[str, set[str]] = {}
    for entry in book.entries:
        if entry.id in undone or entry.reverses:
            continue
        if entry.target.id.startswith("c") and entry.target.kind == "change":
            takes.setdefault(entry.lot_id, set()).add(entry.target.id)
        if entry.source.kind == "change":
            gives.setdefault(entry.source.id, set()).add(entry.lot_id)
    found, queue = {lot_id}, deque([lot_id])
    while queue:
        for change_id in takes.get(queue.popleft(), set()):
            for lot in gives.get(change_id, set()) - found:
                found.add(lot)
                queue.append(lot)
    return found


def wrong(first: int, last: int) -> list[int]:
    """Seeds of random books in which the recall differs from the walk, or loses a unit."""
    bad = []
    for seed in range(first, last):
        book = random_book(seed)
        found, lots = book.recall("L0"), reached(book, "L0")
        given = {
            entry.target.id
            for entry in book.entries
            if entry.kind is Kind.DELIVER and entry.lot_id in lots
        }
        told = {each.household_id for each in found.warned}
        if (set(found.lots), told, found.complete) != (lots, given, True):
            bad.append(seed)
    return bad


def test_a_thousand_random_books_against_a_breadth_first_walk() -> None:
    assert wrong(0, 1000) == []


def test_a_walk_that_stops_at_merges_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_merges(found: tuple[object, ...]) -> Ancestry:
        return ancestry(leg for leg in found if leg.kind is not Kind.MERGE)  # type: ignore[attr-defined]

    monkeypatch.setattr(module, "ancestry", without_merges)
    assert wrong(0, 100)
