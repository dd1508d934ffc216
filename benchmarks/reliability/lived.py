"""Books for random lives: the pure functions, and the store's verbs on a database; and the figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from time import perf_counter

from benchmarks.reliability.figures import Figure, database_of
from benchmarks.reliability.lives import Amounts, Drift, FullLife, Life, live
from benchmarks.reliability.plain import Given
from benchmarks.reliability.town import HUB, NOW, UNIT_G, lot_ids, new_book, week
from logistics import store
from logistics.inventory import Entry, Kind
from logistics.inventory.balance import EMPTY, Balance, BookBroken, extend, violations
from logistics.inventory.entries import COUNT, FREE, HELD, WASTE, Account, AccountKind, donor, site
from logistics.inventory.goods import goods_of
from logistics.inventory.promises import NotFree, NotOpen, direct, promised, released, settled
from logistics.inventory.reservation import Reservation

STOCK = (AccountKind.SITE, AccountKind.VEHICLE)


def amounts_of(balance: Balance, lot: str) -> Amounts:
    """What stands at sites and what of it is promised."""
    return {
        account.id: (units, balance.reserved.get((lot, account), 0))
        for (name, account), units in balance.units.items()
        if name == lot and account.kind in STOCK
    }


def grams_of(balance: Balance, lot: str) -> tuple[int, int]:
    """Grams that came (from the donor, by counting), and grams that stand or went somewhere."""
    came = went = 0
    for (name, account), units in balance.units.items():
        if name == lot and account.kind in (AccountKind.DONOR, AccountKind.COUNT):
            came -= units * UNIT_G
        elif name == lot:
            went += units * UNIT_G
    return came, went


class PureBook:
    """The book's functions; each lot has its own balance, as in the store."""

    def __init__(self, lots: list[str], units: int) -> None:
        problem = week(len(lots), units)
        self.goods = {lot: goods_of(problem.lots[lot], problem) for lot in lots}
        self.balances = dict.fromkeys(lots, EMPTY)
        self.promises: dict[str, Reservation] = {}
        self.kept: dict[str, list[str]] = {lot: [] for lot in lots}
        self.touched: Counter[str] = Counter()
        self.number = 0
        self.holds: dict[str, str] = {}
        for lot in lots:
            self._add(Kind.RECEIVE, lot, donor("GIVER"), site(HUB), units, NOW)

    def _add(
        self, kind: Kind, lot: str, source: Account, target: Account, units: int, now: datetime
    ) -> bool:
        self.number += 1
        entry = Entry(f"{kind}:{self.number}", kind, lot, source, target, units, now, now)
        try:
            self.balances[lot] = extend(self.balances[lot], [entry])
        except BookBroken:
            return False
        return True

    def reserve(self, lot: str, place: str, units: int, to: Given, now: datetime) -> str | None:
        """Promise; what has expired of the lot ends before."""
        self.number += 1
        balance = self.balances[lot]
        self.kept[lot] = [name for name in self.kept[lot] if name in balance.open]
        made = direct(
            f"{lot}/{self.number}",
            lot,
            place,
            units,
            household_id="" if to.to_place else to.to,
            to_site_id=to.to if to.to_place else "",
            day=now.date(),
            now=now,
            until=to.until,
        )
        old = [self.promises[name] for name in self.kept[lot]]
        try:
            entries = promised(made, self.goods[lot], balance, old, now)
        except NotFree:
            return None
        self.balances[lot] = extend(balance, entries)
        self.promises[made.id] = made
        self.kept[lot].append(made.id)
        return made.id

    def settle(self, name: str, units: int | None, now: datetime) -> bool:
        """Hand over."""
        made = self.promises[name]
        self.touched[name] += 1
        try:
            entries = settled(made, units, self.balances[made.lot_id], self.touched[name], now)
        except (NotOpen, BookBroken):
            return False
        self.balances[made.lot_id] = extend(self.balances[made.lot_id], entries)
        return True

    def release(self, name: str, units: int | None, now: datetime) -> bool:
        """End a promise."""
        made = self.promises[name]
        self.touched[name] += 1
        try:
            entry = released(made, units, self.balances[made.lot_id], self.touched[name], "", now)
        except NotOpen:
            return False
        self.balances[made.lot_id] = extend(self.balances[made.lot_id], [entry])
        return True

    def count(self, lot: str, more: int, now: datetime) -> None:
        """More is found."""
        self._add(Kind.COUNT, lot, COUNT, site(HUB), more, now)

    def take(self, lot: str, place: str, units: int, to: str, now: datetime) -> bool:
        """Throw away or move."""
        if to == place:
            return False
        kind, target = (Kind.DISCARD, WASTE) if to == "waste" else (Kind.MOVE, site(to))
        return self._add(kind, lot, site(place), target, units, now)

    def hold(self, lot: str, now: datetime) -> None:
        """Hold."""
        self.number += 1
        self.holds[lot] = f"hold:{self.number}"
        entry = Entry(self.holds[lot], Kind.HOLD, lot, FREE, HELD, 0, now, now)
        self.balances[lot] = extend(self.balances[lot], [entry])

    def unhold(self, lot: str, now: datetime) -> None:
        """Lift the hold."""
        undone = self.holds.pop(lot)
        entry = Entry(f"un{undone}", Kind.UNHOLD, lot, HELD, FREE, 0, now, now, reverses=undone)
        self.balances[lot] = extend(self.balances[lot], [entry])

    def amounts(self, lot: str) -> Amounts:
        """What stands where."""
        return amounts_of(self.balances[lot], lot)

    def grams(self, lot: str) -> tuple[int, int]:
        """Weights."""
        return grams_of(self.balances[lot], lot)


