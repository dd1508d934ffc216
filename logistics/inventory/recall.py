"""A recall: what of a lot, and of all lots made of it, stands where, is on the road or went to whom.

Households appear by reference and by the place that served them: names stay with the satellite. All
figures are the fold of the entries, so that they add up to what came in; `sums` shows it lot by lot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from logistics.inventory.ancestry import Ancestry, ancestry, legs, undone
from logistics.inventory.balance import Balance, fold
from logistics.inventory.entries import AccountKind, Entry, Kind
from logistics.inventory.goods import Goods
from logistics.inventory.reservation import Reservation
from logistics.model.errors import NotFound


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """Units of a lot at a site or on board a vehicle; `promised` of them to somebody."""

    kind: AccountKind
    id: str
    lot_id: str
    units: int
    promised: int


@dataclass(frozen=True, slots=True, order=True)
class Loading:
    """Units that a published plan has a vehicle carry and that no outcome has settled yet.

    `begun` when the planned loading has passed: they may be on board, or handed over already.
    """

    load_at: datetime
    vehicle_id: str
    site_id: str
    lot_id: str
    units: int
    begun: bool


@dataclass(frozen=True, slots=True, order=True)
class Warned:
    """A household that was given units, or is promised them, through a place on a day.

    `site_id` is the session's site, or where the vehicle that came to the door started;
    `session_id` is empty at a door.
    """

    site_id: str
    session_id: str
    day: date
    household_id: str
    lot_id: str
    given: int
    promised: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What became of all units of a lot: `came` = the others together.

    `came`: from the donor, net of what was undone, and out of changes; `changed`: into other lots;
    `missing`: lost in counting (below zero: found).
    """

    lot_id: str
    unit_g: int
    unit_meals: Fraction
    came: int
    standing: int
    aboard: int
    handed_out: int
    wasted: int
    missing: int
    changed: int

    @property
    def holds(self) -> bool:
        """Whether every unit that came is accounted for."""
        found = self.standing + self.aboard + self.handed_out + self.wasted + self.missing
        return self.came == found + self.changed


@dataclass(frozen=True, slots=True)
class Recall:
    """Whom to stop, to call and to warn because of a lot; `lots` are it and all lots made of it."""

    lot_id: str
    lots: tuple[str, ...]
    sources: tuple[str, ...]
    at: datetime
    held: frozenset[str]
    stock: tuple[Standing, ...]
    loading: tuple[Loading, ...]
    warned: tuple[Warned, ...]
    sums: tuple[Sum, ...]

    @property
    def complete(self) -> bool:
        """Whether every unit of every lot is accounted for."""
        return all(each.holds for each in self.sums)

    def places(self) -> tuple[str, ...]:
        """The sites whose people have households to warn."""
        return tuple(sorted({each.site_id for each in self.warned}))


def lots_concerned(tree: Ancestry, lot_id: str, *, siblings: bool) -> tuple[str, ...]:
    """A lot and every lot made of it; with `siblings` also what else was made of what it was made of."""
    begin = tree.sources(lot_id) if siblings else frozenset({lot_id})
    return tuple(sorted(begin.union(*(tree.descendants(each) for each in begin))))


def recall(
    lot_id: str,
    entries: Iterable[Entry],
    goods: Mapping[str, Goods],
    reservations: Iterable[Reservation],
    at: datetime,
    *,
    siblings: bool = False,
) -> Recall:
    """All that a recall needs to know, at a moment.

    `entries` are those of the lots concerned and of all changes, in the book's order.

    Raises:
        NotFound: if no entry moves the lot.
    """
    known = tuple(entries)
    tree = ancestry(legs(known))
    lots = lots_concerned(tree, lot_id, siblings=siblings)
    own = tuple(entry for entry in known if entry.lot_id in set(lots))
    if not any(entry.lot_id == lot_id for entry in own):
        raise NotFound(f"Lot {lot_id}: the book has no entry of it")
    balance = fold(own)
    promises = {each.id: each for each in reservations if each.lot_id in set(lots)}
    return Recall(
        lot_id=lot_id,
        lots=lots,
        sources=tuple(sorted(tree.sources(lot_id))),
        at=at,
        held=frozenset(lot for lot in lots if balance.held_since(lot) is not None),
        stock=_stock(balance),
        loading=_loading(promises.values(), balance, at),
        warned=_warned(own, promises, balance),
        sums=tuple(_sum(lot, balance, own, goods[lot]) for lot in lots),
    )


