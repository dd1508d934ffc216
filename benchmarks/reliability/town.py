"""The invented book that is measured: lots at one site, and nothing else that could get in the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

from logistics import store
from logistics.model.goods import Lot
from logistics.model.places import Organisation, Site
from logistics.model.problem import WeekProblem
from logistics.model.units import FoodGroup, Sector, SiteKind, Storage
from logistics.store import Engine

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HUB, ANNEX = "HUB", "ANNEX"
UNIT_G = 500


def lot_ids(lots: int) -> list[str]:
    """Names of so many lots."""
    return [f"LOT{number:04d}" for number in range(1, lots + 1)]


def week(lots: int, units: int) -> WeekProblem:
    """A week whose hub has so many lots of so many units each, and an annex that has none."""
    room = {Storage.AMBIENT: 10**9}
    sites = {
        name: Site(name, "GIVER", name.lower(), kind, 34.85, 135.62, room)
        for name, kind in ((HUB, SiteKind.HUB), (ANNEX, SiteKind.SATELLITE))
    }
    goods = {
        name: Lot(
            name,
            HUB,
            "GIVER",
            f"item {name}",
            FoodGroup.STAPLE,
            Storage.AMBIENT,
            units,
            UNIT_G,
            Fraction(1),
        )
        for name in lot_ids(lots)
    }
    return WeekProblem(
        name="reliability",
        week_start=MONDAY,
        organisations={"GIVER": Organisation("GIVER", "a giver", Sector.COMPANY)},
        sites=sites,
        lots=goods,
        sessions={},
        households={},
        vehicles={},
        shifts=(),
        digest=f"sha256:{lots}x{units}",
    )


def new_book(url: str, lots: int, units: int) -> Engine:
    """A book in an empty database, with that week taken in."""
    engine = store.init_book(url)
    store.import_week(engine, week(lots, units), now=NOW)
    return engine
