"""Offers and needs of the book matched over the places, rooms and roads of a week folder."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from logistics.inventory.mutual import Calendar, Match, Room, unfit
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import Storage

if TYPE_CHECKING:
    from logistics.store.helping import Help


def capacity_of(problem: WeekProblem) -> dict[tuple[str, Storage], int]:
    """Grams that each site of the week has room for, by storage class, when it is empty."""
    return {
        (place.id, storage): grams
        for place in problem.sites.values()
        for storage, grams in place.capacity_g.items()
    }


def matched(
    problem: WeekProblem, known: Help, room: Room, calendar: Calendar
) -> tuple[tuple[Match, ...], Travel]:
    """Who helps whom, and the legs between the sites that could; sites the week lacks are left out.

    Raises:
        TravelFailed: if the week's travel engine gives no legs.
        MatchingFailed: if the answer could not be proven.
    """
    from logistics.solver.mutual import Arc, assign
    from logistics.travel import legs_for

    stand = known.stand
    pairs = [
        (given, lacking)
        for given in stand.offers
        for lacking in stand.needs
        if {given.site_id, lacking.site_id} <= problem.sites.keys()
        and stand.open_units[given.id] >= given.pack
        and not unfit(given, lacking, known.goods[given.lot_id], calendar)
    ]
    legs = legs_for(problem, sorted({each.site_id for pair in pairs for each in pair}))
    arcs = []
    for given, lacking in pairs:
        lot, way = known.goods[given.lot_id], (given.site_id, lacking.site_id)
        arcs.append(
            Arc(
                offer_id=given.id,
                need_id=lacking.id,
                pack_meals=given.pack * lot.unit_meals,
                pack_g=given.pack * lot.unit_g,
                room=f"{lacking.site_id}/{lot.storage}",
                pair=way,
                metres=legs[way].metres,
            )
        )
    packs = {each.id: stand.open_units[each.id] // each.pack for each in stand.offers}
    space = {f"{site_id}/{storage}": grams for (site_id, storage), grams in room.items()}
    pack_of = {each.id: each.pack for each in stand.offers}
    found = assign(packs, stand.open_meals, space, arcs)
    matches = tuple(Match(o, n, sent * pack_of[o]) for (o, n), sent in sorted(found.items()))
    return matches, legs


def still_lacking(known: Help, matches: tuple[Match, ...]) -> Mapping[str, Fraction]:
    """Meals that each open need would lack after some matches."""
    lots = {each.id: each.lot_id for each in known.stand.offers}
    left = {each.id: known.stand.open_meals[each.id] for each in known.stand.needs}
    for match in matches:
        left[match.need_id] -= match.units * known.goods[lots[match.offer_id]].unit_meals
    return left
