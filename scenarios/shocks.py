"""The declared shocks: what can go wrong in a week, from nothing (0) to everything (100).

A shock is a pure function of week, severity and draws. Every entity (a lot, an organisation, an
appliance, a shift, a household) has one number in [0, 1) of its own that depends on seed, shock and
entity alone, never on the severity or on the order of the tables. Hence common random numbers: a
shift that is absent at 30 is absent at 60 too, severities and weeks differ by the shock and not by
luck, and another entity in the week moves nobody else's number.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from math import floor
from types import MappingProxyType

from logistics.model.errors import InvalidFact, NotFound, require
from logistics.model.goods import Lot
from logistics.model.people import Household
from logistics.model.places import Site
from logistics.model.problem import WeekProblem
from logistics.model.units import WEEK_DAYS, SiteKind, Storage

SEVERITY_MAX = 100
MEALS_A_DAY = 3
COLD = (Storage.CHILLED, Storage.FROZEN)


@dataclass(frozen=True, slots=True)
class Draws:
    """Random numbers by name: the same seed, shock and entity always give the same number."""

    seed: int
    shock: str

    def uniform(self, *entity: str | int) -> float:
        """A number in [0, 1), uniform over entities: the first 53 bits of a SHA-256."""
        name = json.dumps([self.seed, self.shock, *entity])
        return (int.from_bytes(sha256(name.encode()).digest()[:8]) >> 11) / 2**53


@dataclass(frozen=True, slots=True)
class Shock:
    """A declared shock; `meaning` says what severity 0 and 100 are."""

    name: str
    apply: Callable[[WeekProblem, int, Draws], WeekProblem]
    title_ja: str
    title_en: str
    meaning: str


_SHOCKS: dict[str, Shock] = {}


def register(shock: Shock) -> Shock:
    """Declare a shock.

    Raises:
        InvalidFact: if the name is taken.
    """
    if shock.name in _SHOCKS:
        raise InvalidFact(f"Shock {shock.name!r} is already registered")
    _SHOCKS[shock.name] = shock
    return shock


def shock(name: str) -> Shock:
    """The shock of that name.

    Raises:
        NotFound: if there is none.
    """
    if name not in _SHOCKS:
        raise NotFound(f"There is no shock {name!r}; known are {', '.join(names())}")
    return _SHOCKS[name]


def names() -> tuple[str, ...]:
    """The names of all shocks, in the order in which they were declared."""
    return tuple(_SHOCKS)


def shocked(problem: WeekProblem, name: str, severity: int, seed: int) -> WeekProblem:
    """The week after a shock; at severity 0 the very same week.

    The digest of a shocked week is its own, so that no plan for it passes as one for the real week.

    Raises:
        NotFound: if there is no such shock.
        InvalidFact: if the severity is not within 0..100.
    """
    declared = shock(name)
    require(
        0 <= severity <= SEVERITY_MAX,
        f"Shock {name}: severity must be within 0..{SEVERITY_MAX}, got {severity}",
    )
    if severity == 0:
        return problem
    changed = declared.apply(problem, severity, Draws(seed, name))
    identity = json.dumps([problem.digest, name, severity, seed])
    return replace(changed, digest=f"sha256:{sha256(identity.encode()).hexdigest()}")


def share(severity: int, draw: float) -> float:
    """How much of one entity a shock takes: 0 at severity 0, all at 100, and never less at more.

    With s = severity / 100 and the entity's draw u: 2 u s up to s = 1/2, then 1 - 2 (1 - u) (1 - s).
    The mean over u is s; at 50 the share is u itself, so that entities differ most in the middle.
    """
    s = severity / SEVERITY_MAX
    return 2 * draw * s if s <= 0.5 else 1 - 2 * (1 - draw) * (1 - s)


def happens(severity: int, draw: float) -> bool:
    """Whether an all-or-nothing event strikes an entity: with probability severity / 100."""
    return draw * SEVERITY_MAX < severity


def rounded(amount: float, draw: float) -> int:
    """An amount as a whole number whose mean over draws is the amount, monotone in the amount."""
    return floor(amount + draw)


def dry_up(problem: WeekProblem, severity: int, draws: Draws) -> WeekProblem:
    """Supply drought: every lot, offered or in stock, loses whole packs; held units stay."""

    def left(lot: Lot) -> Lot:
        packs = lot.free_units // lot.pack
        taken = packs * share(severity, draws.uniform(lot.id, "share"))
        lost = min(packs, rounded(taken, draws.uniform(lot.id, "rounding")))
        return replace(lot, units=lot.units - lost * lot.pack)

    return replace(problem, lots={id_: left(lot) for id_, lot in problem.lots.items()})


def lose_donors(problem: WeekProblem, severity: int, draws: Draws) -> WeekProblem:
    """Donor loss: some organisations have not given: their offers and what is in stock are not there.

    Their lots stay in the week with no units, so that pins and tables still name known things.
    """
    lost = {
        org_id
        for org_id in {lot.org_id for lot in problem.lots.values()}
        if happens(severity, draws.uniform(org_id))
    }
    return _without_lots(problem, {lot.id for lot in problem.lots.values() if lot.org_id in lost})


def break_fridges(problem: WeekProblem, severity: int, draws: Draws) -> WeekProblem:
    """Fridge failure: sites lose their chilled or frozen storage, with the stock that stands in it.

    Fridge and freezer of a site fail apart from each other. The stock is lost from the start of the
    week (held units too): there is no knowing how long it was warm, and a week must not begin above
    its capacity. Donors' storage and vehicles' compartments are not the network's fridges.
    """
    failed = {
        (site.id, storage)
        for site in problem.sites.values()
        if site.kind is not SiteKind.DONOR
        for storage in COLD
        if site.keeps(storage) and happens(severity, draws.uniform(site.id, storage))
    }

    def left(site: Site) -> Site:
        broken = {storage: 0 for storage in COLD if (site.id, storage) in failed}
        if not broken:
            return site
        return replace(site, capacity_g=MappingProxyType({**site.capacity_g, **broken}))

    spoilt = {lot.id for lot in problem.lots.values() if (lot.site_id, lot.storage) in failed}
    sites = {id_: left(site) for id_, site in problem.sites.items()}
    return _without_lots(replace(problem, sites=sites), spoilt)


def miss_drivers(problem: WeekProblem, severity: int, draws: Draws) -> WeekProblem:
    """Driver no-show: shifts vanish, each for itself."""
    return replace(
        problem,
        shifts=tuple(
            shift
            for shift in problem.shifts
            if not happens(severity, draws.uniform(shift.vehicle_id, shift.start_s))
        ),
    )


def surge_demand(problem: WeekProblem, severity: int, draws: Draws) -> WeekProblem:
    """Demand surge: households want more, up to twice their wish at 100.

    Nobody is raised above three meals a day for each member, nobody who wants nothing starts to,
    and no newcomers sign up.
    """

    def asking(household: Household) -> Household:
        wanted = household.meals_wanted
        most = max(wanted, household.members * MEALS_A_DAY * WEEK_DAYS)
        more = wanted * share(severity, draws.uniform(household.id, "share"))
        risen = wanted + min(wanted, rounded(more, draws.uniform(household.id, "rounding")))
        return replace(household, meals_wanted=min(risen, most))

    return replace(problem, households={id_: asking(h) for id_, h in problem.households.items()})


def _without_lots(problem: WeekProblem, gone: set[str]) -> WeekProblem:
    """The week with no units of some lots."""
    lots = {
        id_: replace(lot, units=0, hold_units=0) if id_ in gone else lot
        for id_, lot in problem.lots.items()
    }
    return replace(problem, lots=lots)


register(
    Shock(
        "supply_drought",
        dry_up,
        "供給の落ち込み",
        "Supply drought",
        "share of each lot's packs that is missing on average: 0 none, 100 all but held units",
    )
)
register(
    Shock(
        "donor_loss",
        lose_donors,
        "寄付者の離脱",
        "Donor loss",
        "chance that an organisation has given nothing: 0 all give, 100 none",
    )
)
register(
    Shock(
        "fridge_failure",
        break_fridges,
        "冷蔵・冷凍庫の故障",
        "Fridge failure",
        "chance that a site's fridge or freezer fails with its stock: 0 none, 100 all",
    )
)
register(
    Shock(
        "driver_no_show",
        miss_drivers,
        "運転手の欠勤",
        "Driver no-show",
        "chance that a shift is not driven: 0 all are driven, 100 none",
    )
)
register(
    Shock(
        "demand_surge",
        surge_demand,
        "需要の急増",
        "Demand surge",
        "rise of each household's wish on average: 0 none, 100 doubled (at most 3 meals a day each)",
    )
)
