"""A recall: what of a lot, and of all lots made of it, stands where, is on the road or went to whom.

Households appear by reference and by the place that served them: names stay with the satellite. All
figures are the fold of the entries, so that they add up to what came in; `sums` shows it lot by lot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from logistics.inventory.ancestry import Ancestry, ancestry, legs, undone
from logistics.inventory.balance import Balance, fold
from logistics.inventory.entries import AccountKind, Entry, Kind
from logistics.inventory.goods import Goods
from logistics.inventory.passage import portion
from logistics.inventory.recalled import Bound, Gone, Loading, Mass, Recall, Standing, Sum, Warned
from logistics.inventory.reservation import Reservation
from logistics.model.errors import NotFound


def lots_concerned(tree: Ancestry, lot_id: str, *, siblings: bool) -> tuple[str, ...]:
    """A lot and every lot made of it; with `siblings` also what else was made of what it was made of."""
    begin = tree.sources(lot_id) if siblings else frozenset({lot_id})
    return tuple(sorted(begin.union(*(tree.descendants(each) for each in begin))))


def goods_concerned(tree: Ancestry, lots: Iterable[str]) -> frozenset[str]:
    """The lots whose weight a recall needs: those concerned and all that was mixed with them."""
    own = frozenset(lots)
    changes = [each for lot in own for each in (*tree.makers(lot), *tree.users(lot))]
    return own.union(*(each.taken.keys() | each.given.keys() for each in changes))


def recall(
    lot_id: str,
    entries: Iterable[Entry],
    goods: Mapping[str, Goods],
    reservations: Iterable[Reservation],
    at: datetime,
    *,
    siblings: bool = False,
    tree: Ancestry | None = None,
) -> Recall:
    """All that a recall needs to know, at a moment, whose clock is that of days and times.

    `entries` are those of the lots concerned in the book's order, and without `tree`, the ancestry of
    the whole book, also those of all changes. `goods` has those of `goods_concerned`.

    Raises:
        NotFound: if no entry moves the lot.
    """
    known = tuple(entries)
    tree = ancestry(legs(known)) if tree is None else tree
    lots = lots_concerned(tree, lot_id, siblings=siblings)
    concerned = frozenset(lots)
    own = tuple(entry for entry in known if entry.lot_id in concerned)
    if not any(entry.lot_id == lot_id for entry in own):
        raise NotFound(f"Lot {lot_id}: the book has no entry of it", "no_lot", lot=lot_id)
    balance, gone = fold(own), undone(own)
    counting = [entry for entry in own if entry.id not in gone]
    promises = {each.id: each for each in reservations if each.lot_id in concerned}
    received = _received(own)
    units = _units_by_kind(balance)
    sums = tuple(_sum(goods[lot], units[lot], received[lot]) for lot in lots)
    return Recall(
        lot_id=lot_id,
        lots=lots,
        sources=tuple(sorted(tree.sources(lot_id))),
        at=at,
        held=frozenset(lot for lot, _ in balance.holds.values()),
        stock=_stock(balance),
        loading=_loading(promises.values(), balance, at),
        bound=_bound(promises.values(), balance),
        warned=_warned(counting, promises, balance, at),
        gone=_gone(counting, at),
        sums=sums,
        mass=_mass(tree, concerned, goods, sums, received),
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
        # Units are settled in the order of their ways: the last ones are those that are open.
        for way in portion(promise.ways, promise.units - left, left):
            for haul in way.hauls:
                when = haul.load_at.astimezone(at.tzinfo)
                units[when, haul.vehicle_id, haul.from_site_id, promise.lot_id] += way.units
    return tuple(
        Loading(when, vehicle_id, site_id, lot, n, when <= at)
        for (when, vehicle_id, site_id, lot), n in sorted(units.items())
    )


def _bound(promises: Iterable[Reservation], balance: Balance) -> tuple[Bound, ...]:
    units: dict[tuple[str, str, str], int] = defaultdict(int)
    for promise in promises:
        if promise.to_site_id and promise.id in balance.open:
            key = promise.to_site_id, promise.site_id, promise.lot_id
            units[key] += balance.open[promise.id]
    return tuple(Bound(*key, units=n) for key, n in sorted(units.items()))


def _gone(entries: Iterable[Entry], at: datetime) -> tuple[Gone, ...]:
    """What was thrown away where, and what was brought back to where."""
    found = []
    for entry in entries:
        if entry.kind in (Kind.DISCARD, Kind.RETURN):
            place = entry.source if entry.kind is Kind.DISCARD else entry.target
            when = entry.effective_at.astimezone(at.tzinfo)
            found.append(Gone(when, entry.kind, place, entry.lot_id, entry.units, entry.reason))
    return tuple(sorted(found))


def _warned(
    entries: Iterable[Entry], promises: Mapping[str, Reservation], balance: Balance, at: datetime
) -> tuple[Warned, ...]:
    given: dict[tuple[str, str, date, str, str], int] = defaultdict(int)
    for entry in entries:
        if entry.kind is Kind.DELIVER:
            given[_through(entry, promises.get(entry.reservation_id), at)] += entry.units
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


def _through(
    entry: Entry, promise: Reservation | None, at: datetime
) -> tuple[str, str, date, str, str]:
    if promise is not None:
        return _place(promise)
    # Handed out without a promise: where it stood, on the day that the book says.
    day = entry.effective_at.astimezone(at.tzinfo).date()
    return entry.source.id, "", day, entry.target.id, entry.lot_id


def _received(entries: Iterable[Entry]) -> dict[str, int]:
    """Units by lot that came from donors, net of what was undone: counted from the entries."""
    units: dict[str, int] = defaultdict(int)
    for entry in entries:
        if entry.source.kind is AccountKind.DONOR:
            units[entry.lot_id] += entry.units
        elif entry.target.kind is AccountKind.DONOR:
            units[entry.lot_id] -= entry.units
    return units


_Amounts = Mapping[AccountKind | str, int]
"""Units of a lot by kind of account; those out of changes are under `made`."""


def _units_by_kind(balance: Balance) -> dict[str, dict[AccountKind | str, int]]:
    """Units by lot and kind of account. Of one lot a change either takes or gives: its sign tells."""
    units: dict[str, dict[AccountKind | str, int]] = defaultdict(lambda: defaultdict(int))
    for (lot_id, account), n in balance.units.items():
        if account.kind is AccountKind.CHANGE and n < 0:
            units[lot_id]["made"] -= n
        else:
            units[lot_id][account.kind] += n
    return units


def _sum(goods: Goods, units: _Amounts, received: int) -> Sum:
    """What became of the units of a lot."""
    return Sum(
        lot_id=goods.id,
        unit_g=goods.unit_g,
        unit_meals=goods.unit_meals,
        came=received + units.get("made", 0),
        standing=units.get(AccountKind.SITE, 0),
        aboard=units.get(AccountKind.VEHICLE, 0),
        handed_out=units.get(AccountKind.HOUSEHOLD, 0),
        wasted=units.get(AccountKind.WASTE, 0),
        missing=units.get(AccountKind.COUNT, 0),
        changed=units.get(AccountKind.CHANGE, 0),
    )


def _mass(
    tree: Ancestry,
    lots: frozenset[str],
    goods: Mapping[str, Goods],
    sums: Iterable[Sum],
    received: Mapping[str, int],
) -> Mass:
    """The grams of all lots together; what goes from one of them into another cancels out."""

    def grams(units: Mapping[str, int]) -> int:
        return sum(n * goods[lot].unit_g for lot, n in units.items())

    made_g, mixed_in_g, lost_g = 0, 0, 0
    for each in {change.id: change for lot in lots for change in tree.makers(lot)}.values():
        if lots.isdisjoint(each.taken):
            made_g += grams({lot: n for lot, n in each.given.items() if lot in lots})
    for each in {change.id: change for lot in lots for change in tree.users(lot)}.values():
        mixed_in_g += grams({lot: n for lot, n in each.taken.items() if lot not in lots})
        lost_g += grams(each.taken) - grams(each.given)
    rows = tuple(sums)
    return Mass(
        received_g=grams({lot: received.get(lot, 0) for lot in lots}),
        made_g=made_g,
        mixed_in_g=mixed_in_g,
        standing_g=sum(row.standing * row.unit_g for row in rows),
        aboard_g=sum(row.aboard * row.unit_g for row in rows),
        handed_out_g=sum(row.handed_out * row.unit_g for row in rows),
        wasted_g=sum(row.wasted * row.unit_g for row in rows),
        missing_g=sum(row.missing * row.unit_g for row in rows),
        lost_g=lost_g,
    )