def _stock(balance: Balance) -> tuple[Standing, ...]:
    return tuple(
        sorted(
            Standing(place.kind, place.id, lot, units, balance.reserved.get((lot, place), 0))
            for (lot, place), units in balance.units.items()
            if place.holds_stock
        )
    )


def _loading(
    promises: Iterable[Reservation], balance: Balance, at: datetime
) -> tuple[Loading, ...]:
    """Planned hauls of what is still open; hauls of one trip together."""
    units: dict[tuple[datetime, str, str, str], int] = defaultdict(int)
    for promise in promises:
        left = balance.open.get(promise.id, 0)
        for way in promise.ways:
            for haul in way.hauls:
                key = haul.load_at, haul.vehicle_id, haul.from_site_id, promise.lot_id
                units[key] += min(way.units, left)
    return tuple(
        Loading(when, vehicle_id, site_id, lot, n, when <= at)
        for (when, vehicle_id, site_id, lot), n in sorted(units.items())
        if n
    )


def _warned(
    entries: Iterable[Entry], promises: Mapping[str, Reservation], balance: Balance
) -> tuple[Warned, ...]:
    known = tuple(entries)
    gone = undone(known)
    given: dict[tuple[str, str, date, str, str], int] = defaultdict(int)
    for entry in known:
        if entry.kind is Kind.DELIVER and entry.id not in gone:
            given[_through(entry, promises.get(entry.reservation_id))] += entry.units
    open_: dict[tuple[str, str, date, str, str], int] = defaultdict(int)
    for promise in promises.values():
        left = balance.open.get(promise.id, 0)
        if left and promise.household_id:
            open_[_place(promise)] += left
    return tuple(
        Warned(*key, given=given.get(key, 0), promised=open_.get(key, 0))
        for key in sorted(given.keys() | open_.keys())
    )


def _place(promise: Reservation) -> tuple[str, str, date, str, str]:
    session_id = promise.session_id or ""
    return promise.rest_site_id, session_id, promise.day, promise.household_id, promise.lot_id


def _through(entry: Entry, promise: Reservation | None) -> tuple[str, str, date, str, str]:
    if promise is not None:
        return _place(promise)
    # Handed out without a promise: where it stood, on the day that the book says.
    return entry.source.id, "", entry.effective_at.date(), entry.target.id, entry.lot_id


def _sum(lot_id: str, balance: Balance, entries: Iterable[Entry], goods: Goods) -> Sum:
    """The units of a lot by what became of them; `came` is counted from the entries on its own."""
    by_kind: dict[AccountKind, int] = defaultdict(int)
    for (lot, account), units in balance.units.items():
        if lot == lot_id:
            by_kind[account.kind] += units
    came, changed = 0, 0
    for entry in entries:
        if entry.lot_id != lot_id or not entry.kind.is_posted:
            continue
        if entry.source.kind is AccountKind.DONOR:
            came += entry.units
        elif entry.target.kind is AccountKind.DONOR:
            came -= entry.units
    # Of one lot a change either takes or gives, so its account's sign tells which.
    for (lot, account), units in balance.units.items():
        if lot == lot_id and account.kind is AccountKind.CHANGE:
            came, changed = came + max(0, -units), changed + max(0, units)
    return Sum(
        lot_id=lot_id,
        unit_g=goods.unit_g,
        unit_meals=goods.unit_meals,
        came=came,
        standing=by_kind[AccountKind.SITE],
        aboard=by_kind[AccountKind.VEHICLE],
        handed_out=by_kind[AccountKind.HOUSEHOLD],
        wasted=by_kind[AccountKind.WASTE],
        missing=by_kind[AccountKind.COUNT],
        changed=changed,
    )
