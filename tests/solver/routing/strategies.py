"""Random small days: every kind of job, tight windows, legs that keep no triangle inequality."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hypothesis import strategies as st

from logistics.model.fleet import Vehicle
from logistics.model.problem import Leg, Travel, WeekProblem
from logistics.solver.routing import MUST_PRICE, Call, Collection, DayJobs, Delivery, Pair
from tests.solver.routing.days import (
    AMBIENT,
    CHILLED,
    NINE,
    collection,
    delivery,
    door,
    pair,
    shift,
    site,
    week,
)

MINUTE = 60
HUBS = ("HUB", "HUB2")
PLACES = ("P0", "P1", "P2", "P3", "P4")
STORAGE = st.sampled_from((AMBIENT, CHILLED))
PRICES = st.sampled_from((MUST_PRICE, MUST_PRICE, 1_200_000, 10_000, 0))
GRAMS = st.sampled_from((1_000, 9_000, 15_000))


@dataclass(frozen=True)
class Case:
    """A week, its legs and one day's jobs."""

    problem: WeekProblem
    travel: Travel
    jobs: DayJobs


@st.composite
def calls(draw: st.DrawFn, place: str, at_door: bool) -> Call:
    open_s = NINE + MINUTE * draw(st.integers(0, 90))
    wide_s = MINUTE * draw(st.integers(20, 180))
    service_s = MINUTE * draw(st.integers(0, 10))
    if at_door:
        return door(place, open_s, open_s + wide_s, service_s)
    return site(place, open_s, open_s + wide_s, service_s)


@st.composite
def fleets(draw: st.DrawFn) -> WeekProblem:
    vehicles, shifts = [], []
    for i in range(draw(st.integers(1, 2))):
        room = {AMBIENT: draw(st.sampled_from((20_000, 60_000))), CHILLED: 20_000}
        cold_s_max = draw(st.sampled_from((None, 20 * MINUTE, 45 * MINUTE)))
        home = draw(st.sampled_from(HUBS)) if i else "HUB"
        vehicles.append(Vehicle(f"V{i}", home, room, cold_s_max))
        start_s = NINE + MINUTE * draw(st.integers(0, 30))
        shifts.append(shift(f"V{i}", start_s, start_s + MINUTE * draw(st.integers(90, 300))))
    if draw(st.integers(0, 3)) == 0:
        late_s = shifts[0].end_s + 30 * MINUTE
        shifts.append(shift("V0", late_s, late_s + 90 * MINUTE))
    return week(vehicles, shifts, HUBS, MINUTE * draw(st.integers(0, 8)))


@st.composite
def days(draw: st.DrawFn, points_max: int = 4) -> Case:
    """A day with at most so many calls; doors are `H…`, sites may be shared."""
    deliveries: list[Delivery] = []
    collections: list[Collection] = []
    pairs: list[Pair] = []
    points = 0
    wanted = points_max - draw(st.sampled_from((0, 0, 0, 1, 2)))
    while points < wanted:
        last = points + 1 == wanted
        kind = draw(st.sampled_from(("door", "site", "collection") + ("pair",) * (not last)))
        name, grams, storage = f"J{points}", draw(GRAMS), draw(STORAGE)
        if kind == "collection":
            call = draw(calls(draw(st.sampled_from(PLACES)), at_door=False))
            price = draw(st.sampled_from((0, 0, MUST_PRICE)))
            collections.append(collection(name, call, grams, storage=storage, price=price))
        elif kind == "pair":
            pickup = draw(calls("P0", at_door=False))
            doors = [job.call.place_id for job in deliveries if job.call.place_id[0] == "H"]
            place = draw(st.sampled_from((*PLACES[1:], *doors)))
            drop = draw(calls(place, at_door=place in doors))
            pairs.append(pair(name, pickup, drop, grams, storage=storage, price=draw(PRICES)))
        else:
            place = f"H{points}" if kind == "door" else draw(st.sampled_from(PLACES))
            call = draw(calls(place, at_door=kind == "door"))
            hub = draw(st.sampled_from((HUBS[0], HUBS[0], HUBS[1])))
            nearby = [c.id for c in collections if c.hub_id == hub]
            needs = tuple(c for c in nearby if draw(st.booleans()))
            price = draw(PRICES)
            deliveries.append(
                delivery(name, call, grams, storage=storage, price=price, needs=needs, hub=hub)
            )
        points += 1 + (kind == "pair")
    jobs = DayJobs(0, tuple(deliveries), tuple(collections), tuple(pairs))
    ids = (*HUBS, *PLACES, *(f"H{i}" for i in range(points_max)))
    luck = random.Random(draw(st.integers(0, 2**32)))
    travel = {
        (a, b): Leg(luck.randint(100, 5_000), luck.randint(60, 20 * MINUTE))
        for a in ids
        for b in ids
        if a != b
    }
    return Case(draw(fleets()), travel, jobs)
