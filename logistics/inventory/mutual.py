"""Mutual help between sites: one says what it has too much of, another what it lacks, both are matched.

An offer names units of a lot where they stand; a need names meals of a food group and the day on which
they will be handed out. A transfer moves units from the one to the other and can be undone. What is
proposed is checked here, by itself, before anybody sees it. What both have agreed on is a reservation
for the other site: no plan takes it, and the transfer settles it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from fractions import Fraction

from logistics.inventory.balance import Balance, extend
from logistics.inventory.entries import Entry, Kind, site
from logistics.inventory.expiry import Margins, keeps
from logistics.inventory.goods import Goods
from logistics.inventory.passage import Passage
from logistics.inventory.reservation import Reservation, release
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
    """Units of an offer for a need: proposed, agreed on, or once moved a transfer."""

    offer_id: str
    need_id: str
    units: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Units of an offer that are kept for a need: the reservation that keeps them."""

    id: str
    offer_id: str
    need_id: str
    reservation: Reservation

    def match(self, balance: Balance) -> Match:
        """What of it is still kept."""
        units = balance.open.get(self.reservation.id, 0)
        return Match(self.offer_id, self.need_id, units)


@dataclass(frozen=True, slots=True)
class Stand:
    """Offers and needs with what of them is still open, after transfers that were not undone and
    what is agreed on."""

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
    """What is still open: of an offer no more than is free where it stands, of a held lot nothing.

    `done` are transfers that count, and what is kept by agreements.
    """
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
"""Grams that a site can take, by storage class; what is not named has no room."""


def room_left(
    capacity: Room, goods: Mapping[str, Goods], units: Mapping[tuple[str, str], int]
) -> dict[tuple[str, Storage], int]:
    """What of the capacities is left beside units by lot and site: those there and those to come."""
    left = dict(capacity)
    for (lot_id, site_id), n in units.items():
        key = (site_id, goods[lot_id].storage)
        if key in left:
            left[key] = max(0, left[key] - n * goods[lot_id].unit_g)
    return left


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


def agreed(
    agreement_id: str, offer: Offer, need: Need, units: int, now: datetime, zone: tzinfo
) -> Agreement:
    """Units of an offer kept for the need's site, until offer or need is over on the network's clock."""
    last = min(offer.until, need.day)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    reservation = Reservation(
        id=agreement_id,
        household_id="",
        lot_id=offer.lot_id,
        session_id=None,
        day=now.astimezone(zone).date(),
        units=units,
        site_id=offer.site_id,
        rest_site_id=offer.site_id,
        handover_at=end,
        ways=(Passage(units),),
        expires_at=end,
        to_site_id=need.site_id,
    )
    return Agreement(agreement_id, offer.id, need.id, reservation)


def set_aside(agreements: Iterable[Agreement], balance: Balance, now: datetime) -> Balance:
    """The balance as if what is kept by some agreements were free."""
    kept = [(each.reservation, each.match(balance).units) for each in agreements]
    return extend(balance, [release(one, units, "", now, "aside") for one, units in kept if units])


def moved(
    transfer_id: str,
    offer: Offer,
    need: Need,
    units: int,
    agreements: Iterable[Agreement],
    balance: Balance,
    at: datetime,
) -> tuple[Entry, ...]:
    """The entries of a transfer: what is agreed on is settled, oldest first; the units move."""
    ends, key = (site(offer.site_id), site(need.site_id)), f"transfer:{transfer_id}"
    entries: list[Entry] = []
    left = units
    for each in agreements:
        part = min(left, each.match(balance).units)
        if part:
            name, back = f"{key}/{len(entries) + 1}", ends[::-1]
            of = each.reservation.id
            entries.append(Entry(name, Kind.SETTLE, offer.lot_id, *back, part, at, at, of))
            left -= part
    name = f"{key}/{len(entries) + 1}" if entries else key
    why = f"{offer.id} {need.id}"
    entries.append(Entry(name, Kind.MOVE, offer.lot_id, *ends, units, at, at, reason=why))
    extend(balance, entries)
    return tuple(entries)
