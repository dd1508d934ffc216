"""Mutual help between sites: one says what it has too much of, another what it lacks, both are matched.

An offer names units of a lot where they stand; a need names meals of a food group and the day on which
they will be handed out. A transfer moves units from the one to the other and can be undone. What is
proposed is checked here, by itself, before anybody sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction

from logistics.inventory.balance import Balance
from logistics.inventory.entries import Entry, Kind, site
from logistics.inventory.expiry import Margins, keeps
from logistics.inventory.goods import Goods
from logistics.model.errors import Finding, require
from logistics.model.units import FoodGroup, Storage


@dataclass(frozen=True, slots=True)
class Offer:
    """Units of a lot at a site that others may have until a day; `pack` units move together."""

    id: str
    site_id: str
    lot_id: str
    units: int
    until: date
    pack: int = 1

    def __post_init__(self) -> None:
        require(self.units > 0, f"Offer {self.id}: units must be > 0, got {self.units}")
        require(self.pack > 0, f"Offer {self.id}: pack must be > 0, got {self.pack}")


@dataclass(frozen=True, slots=True)
class Need:
    """Meals of a food group (`None`: of any) that a site lacks for handing out on a day."""

    id: str
    site_id: str
    food_group: FoodGroup | None
    meals: int
    day: date

    def __post_init__(self) -> None:
        require(self.meals > 0, f"Need {self.id}: meals must be > 0, got {self.meals}")


@dataclass(frozen=True, slots=True)
class Match:
    """Units of an offer for a need: proposed, or once moved a transfer."""

    offer_id: str
    need_id: str
    units: int


@dataclass(frozen=True, slots=True)
class Stand:
    """Offers and needs with what of them is still open, after the transfers that were not undone."""

    offers: tuple[Offer, ...]
    needs: tuple[Need, ...]
    open_units: Mapping[str, int]
    open_meals: Mapping[str, Fraction]


def stand(
    offers: Sequence[Offer],
    needs: Sequence[Need],
    done: Iterable[Match],
    goods: Mapping[str, Goods],
    balance: Balance,
) -> Stand:
    """What is still open: of an offer no more than is free where it stands, of a held lot nothing."""
    lots = {offer.id: offer.lot_id for offer in offers}
    units = {offer.id: offer.units for offer in offers}
    meals = {need.id: Fraction(need.meals) for need in needs}
    for match in done:
        if match.offer_id in units:
            units[match.offer_id] -= match.units
        if match.need_id in meals and match.offer_id in lots:
            meals[match.need_id] -= match.units * goods[lots[match.offer_id]].unit_meals
    for offer in offers:
        held = balance.held_since(offer.lot_id) is not None
        free = 0 if held else balance.free(offer.lot_id, site(offer.site_id))
        units[offer.id] = max(0, min(units[offer.id], free))
    return Stand(tuple(offers), tuple(needs), units, meals)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The network's day, clock and margins, by which dates are judged."""

    today: date
    zone: tzinfo
    margins: Margins


def unfit(offer: Offer, need: Need, goods: Goods, calendar: Calendar) -> str:
    """Why an offer cannot help with a need; an empty text if it can.

    The goods must still be within their margin on the day on which they will be handed out.
    """
    if offer.site_id == need.site_id:
        return "same_site"
    if need.food_group not in (None, goods.food_group):
        return "food_group"
    if calendar.today > offer.until:
        return "offer_over"
    if calendar.today > need.day:
        return "need_over"
    until = keeps(goods, calendar.margins, calendar.zone).issue_until
    return "too_old" if until is not None and until < need.day else ""


Room = Mapping[tuple[str, Storage], int]
"""Grams that a site can still take, by storage class; what is not named has no room."""


def check_matches(
    matches: Sequence[Match],
    known: Stand,
    goods: Mapping[str, Goods],
    room: Room,
    calendar: Calendar,
) -> tuple[Finding, ...]:
    """What is wrong with matches: fit, dates, packs, free units, meals needed, storage room."""
    offers = {offer.id: offer for offer in known.offers}
    needs = {need.id: need for need in known.needs}
    findings: list[Finding] = []
    given: dict[str, int] = defaultdict(int)
    got: dict[str, Fraction] = defaultdict(Fraction)
    grams: dict[tuple[str, Storage], int] = defaultdict(int)
    for match in matches:
        offer, need = offers.get(match.offer_id), needs.get(match.need_id)
        if offer is None or need is None:
            findings.append(_finding("unknown", match, "one of them is not open"))
            continue
        lot = goods[offer.lot_id]
        why = unfit(offer, need, lot, calendar)
        if why:
            findings.append(_finding(why, match, "the offer does not fit the need"))
        if match.units <= 0 or match.units % offer.pack:
            findings.append(_finding("pack", match, f"units move in packs of {offer.pack}"))
        given[offer.id] += match.units
        got[need.id] += match.units * lot.unit_meals
        grams[need.site_id, lot.storage] += match.units * lot.unit_g
    for match in matches:
        if match.offer_id not in offers or match.need_id not in needs:
            continue
        offer, need = offers[match.offer_id], needs[match.need_id]
        place = (need.site_id, goods[offer.lot_id].storage)
        if given[offer.id] > known.open_units[offer.id]:
            said = f"{given[offer.id]} units told, {known.open_units[offer.id]} are free"
            findings.append(_finding("units", match, said))
        if got[need.id] > known.open_meals[need.id]:
            said = f"{got[need.id]} meals told, {known.open_meals[need.id]} are lacking"
            findings.append(_finding("meals", match, said))
        if grams[place] > room.get(place, 0):
            said = f"{grams[place]} g {place[1]} told, {place[0]} has room for {room.get(place, 0)}"
            findings.append(_finding("room", match, said))
    return tuple(findings)


def _finding(code: str, match: Match, message: str) -> Finding:
    return Finding(
        f"match_{code}",
        f"Offer {match.offer_id} for need {match.need_id}: {message}",
        ids=(match.offer_id, match.need_id),
    )


def move_of(transfer_id: str, offer: Offer, need: Need, units: int, at: datetime) -> Entry:
    """The entry of a transfer: units go by hand from the one site to the other."""
    return Entry(
        id=f"transfer:{transfer_id}",
        kind=Kind.MOVE,
        lot_id=offer.lot_id,
        source=site(offer.site_id),
        target=site(need.site_id),
        units=units,
        effective_at=at,
        recorded_at=at,
        reason=f"{offer.id} {need.id}",
    )


def undo(entry: Entry, now: datetime) -> Entry:
    """The reversal of a transfer: its units are back where they were offered."""
    return Entry(
        id=f"reversal:{entry.id}",
        kind=Kind.REVERSAL,
        lot_id=entry.lot_id,
        source=entry.target,
        target=entry.source,
        units=entry.units,
        effective_at=now,
        recorded_at=now,
        reason="withdrawn",
        reverses=entry.id,
    )
