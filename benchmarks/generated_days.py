"""Synthetic days of a pantry: invented places on a plane, most rules of a day in use; nothing is real.

A hub has four places where goods are fetched, six satellites and homes around it. A third of the
homes' goods is chilled and some is frozen; some of it is fetched the same day; two hot meals go straight
from a cook to a satellite. Legs are Manhattan distances at 24 km/h, made when they are asked for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from logistics.model.fleet import Shift, Vehicle
from logistics.model.places import Site
from logistics.model.plan import Load, StopKind
from logistics.model.problem import Leg, WeekProblem
from logistics.model.units import HOUR_S, MINUTE_S, SiteKind, Storage
from logistics.solver.routing import (
    MUST_PRICE,
    Call,
    Collection,
    DayJobs,
    Delivery,
    Pair,
)

METRES_A_SECOND = 24 / 3.6
HOMES_A_HUB = 450
"""Homes above which a day has one more hub."""

HOMES_A_VEHICLE = 18
AREA_M = 5_000
"""Half the side of the square around a hub in which its homes lie, for `HOMES_A_HUB` homes or fewer."""


@dataclass(frozen=True)
class Plane(Mapping[tuple[str, str], Leg]):
    """Legs between places with coordinates in metres; no matrix is ever made."""

    at: dict[str, tuple[int, int]]

    def __getitem__(self, ends: tuple[str, str]) -> Leg:
        (x, y), (u, v) = self.at[ends[0]], self.at[ends[1]]
        metres = abs(x - u) + abs(y - v)
        return Leg(metres, round(metres / METRES_A_SECOND))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((a, b) for a in self.at for b in self.at if a != b)

    def __len__(self) -> int:
        return len(self.at) * (len(self.at) - 1)


@dataclass(frozen=True)
class Generated:
    """A synthetic day."""

    name: str
    problem: WeekProblem
    travel: Plane
    jobs: DayJobs


def generated(stops: int, seed: int) -> Generated:
    """A day with about so many stops, hubs and vehicles in proportion to them."""
    luck = random.Random(seed)
    hubs = max(1, round(stops / HOMES_A_HUB))
    makers = [_Hub(f"h{i}", luck, stops // hubs, i, hubs) for i in range(hubs)]
    at = {place: point for hub in makers for place, point in hub.at.items()}
    problem = WeekProblem(
        name=f"synthetic {stops}",
        week_start=date(2026, 4, 6),
        organisations={},
        sites={
            hub.name: Site(hub.name, "o", hub.name, SiteKind.HUB, 34.8, 135.6, dock_s=600)
            for hub in makers
        },
        lots={},
        sessions={},
        households={},
        vehicles={vehicle.id: vehicle for hub in makers for vehicle in hub.vehicles},
        shifts=tuple(Shift(v.id, 9 * HOUR_S, 17 * HOUR_S) for h in makers for v in h.vehicles),
    )
    jobs = DayJobs(
        0,
        tuple(job for hub in makers for job in hub.deliveries),
        tuple(job for hub in makers for job in hub.collections),
        tuple(job for hub in makers for job in hub.pairs),
    )
    return Generated(f"{stops} stops, seed {seed}", problem, Plane(at), jobs)


class _Hub:
    """One hub's part of a day."""

    def __init__(self, name: str, luck: random.Random, stops: int, number: int, hubs: int) -> None:
        self.name, self.luck = name, luck
        side = max(1, round(hubs**0.5))
        self.centre = (number % side * 2 * AREA_M, number // side * 2 * AREA_M)
        self.at = {name: self.centre}
        homes = max(1, stops - 10)
        count = max(3, round(homes / HOMES_A_VEHICLE))
        self.vehicles = [
            Vehicle(
                f"{name}v{i}",
                name,
                {Storage.AMBIENT: 350_000, Storage.CHILLED: 120_000, Storage.FROZEN: 60_000},
                None if i % 3 else 150 * MINUTE_S,
            )
            for i in range(count)
        ]
        self.collections = [self._collection(i) for i in range(4)]
        sites = [self._place(f"{name}s{i}") for i in range(6)]
        self.deliveries = [self._to_site(site, i) for i, site in enumerate(sites)]
        self.deliveries += [self._to_door(i) for i in range(homes)]
        self.pairs = [self._hot_meal(sites[i], i) for i in range(2)]

    def _place(self, place_id: str) -> str:
        x, y = self.centre
        reach = AREA_M
        self.at[place_id] = (
            x + self.luck.randint(-reach, reach),
            y + self.luck.randint(-reach, reach),
        )
        return place_id

    def _collection(self, i: int) -> Collection:
        call = Call(
            self._place(f"{self.name}p{i}"),
            StopKind.SITE,
            open_s=(9 + i // 2) * HOUR_S,
            leave_by_s=(12 + i // 2) * HOUR_S,
            service_s=600,
        )
        grams = {Storage.CHILLED if i == 0 else Storage.AMBIENT: self.luck.randint(20, 60) * 1_000}
        price = 0 if i < 2 else MUST_PRICE
        name = f"{self.name}c{i}"
        return Collection(name, self.name, call, (Load(name, 1),), grams, price)

    def _to_site(self, place: str, i: int) -> Delivery:
        opens = self.luck.randint(11, 15) * HOUR_S
        call = Call(place, StopKind.SITE, 9 * HOUR_S, leave_by_s=opens, service_s=900)
        grams = {
            Storage.AMBIENT: self.luck.randint(30, 90) * 1_000,
            Storage.CHILLED: self.luck.randint(5, 25) * 1_000,
            Storage.FROZEN: self.luck.randint(0, 12) * 1_000,
        }
        name = f"{self.name}d{i}"
        return Delivery(name, self.name, call, (Load(name, 1),), grams)

    def _to_door(self, i: int) -> Delivery:
        begin = self.luck.choice((9, 9, 10, 11, 13, 14)) * HOUR_S
        end = begin + self.luck.choice((2, 3, 4)) * HOUR_S
        service_s = self.luck.randint(3, 10) * MINUTE_S
        call = Call(
            self._place(f"{self.name}x{i}"), StopKind.HOUSEHOLD, begin, end, service_s=service_s
        )
        grams = {Storage.AMBIENT: self.luck.randint(3, 15) * 1_000}
        if i % 3 == 0:
            grams[Storage.CHILLED] = self.luck.randint(1, 4) * 1_000
        if i % 7 == 0:
            grams[Storage.FROZEN] = self.luck.randint(1, 3) * 1_000
        late = begin >= 13 * HOUR_S and i % 12 == 0
        needs = frozenset({f"{self.name}c{i // 12 % 2}"}) if late else frozenset()
        name = f"{self.name}e{i}"
        return Delivery(name, self.name, call, (Load(name, 1),), grams, needs=needs)

    def _hot_meal(self, site: str, i: int) -> Pair:
        cook = Call(
            f"{self.name}p0", StopKind.SITE, 10 * HOUR_S, leave_by_s=14 * HOUR_S, service_s=300
        )
        drop = Call(site, StopKind.SITE, 10 * HOUR_S, leave_by_s=15 * HOUR_S, service_s=900)
        name = f"{self.name}m{i}"
        return Pair(name, cook, drop, (Load(name, 1),), {Storage.AMBIENT: 8_000})
