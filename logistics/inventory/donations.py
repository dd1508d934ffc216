"""From the book's entries to the ledger of months that donor pages are made of.

Households are counted here and forgotten: what comes out knows only how many were served where.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from logistics.inventory.disclosure import Amount, Patterns, PeriodLedger
from logistics.inventory.entries import Account, AccountKind, Entry, Kind
from logistics.inventory.goods import Goods
from logistics.inventory.months import counts_in
from logistics.inventory.waste import Cause, cause_of

K = TypeVar("K")

Origins = Mapping[str, Mapping[str, Fraction]]
"""By lot, the lots as they were received that it came from, each with its share of the mass."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the book knows beside its entries.

    `donor_sites` are places of donors, where offers stand until they are fetched. `rest_sites`: the
    session's site of each reservation, or the home of the vehicle that goes to the door. A lot that
    `origins` does not name is its own origin.
    """

    goods: Mapping[str, Goods]
    donor_sites: frozenset[str]
    rest_sites: Mapping[str, str]
    zone: tzinfo
    origins: Origins = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class _Fact:
    """An entry as it counts in a month: once, or taken back (-1) if it was reversed after its month."""

    entry: Entry
    month: date
    times: int


def ledger_of(entries: Iterable[Entry], context: Context) -> PeriodLedger:
    """The ledger of all months, from entries in the order in which the book learned of them."""
    told = tuple(entries)
    loaded = _loading_sites(told)
    handed: dict[tuple[str, date, str], Amount] = defaultdict(Amount)
    given: dict[tuple[str, date], Amount] = defaultdict(Amount)
    wasted: dict[tuple[str, date, Cause], Amount] = defaultdict(Amount)
    missing: dict[tuple[str, date], Amount] = defaultdict(Amount)
    visits: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for fact in _facts(told, context.zone):
        entry, month = fact.entry, fact.month
        delivered = entry.kind is Kind.DELIVER
        place = _place_of(entry, context, loaded) if delivered else ""
        if delivered and fact.times > 0:
            visits[month][entry.target.id].add(place)
        for org_id, amount in _by_donor(entry, context):
            moved = amount * fact.times
            given[org_id, month] += moved * _taken_over(entry, context)
            if delivered:
                handed[org_id, month, place] += moved
            elif entry.target.kind is AccountKind.WASTE and _inside(entry.source, context):
                wasted[org_id, month, cause_of(entry.reason)] += moved
            missing[org_id, month] += moved * _lost(entry, context)
    return PeriodLedger(
        handed=_without_nothing(handed),
        given=_without_nothing(given),
        wasted=_without_nothing(wasted),
        missing=_without_nothing(missing),
        patterns={month: _patterns(served) for month, served in visits.items()},
    )


def _patterns(served: Mapping[str, set[str]]) -> Patterns:
    """Counts of households by the places that served them."""
    return MappingProxyType(Counter(frozenset(places) for places in served.values()))


def _without_nothing(amounts: Mapping[K, Amount]) -> dict[K, Amount]:
    return {key: amount for key, amount in amounts.items() if amount}


def _facts(entries: tuple[Entry, ...], zone: tzinfo) -> Iterator[_Fact]:
    """Posted entries with the month in which they count; reversed within a month, they do not.

    A reversal after its entry's month leaves that month as it was, and takes back in its own.
    """
    known: dict[str, tuple[Entry, date, int]] = {}
    times: Counter[tuple[str, date]] = Counter()
    bases: dict[str, Entry] = {}
    for entry in entries:
        if not entry.kind.is_posted:
            continue
        base, earliest, sign = entry, date.min, 1
        if entry.kind is Kind.REVERSAL:
            if entry.reverses not in known:
                continue
            base, earliest, undone = known[entry.reverses]
            sign = -undone
        month = max(counts_in(entry.effective_at, entry.recorded_at, zone), earliest)
        known[entry.id] = (base, month, sign)
        bases[base.id] = base
        times[base.id, month] += sign
    for (base_id, month), count in times.items():
        if count:
            yield _Fact(bases[base_id], month, count)


def _loading_sites(entries: tuple[Entry, ...]) -> dict[tuple[str, Account], str]:
    """Where a lot was last loaded into a vehicle."""
    return {
        (entry.lot_id, entry.target): entry.source.id
        for entry in entries
        if entry.kind is Kind.LOAD
    }


def _place_of(entry: Entry, context: Context, loaded: Mapping[tuple[str, Account], str]) -> str:
    """Where a hand-over counts: at its site; at a door, at the site from which it was brought."""
    if entry.source.kind is AccountKind.SITE:
        return entry.source.id
    planned = context.rest_sites.get(entry.reservation_id, "")
    return planned or loaded.get((entry.lot_id, entry.source), entry.source.id)


def _by_donor(entry: Entry, context: Context) -> Iterator[tuple[str, Amount]]:
    """An entry's amount, shared among the donors of the lots that its lot came from."""
    goods = context.goods[entry.lot_id]
    whole = Amount(Fraction(entry.units * goods.unit_g), entry.units * goods.unit_meals)
    shares = context.origins.get(entry.lot_id, {entry.lot_id: Fraction(1)})
    for origin_id, share in shares.items():
        yield context.goods[origin_id].org_id, whole * share


def _inside(account: Account, context: Context) -> bool:
    """Whether goods are in the network's hands there: no longer the donor's, not counted away."""
    if account.kind in (AccountKind.DONOR, AccountKind.COUNT):
        return False
    return account.kind is not AccountKind.SITE or account.id not in context.donor_sites


def _taken_over(entry: Entry, context: Context) -> int:
    """1 if the donor's goods come into the network's hands, -1 if they go back to the donor.

    What a donor throws away or counts at its own place was never taken over.
    """
    outside = (AccountKind.COUNT, AccountKind.WASTE)
    if entry.source.kind in outside or entry.target.kind in outside:
        return 0
    return int(_inside(entry.target, context)) - int(_inside(entry.source, context))


def _lost(entry: Entry, context: Context) -> int:
    """1 if a count in the network finds less than the book, -1 if it finds more."""
    if entry.target.kind is AccountKind.COUNT:
        return int(_inside(entry.source, context))
    if entry.source.kind is AccountKind.COUNT:
        return -int(_inside(entry.target, context))
    return 0
