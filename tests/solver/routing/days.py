"""Makers of tiny days for the routing tests: a hub, a few places, legs written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from logistics.model.fleet import Shift, Vehicle
from logistics.model.places import Site
from logistics.model.plan import Load, StopKind
from logistics.model.problem import Leg, WeekProblem
from logistics.model.units import SiteKind, Storage
from logistics.solver.routing import MUST_PRICE, Call, Collection, Delivery, Pair

HOUR = 3600
NINE = 9 * HOUR
AMBIENT, CHILLED, FROZEN = Storage.AMBIENT, Storage.CHILLED, Storage.FROZEN

Ends = tuple[str, str]


def week(
    vehicles: list[Vehicle],
    shifts: list[Shift],
    homes: tuple[str, ...] = ("HUB",),
    dock_s: int = 0,
) -> WeekProblem:
    sites = {
        home: Site(home, "O", home, SiteKind.HUB, 34.8, 135.6, {AMBIENT: 10**7}, dock_s=dock_s)
        for home in homes
    }
    return WeekProblem(
        name="tiny",
        week_start=date(2026, 4, 6),
        organisations={},
        sites=sites,
        lots={},
        sessions={},
        households={},
        vehicles={vehicle.id: vehicle for vehicle in vehicles},
        shifts=tuple(shifts),
    )


def van(
    name: str = "V1", ambient_g: int = 100_000, home: str = "HUB", cold_s_max: int | None = None
) -> Vehicle:
    room = {AMBIENT: ambient_g, CHILLED: 20_000, FROZEN: 20_000}
    return Vehicle(name, home, room, cold_s_max)


def shift(name: str = "V1", start_s: int = NINE, end_s: int = 17 * HOUR) -> Shift:
    return Shift(name, start_s, end_s)


def on_a_line(positions: Mapping[str, int]) -> dict[Ends, Leg]:
    """Places on a road; a position is in minutes of driving, and a minute is 500 m."""
    return {
        (a, b): Leg(500 * abs(x - y), 60 * abs(x - y))
        for a, x in positions.items()
        for b, y in positions.items()
        if a != b
    }


def site(
    place: str, open_s: int = 0, leave_by_s: int = 24 * HOUR, service_s: int = 0, **more: int
) -> Call:
    return Call(place, StopKind.SITE, open_s, leave_by_s=leave_by_s, service_s=service_s, **more)


def door(place: str, open_s: int = 0, start_by_s: int = 24 * HOUR, service_s: int = 0) -> Call:
    return Call(place, StopKind.HOUSEHOLD, open_s, start_by_s, service_s=service_s)


def delivery(
    name: str,
    call: Call,
    grams: int = 1_000,
    *,
    storage: Storage = AMBIENT,
    price: int = MUST_PRICE,
    needs: tuple[str, ...] = (),
    hub: str = "HUB",
    release_s: int = 0,
) -> Delivery:
    goods = (Load(f"lot-{name}", 1),)
    return Delivery(name, hub, call, goods, {storage: grams}, price, frozenset(needs), release_s)


def collection(
    name: str,
    call: Call,
    grams: int = 1_000,
    *,
    storage: Storage = AMBIENT,
    price: int = 0,
    hub: str = "HUB",
) -> Collection:
    return Collection(name, hub, call, (Load(f"lot-{name}", 1),), {storage: grams}, price)


def pair(
    name: str,
    pickup: Call,
    drop: Call,
    grams: int = 1_000,
    *,
    storage: Storage = AMBIENT,
    price: int = MUST_PRICE,
) -> Pair:
    return Pair(name, pickup, drop, (Load(f"lot-{name}", 1),), {storage: grams}, price)
