"""How do the travel engines compare? `python -m benchmarks.travel NODES.csv EDGES.csv [--osrm URL] …`.

Places are drawn up to about 40 m from random nodes of the road graph. Each engine measures all legs
between them: once as a week does, and once more, for what stays in memory or on disk. Prints medians
over legs of metres, seconds and speed; and, over pairs from 500 m apart, metres per metre as the crow
flies and seconds against the estimate.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from logistics.model.places import Site
from logistics.model.problem import Travel, TravelSettings, WeekProblem
from logistics.model.travel import GraphSettings, OsrmSettings
from logistics.model.units import SiteKind
from logistics.travel import fastest, legs_for, measure
from logistics.travel.roads import RoadFiles, parsed, read_roads

AWAY_DEGREES = 4e-4
APART_M = 500
MONDAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Run:
    """What one engine made of the places; times are wall clock and processor, first and again."""

    name: str
    legs: Travel
    seconds: tuple[float, float]
    again: tuple[float, float]
    warnings: int

    def row(self, crow: Travel, estimate: Travel, places: Sequence[str]) -> str:
        """The figures as a line of a Markdown table."""
        legs = list(self.legs.values())
        apart = [pair for pair in crow if crow[pair].metres >= APART_M]
        ratios = sorted(self.legs[pair].metres / crow[pair].metres for pair in apart)
        slower = [self.legs[pair].seconds / estimate[pair].seconds for pair in apart]
        closed = fastest(self.legs, places)
        cells = (
            self.name,
            f"{statistics.median(leg.metres for leg in legs):,.0f}",
            f"{statistics.median(leg.seconds for leg in legs):,.0f}",
            f"{statistics.median(3.6 * leg.metres / max(1, leg.seconds) for leg in legs):.1f}",
            f"{statistics.median(ratios):.2f} ({ratios[int(0.9 * len(ratios))]:.2f})",
            f"{statistics.median(slower):.2f} ({max(slower):.1f})",
            f"{max(self.legs[pair].seconds - closed[pair].seconds for pair in closed)}",
            f"{self.seconds[0]:.2f} ({self.seconds[1]:.2f})",
            f"{self.again[0]:.2f} ({self.again[1]:.2f})",
            f"{self.warnings}",
        )
        return f"| {' | '.join(cells)} |"


HEADINGS = (
    "engine", "metres", "seconds", "km/h", "m / crow m (p90)", "s / estimate (most)",
    "way round quicker by", "measured in s (processor)", "again", "warnings",
)  # fmt: skip


def week_at(places: dict[str, tuple[float, float]], travel: TravelSettings) -> WeekProblem:
    """A week that has nothing but places."""
    sites = {name: Site(name, "O", name, SiteKind.HUB, *point) for name, point in places.items()}
    return WeekProblem("travel", MONDAY, {}, sites, {}, {}, {}, {}, (), travel=travel)


def drawn(nodes: Path, edges: Path, count: int, seed: int) -> dict[str, tuple[float, float]]:
    """Places near random nodes of a graph."""
    graph = read_roads(RoadFiles(nodes, edges, False, 21.0)).graph
    parsed.cache_clear()  # the engine's first reading is to be measured
    draw = random.Random(seed)
    points = [(data["lat"], data["lon"]) for _, data in graph.nodes(data=True)]

    def near(point: tuple[float, float]) -> tuple[float, float]:
        lat, lon = (round(x + draw.uniform(-AWAY_DEGREES, AWAY_DEGREES), 6) for x in point)
        return lat, lon

    return {f"P{i:04}": near(draw.choice(points)) for i in range(count)}


def run(name: str, problem: WeekProblem) -> Run:
    """Measure twice."""
    times = []
    for _ in range(2):
        begun, busy = perf_counter(), process_time()
        measured = measure(problem, problem.sites)
        times.append((perf_counter() - begun, process_time() - busy))
    return Run(name, measured.legs, times[0], times[1], len(measured.warnings))


def runs(arguments: argparse.Namespace, places: dict[str, tuple[float, float]]) -> Iterator[Run]:
    """Every engine in turn."""
    yield run("estimate", week_at(places, TravelSettings()))
    graph = GraphSettings(str(arguments.nodes.resolve()), str(arguments.edges.resolve()))
    yield run("graph", week_at(places, TravelSettings("graph", graph=graph)))
    if arguments.osrm:
        with tempfile.TemporaryDirectory() as folder:
            osrm = OsrmSettings(arguments.osrm)
            travel = TravelSettings("osrm", osrm=osrm, folder=folder)
            yield run("osrm", week_at(places, travel))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("nodes", type=Path)
    parser.add_argument("edges", type=Path)
    parser.add_argument("--osrm", metavar="URL", help="a server on this machine, same streets")
    parser.add_argument("--places", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    places = drawn(arguments.nodes, arguments.edges, arguments.places, arguments.seed)
    crow = legs_for(week_at(places, TravelSettings("estimate", 21.0, 1.0)), places)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}; {arguments.places} places, seed {arguments.seed}\n"
    )
    print(f"| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}")
    found = list(runs(arguments, places))
    for one in found:
        print(one.row(crow, found[0].legs, list(places)))


if __name__ == "__main__":
    main()
