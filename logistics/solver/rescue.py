"""Which sessions can still use a lot before it expires: whom it suits, how much they could take."""

from __future__ import annotations

from dataclasses import dataclass

from logistics.model.goods import Lot
from logistics.model.people import Household
from logistics.model.problem import WeekProblem
from logistics.model.units import Channel, Storage
from logistics.solver.eligible import freshness_refusal, personal_refusal


@dataclass(frozen=True, slots=True)
class Taker:
    """A session that can hand a lot out: registered households that may have it, and units at most.

    `units` is bounded by what is free, by what those households want at all, and away from where the
    lot stands by the storage room that the week's stock leaves at the session's site.
    """

    session_id: str
    site_id: str
    day: int
    households: int
    units: int


def takers(problem: WeekProblem, lot: Lot, now_s: int) -> tuple[Taker, ...]:
    """The sessions that end after `now_s` (seconds of the week) and can use the lot, soonest first.

    Whether a car can bring it is for the plan to say. Household wishes are counted whole: what else
    they get that week is not taken off.
    """
    guests: dict[str, list[Household]] = {}
    for household in problem.households.values():
        if household.channel is Channel.PICKUP and personal_refusal(lot, household) is None:
            for session_id in household.session_ids:
                guests.setdefault(session_id, []).append(household)
    found = []
    for session in sorted(problem.sessions.values(), key=lambda each: (each.open_s, each.id)):
        late = freshness_refusal(problem, lot, session.day, session.close_s)
        able = guests.get(session.id, [])
        if session.close_s <= now_s or late is not None or not able:
            continue
        wanted = sum(int(each.meals_wanted / lot.unit_meals) for each in able)
        units = min(lot.free_units, wanted)
        if session.site_id != lot.site_id:
            units = min(units, room_g(problem, session.site_id, lot.storage) // lot.unit_g)
        units -= units % lot.pack
        if units:
            found.append(Taker(session.id, session.site_id, session.day, len(able), units))
    return tuple(found)


def room_g(problem: WeekProblem, site_id: str, storage: Storage) -> int:
    """Grams of a storage class that the week's lots leave free at a site."""
    taken = sum(
        lot.units * lot.unit_g
        for lot in problem.lots.values()
        if lot.site_id == site_id and lot.storage is storage
    )
    return max(0, problem.sites[site_id].room_g(storage) - taken)