class StoredBook:
    """The store's verbs."""

    def __init__(self, url: str, lots: list[str], units: int) -> None:
        new_book(url, len(lots), units)
        self.engine, self.lots, self.units = store.open_book(url, keep=True), lots, units
        self.counts = 0

    def reserve(self, lot: str, place: str, units: int, to: Given, now: datetime) -> str | None:
        """Promise."""
        household, place_to = ("", to.to) if to.to_place else (to.to, "")
        try:
            done = store.reserve(
                self.engine,
                lot,
                place,
                units,
                household_id=household,
                to_site_id=place_to,
                until=to.until,
                now=now,
            )
        except NotFree:
            return None
        return done.reservation_id

    def settle(self, name: str, units: int | None, now: datetime) -> bool:
        """Hand over."""
        try:
            store.settle(self.engine, name, units, now=now)
        except (NotFree, NotOpen):
            return False
        return True

    def release(self, name: str, units: int | None, now: datetime) -> bool:
        """End a promise."""
        try:
            store.release(self.engine, name, units, now=now)
        except NotOpen:
            return False
        return True

    def count(self, lot: str, more: int, now: datetime) -> None:
        """The week is told again with the units that stand at the hub, this lot's counted anew."""
        there = {name: self.amounts(name).get(HUB, (0, 0))[0] for name in self.lots}
        there[lot] += more
        self.counts += 1
        told = week(len(self.lots), self.units)
        lots = {name: replace(told.lots[name], units=n) for name, n in there.items()}
        again = replace(told, lots=lots, digest=f"sha256:count {self.counts}")
        found = store.import_week(self.engine, again, recount=True, now=now).findings
        if found:
            raise Drift(f"count of {lot}: {found[0].message}")

    def _balance(self, lot: str) -> Balance:
        from logistics.inventory import fold

        return fold(store.lots_extract(self.engine, [lot]).entries)

    def amounts(self, lot: str) -> Amounts:
        """What stands where."""
        return amounts_of(self._balance(lot), lot)

    def grams(self, lot: str) -> tuple[int, int]:
        """Weights."""
        return grams_of(self._balance(lot), lot)


def pure_life(operations: int, *, seed: int = 1, lots: int = 20) -> Figure:
    """The pure functions beside the oracle."""
    names = lot_ids(lots)
    book = PureBook(names, 40)
    figure = _lived(FullLife(book, names, 40), operations, "pure functions", seed)
    broken = [f.code for lot in names for f in violations(book.balances[lot])]
    return replace(figure, reached=figure.reached and not broken)


def stored_life(url: str, operations: int, *, seed: int = 1, lots: int = 40) -> Figure:
    """The store's verbs beside the oracle, and an audit at the end."""
    names = lot_ids(lots)
    book = StoredBook(url, names, 60)
    figure = _lived(Life(book, names, 60), operations, database_of(url), seed)
    found = store.audit(book.engine, now=NOW).findings
    book.engine.dispose()
    said = f"{figure.measured}, audit: {', '.join(each.code for each in found) or 'clean'}"
    return replace(figure, measured=said, reached=figure.reached and not found)


def _lived(life: Life, operations: int, where: str, seed: int) -> Figure:
    begun, drift = perf_counter(), ""
    try:
        live(life, operations, seed)
    except Drift as found:
        drift = str(found)
    return Figure(
        "random operations beside an oracle",
        where,
        f"{operations:,} operations: 0 drift",
        f"{life.done:,} done, {life.refused:,} refused by both: {drift or '0 drift in units and grams'}",
        not drift,
        seed,
        {"seconds": round(perf_counter() - begun, 1)},
    )
