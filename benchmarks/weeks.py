"""Synthetic weeks of any size for benchmarks: made up, every figure in them is drawn from a seed.

A generated week stands for no real town, household, donor or food. It has the structure that makes an
allocation hard, in proportions one would expect of a pantry network: packs of 1 to 12 units of 0.5, 1
or 1.5 meals, food groups under the policy's share, diets, allergens, kitchens and cold storage at home
that make eligibility differ, satellites with one or two sessions (some with `households_max`),
storage at satellites and compartments of vehicles that bind here and there, a history for two thirds
of the households, a few weights, and food for about 0.8 of what is wanted.

Everybody picks up (no visits at home), so that only legs between sites are needed
(`travel_between_sites`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Lot
from logistics.model.people import HistoryWeek, Household
from logistics.model.places import Organisation, Session, Site
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import (
    DAY_S,
    HOUR_S,
    KG_G,
    MINUTE_S,
    Cold,
    Diet,
    FoodGroup,
    Kitchen,
    Label,
    Sector,
    SiteKind,
    Storage,
    Tag,
)
from logistics.travel import fastest, legs_for

SIZES = ((62, 60), (200, 150), (500, 150), (2000, 300))
"""Households and lots of the weeks in the tables."""

WEEK_START = date(2026, 6, 1)
SUPPLY = 0.8
"""Meals in stock and on offer, as a share of the meals wanted."""

MEAL_G = 420
"""Grams of a meal on average; lots lie around it."""

HOUSEHOLDS_A_SATELLITE = 40
HOUSEHOLDS_A_VEHICLE = 160
TRIPS_A_SHIFT = 4

PACKS = (
    (Fraction(1, 2), (1, 2, 4, 6, 12)),
    (Fraction(1), (1, 1, 2, 3, 4, 6)),
    (Fraction(3, 2), (1, 1, 2, 4)),
)
"""Meals of a unit, and how many units a pack may have."""

GOODS: Mapping[FoodGroup, tuple[tuple[Storage, Kitchen, str], ...]] = {
    FoodGroup.STAPLE: (
        (Storage.AMBIENT, Kitchen.FULL, "rice"),
        (Storage.AMBIENT, Kitchen.MICROWAVE, "packed rice"),
    ),
    FoodGroup.PROTEIN: (
        (Storage.FROZEN, Kitchen.FULL, "fish"),
        (Storage.CHILLED, Kitchen.NONE, "tofu"),
        (Storage.AMBIENT, Kitchen.NONE, "tinned fish"),
    ),
    FoodGroup.PRODUCE: (
        (Storage.AMBIENT, Kitchen.FULL, "vegetables"),
        (Storage.AMBIENT, Kitchen.NONE, "fruit"),
    ),
    FoodGroup.DAIRY: ((Storage.CHILLED, Kitchen.NONE, "yoghurt"),),
    FoodGroup.OTHER: ((Storage.FROZEN, Kitchen.MICROWAVE, "frozen dumplings"),),
}
"""Per food group: how it is kept, what it takes to eat it, its name."""

ALLERGENS = ("egg", "milk", "wheat", "shrimp")
HABITS: tuple[tuple[frozenset[Diet], int], ...] = (
    (frozenset(), 84),
    (frozenset({Diet.NO_PORK}), 6),
    (frozenset({Diet.HALAL}), 5),
    (frozenset({Diet.VEGETARIAN}), 5),
)
"""Diets with how many of a hundred households keep them."""


def generated_week(households: int, lots: int, seed: int) -> WeekProblem:
    """A synthetic week: the same arguments always make the same week.

    Args:
        households: how many, all of them picking up.
        lots: how many, nine of ten at the hub, the others at satellites or on offer.
        seed: of everything that is drawn.
    """
    rng = Random(f"{households} {lots} {seed}")
    satellites = [
        f"S{k}" for k in range(1, max(3, min(16, households // HOUSEHOLDS_A_SATELLITE)) + 1)
    ]
    sessions = _sessions(rng, satellites)
    people = [_household(rng, f"H{n:04d}", sessions) for n in range(households)]
    sessions = _with_seats(rng, sessions, people)
    wanted = sum(household.meals_wanted for household in people)
    goods = _lots(rng, lots, satellites, wanted * SUPPLY)
    vehicles = _vehicles(rng, goods, max(1, households // HOUSEHOLDS_A_VEHICLE))
    days = sorted({session.day for session in sessions.values()})
    return WeekProblem(
        name=f"Synthetic week {households} x {lots}, seed {seed}",
        week_start=WEEK_START,
        organisations={"O": Organisation("O", "Synthetic network", Sector.CIVIC)},
        sites={site.id: site for site in _sites(rng, satellites, people, sessions)},
        lots={lot.id: lot for lot in goods},
        sessions=sessions,
        households={household.id: household for household in people},
        vehicles={vehicle.id: vehicle for vehicle in vehicles},
        shifts=tuple(
            Shift(vehicle.id, day * DAY_S + 8 * HOUR_S, day * DAY_S + 12 * HOUR_S)
            for vehicle in vehicles
            for day in days
        ),
        history=tuple(week for household in people for week in _history(rng, household)),
    )


def travel_between_sites(problem: WeekProblem) -> Travel:
    """The legs that planning a generated week needs, none of them longer than a way round."""
    return fastest(legs_for(problem, problem.sites), problem.sites)


def _sessions(rng: Random, satellites: list[str]) -> dict[str, Session]:
    """One or two a satellite, from Wednesday to Saturday."""
    return {
        f"{site_id}-{day}": Session(
            f"{site_id}-{day}", site_id, day * DAY_S + 14 * HOUR_S, day * DAY_S + 17 * HOUR_S
        )
        for site_id in satellites
        for day in sorted(rng.sample((2, 3, 4, 5), rng.choice((1, 2))))
    }


def _with_seats(
    rng: Random, sessions: Mapping[str, Session], people: list[Household]
) -> dict[str, Session]:
    """Half of the sessions seat all who can come to no other, and some of those with a choice.

    A satellite seats everybody in the end: where all its sessions have seats, the last has enough.
    """
    seats: dict[str, int] = {}
    for session in sessions.values():
        comers = [household for household in people if session.id in household.session_ids]
        regulars = sum(len(household.session_ids) == 1 for household in comers)
        if rng.random() < 1 / 2:
            seats[session.id] = regulars + round((len(comers) - regulars) * rng.uniform(0.3, 0.8))
        here = [s for s, other in sessions.items() if other.site_id == session.site_id]
        if session.id == here[-1] and all(s in seats for s in here):
            everybody = sum(not set(here).isdisjoint(h.session_ids) for h in people)
            seats[session.id] += max(0, everybody - sum(seats[s] for s in here))
    return {s: replace(session, households_max=seats.get(s)) for s, session in sessions.items()}


def _household(rng: Random, household_id: str, sessions: Mapping[str, Session]) -> Household:
    """A household near one satellite that can come to one or two of its sessions."""
    members = rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6))
    site_id = sessions[rng.choice(list(sessions))].site_id
    near = [session.id for session in sessions.values() if session.site_id == site_id]
    avoid = rng.sample(ALLERGENS, rng.choice((1, 1, 2))) if rng.random() < 0.12 else ()
    return Household(
        household_id,
        *_point(rng),
        members=members,
        meals_wanted=members * 3 + rng.randrange(3),
        avoid=frozenset(avoid),
        diet=rng.choices([diet for diet, _ in HABITS], [share for _, share in HABITS])[0],
        kitchen=rng.choices(list(Kitchen), (4, 16, 80))[0],
        cold=rng.choices(list(Cold), (4, 21, 75))[0],
        session_ids=tuple(sorted(rng.sample(near, rng.randint(1, len(near))))),
        weight=rng.choices((Fraction(1), Fraction(4, 5), Fraction(5, 4)), (94, 3, 3))[0],
    )


def _lots(rng: Random, count: int, satellites: list[str], meals: float) -> list[Lot]:
    """Lots that together hold so many meals, each a random share of them."""
    shares = [rng.uniform(0.4, 1.6) for _ in range(count)]
    places = ["HUB"] * 18 + ["DONOR", "satellite"]
    found = []
    for k, share in enumerate(shares):
        place = rng.choice(places)
        site_id = rng.choice(satellites) if place == "satellite" else place
        found.append(_lot(rng, f"L{k:03d}", site_id, meals * share / sum(shares)))
    return found


def _lot(rng: Random, lot_id: str, site_id: str, meals: float) -> Lot:
    group = rng.choice(list(GOODS))
    storage, kitchen, item = rng.choice(GOODS[group])
    unit_meals, sizes = rng.choice(PACKS)
    pack = rng.choice(sizes)
    packs = max(1, round(meals / float(unit_meals * pack)))
    contains = frozenset(code for code in ALLERGENS if rng.random() < 0.15)
    meat = rng.random() < 0.15
    tags = (
        {Tag.CONTAINS_PORK}
        if meat
        else {tag for tag in (Tag.HALAL, Tag.VEGETARIAN) if rng.random() < 0.6}
    )
    return Lot(
        lot_id,
        site_id,
        "O",
        f"{item} {lot_id}",
        group,
        storage,
        units=packs * pack,
        unit_g=round(float(unit_meals) * MEAL_G * rng.uniform(0.6, 1.5)),
        unit_meals=unit_meals,
        pack=pack,
        label=Label.BEST_BEFORE,
        last_day=WEEK_START + timedelta(days=rng.choice((9, 17, 40, 90))),
        contains=contains,
        checked=frozenset(code for code in ALLERGENS if code in contains or rng.random() < 0.95),
        kitchen_needed=kitchen,
        tags=frozenset(tags),
    )


def _sites(
    rng: Random,
    satellites: list[str],
    people: list[Household],
    sessions: Mapping[str, Session],
) -> list[Site]:
    """Hub and donor with room for all; satellites with room for a bit more or less than their share."""
    wanted = dict.fromkeys(satellites, 0)
    for household in people:
        wanted[sessions[household.session_ids[0]].site_id] += household.meals_wanted
    plenty = dict.fromkeys(Storage, 10**9)
    centre = (34.85, 135.62)
    found = [
        Site("HUB", "O", "Hub", SiteKind.HUB, *centre, plenty, 0, DAY_S, 15 * MINUTE_S),
        Site("DONOR", "O", "Donor", SiteKind.DONOR, *_point(rng), plenty, 0, DAY_S, 15 * MINUTE_S),
    ]
    for site_id in satellites:
        share_g = wanted[site_id] * SUPPLY * MEAL_G
        room_g = {
            Storage.AMBIENT: round(share_g * rng.uniform(0.45, 0.9)),
            Storage.CHILLED: round(share_g * rng.uniform(0.15, 0.5)),
            Storage.FROZEN: round(share_g * rng.choice((0.0, rng.uniform(0.1, 0.4)))),
        }
        found.append(
            Site(
                site_id,
                "O",
                f"Satellite {site_id}",
                SiteKind.SATELLITE,
                *_point(rng),
                {storage: -(-grams // KG_G) * KG_G for storage, grams in room_g.items() if grams},
                0,
                DAY_S,
                15 * MINUTE_S,
            )
        )
    return found


def _vehicles(rng: Random, goods: list[Lot], count: int) -> list[Vehicle]:
    """Compartments that together hold about what there is in a third of the week's trips."""
    found = []
    for k in range(count):
        room_g = {
            storage: round(
                sum(lot.units * lot.unit_g for lot in goods if lot.storage is storage)
                / (count * TRIPS_A_SHIFT * 3)
                * rng.uniform(0.9, 1.3)
            )
            for storage in Storage
        }
        found.append(Vehicle(f"V{k}", "HUB", room_g))
    return found


def _history(rng: Random, household: Household) -> list[HistoryWeek]:
    """One to four past weeks for two thirds of the households, filled to a half or more."""
    weeks = rng.choice((0, 1, 2, 4)) if rng.random() < 8 / 9 else 0
    wanted = household.meals_wanted
    return [
        HistoryWeek(
            household.id,
            WEEK_START - timedelta(weeks=back + 1),
            wanted,
            Fraction(rng.randint(wanted, 2 * wanted), 2),
        )
        for back in range(weeks)
    ]


def _point(rng: Random) -> tuple[float, float]:
    """Latitude and longitude within some three kilometres of the hub."""
    return 34.85 + rng.uniform(-0.027, 0.027), 135.62 + rng.uniform(-0.032, 0.032)
