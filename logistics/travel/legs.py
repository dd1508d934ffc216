"""Legs between places: from the week's travel engine, overridden by `travel.csv` where that knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from logistics.model.problem import Leg, Travel, TravelSettings, WeekProblem
from logistics.model.travel import ENGINES
from logistics.travel.engine import NO_WAY, Engine, Fault, Place, Table, TravelFailed
from logistics.travel.estimate import Estimate
from logistics.travel.graph import RoadGraph
from logistics.travel.osrm import Osrm
from logistics.travel.roads import RoadFiles

SHOWN_PAIRS = 5
"""Pairs without a way that a finding names."""


class UnknownTravelEngine(TravelFailed):
    """The week asks for a travel engine that does not exist."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Legs with where they come from.

    `engine` and `detail` go into the plan. `is_closed`: no way round is quicker than a leg, so that
    bounds may rest on the legs as they are; else see `fastest`. `warnings` are for whoever plans.
    """

    legs: Travel
    engine: str
    detail: str = ""
    is_closed: bool = True
    warnings: tuple[Fault, ...] = ()


def engine_label(problem: WeekProblem) -> str:
    """What the legs of a week come from: the engine, and `travel.csv` if it overrides any.

    Raises:
        UnknownTravelEngine: if the week asks for an engine that does not exist.
    """
    engine = problem.travel.engine
    if engine not in ENGINES:
        words = {"engine": engine, "engines": ", ".join(ENGINES)}
        raise UnknownTravelEngine(Fault("unknown_engine", words, column="travel.engine"))
    return f"{engine}+travel.csv" if problem.legs else engine


def engine_of(settings: TravelSettings) -> Engine:
    """The engine that the settings name, which must be one of `ENGINES`."""
    base = Path(settings.folder)
    if settings.engine == "graph":
        graph = settings.graph
        files = RoadFiles(
            base / graph.nodes, base / graph.edges, graph.both_ways, settings.speed_kmh
        )
        return RoadGraph(files, graph, settings.snap_m, settings.walk_kmh)
    if settings.engine == "osrm":
        cache = base / settings.osrm.cache
        return Osrm(settings.osrm, settings.snap_m, settings.walk_kmh, cache)
    return Estimate(settings.circuity, settings.speed_kmh)


def legs_for(problem: WeekProblem, place_ids: Iterable[str]) -> Travel:
    """The legs of `measure`, for callers that need nothing else."""
    return measure(problem, place_ids).legs


def measure(problem: WeekProblem, place_ids: Iterable[str]) -> Measured:
    """Legs between every two different places of a week, from the engine that its settings name.

    A leg in `travel.csv` replaces the engine's in its own direction only. Where the engine fails, the
    week fails: no other engine is used in silence.

    Args:
        problem: the week, for coordinates, settings and known legs.
        place_ids: identifiers of sites and households, in any order; repeated ones count once.

    Returns:
        Legs by (from, to), in the order of the identifiers; none from a place to itself.

    Raises:
        UnknownTravelEngine: if the week asks for an engine that does not exist.
        TravelFailed: if the engine gives no legs, or none for some pair that needs one.
        KeyError: if an identifier is neither a site nor a household.
    """
    label = engine_label(problem)
    ids = sorted(set(place_ids))
    places, seat = _places(problem, ids)
    known = problem.legs
    if all(pair in known or seat[pair[0]] == seat[pair[1]] for pair in permutations(ids, 2)):
        here = Leg(0, 0)
        legs = {pair: known.get(pair) or here for pair in permutations(ids, 2)}
        return Measured(legs, "travel.csv" if known else label, is_closed=not known)
    table = engine_of(problem.travel).table(places)
    _stop_where_lost(problem, ids, seat, table)
    metres, seconds = table.metres.tolist(), table.seconds.tolist()
    legs = {}
    for origin in ids:
        row_m, row_s = metres[seat[origin]], seconds[seat[origin]]
        for target in ids:
            if origin != target:
                given = known.get((origin, target))
                legs[origin, target] = given or Leg(row_m[seat[target]], row_s[seat[target]])
    closed_ = problem.travel.engine == "estimate" and not known
    return Measured(legs, label, table.detail, closed_, table.warnings)


def examine(problem: WeekProblem) -> tuple[Fault, ...]:
    """What can be said of a week's travel without asking anybody: warnings about its road graph.

    Raises:
        TravelFailed: if the graph cannot be read or a place has no way on it.
    """
    if problem.travel.engine != "graph":
        return ()
    return measure(problem, [*problem.sites, *problem.households]).warnings


def _places(problem: WeekProblem, ids: Sequence[str]) -> tuple[list[Place], dict[str, int]]:
    """The distinct points of the identifiers, and which of them each identifier stands at."""
    at: dict[tuple[float, float, bool], list[str]] = {}
    for place_id in ids:
        at.setdefault((*problem.point(place_id), place_id in problem.households), []).append(
            place_id
        )
    places = [Place(tuple(names), lat, lon, home) for (lat, lon, home), names in at.items()]
    return places, {name: i for i, place in enumerate(places) for name in place.ids}


def _stop_where_lost(
    problem: WeekProblem, ids: Sequence[str], seat: dict[str, int], table: Table
) -> None:
    """Raise if a leg is needed that neither the engine nor `travel.csv` has."""
    if not (table.seconds == NO_WAY).any():
        return
    lost = [
        (a, b)
        for a, b in permutations(ids, 2)
        if table.seconds[seat[a], seat[b]] == NO_WAY and (a, b) not in problem.legs
    ]
    seats = {seat[name] for pair in lost for name in pair}
    faults = [table.stranded[i] for i in sorted(seats) if i in table.stranded]
    rest = [pair for pair in lost if not {seat[pair[0]], seat[pair[1]]} & table.stranded.keys()]
    if rest:
        shown = ", ".join(f"{a} → {b}" for a, b in rest[:SHOWN_PAIRS])
        more = f" (+{len(rest) - SHOWN_PAIRS})" if len(rest) > SHOWN_PAIRS else ""
        named = tuple(sorted({name for pair in rest for name in pair}))
        faults.append(Fault("no_way", {"pairs": shown + more, "n": len(rest)}, ids=named))
    if faults:
        raise TravelFailed(*faults)


def fastest(travel: Travel, place_ids: Iterable[str]) -> Travel:
    """The same legs with the seconds of the fastest way by any other places.

    Legs from a file or a server may take longer than a way round; bounds that are to be proven must
    not rest on them. Metres stay those of the direct leg.
    """
    ids = sorted(set(place_ids))
    seconds = closed([[0 if a == b else travel[a, b].seconds for b in ids] for a in ids])
    return {
        (a, b): Leg(travel[a, b].metres, seconds[i][j])
        for i, a in enumerate(ids)
        for j, b in enumerate(ids)
        if a != b
    }


def closed(seconds: list[list[int]]) -> list[list[int]]:
    """Seconds between all places by way of any others (Floyd and Warshall, O(n^3) in numpy)."""
    import numpy as np

    ways = np.array(seconds, dtype=np.int64).reshape(len(seconds), len(seconds))
    for via in range(len(seconds)):
        np.minimum(ways, ways[:, via, None] + ways[None, via, :], out=ways)
    found: list[list[int]] = ways.tolist()
    return found
