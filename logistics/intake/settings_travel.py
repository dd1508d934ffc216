"""`[travel]` of week.toml: the engine, and what a road graph or an OSRM server needs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainValidator

from logistics.intake import cells
from logistics.intake.report import Report
from logistics.intake.rows import Text
from logistics.intake.sources import SETTINGS
from logistics.intake.vocabulary import plain
from logistics.model.problem import TravelSettings
from logistics.model.travel import ENGINES, GraphSettings, OsrmSettings, is_server

_GRAPH, _OSRM, _ALL = GraphSettings(), OsrmSettings(), TravelSettings()


def _exact(value: float) -> Fraction:
    """A default as it is written: 0.43, not the nearest binary fraction."""
    return Fraction(str(value))


def _engine(value: object) -> str:
    """The name of a travel engine."""
    found = plain(cells.text(value)).lower()
    if found not in ENGINES:
        raise cells.reject("not_in_vocabulary", wrong=found, allowed=", ".join(ENGINES))
    return found


def _server(value: object) -> str:
    """The address of a web server, without the slash at its end."""
    found = cells.text(value).rstrip("/")
    if not is_server(found):
        raise cells.reject("not_a_server")
    return found


def _flag(value: object) -> bool:
    """`true` or `false`."""
    found = plain(cells.text(value)).lower()
    if found not in ("true", "false"):
        raise cells.reject("not_in_vocabulary", wrong=found, allowed="true, false")
    return found == "true"


Engine = Annotated[str, PlainValidator(_engine)]
Server = Annotated[str, PlainValidator(_server)]
Flag = Annotated[bool, PlainValidator(_flag)]
Speed = Annotated[Fraction, PlainValidator(cells.exact(above=0, maximum=1000))]
Ratio = Annotated[Fraction, PlainValidator(cells.exact(minimum=1, maximum=1000))]
Factor = Annotated[Fraction, PlainValidator(cells.exact(above=0, maximum=10))]
Timeout = Annotated[Fraction, PlainValidator(cells.exact(above=0, maximum=600))]
Metres = Annotated[int, PlainValidator(cells.whole(maximum=100_000))]
DaysKept = Annotated[int, PlainValidator(cells.whole(maximum=3650))]
Places = Annotated[int, PlainValidator(cells.whole(minimum=2, maximum=100_000))]


class _Section(BaseModel):
    """A table of week.toml; unknown keys are reported apart."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GraphTable(_Section):
    """`[travel.graph]`"""

    nodes: Text = _GRAPH.nodes
    edges: Text = _GRAPH.edges
    speed_factor: Factor = _exact(_GRAPH.speed_factor)
    both_ways: Flag = _GRAPH.both_ways


class OsrmTable(_Section):
    """`[travel.osrm]`"""

    url: Server = _OSRM.url
    profile: Text = _OSRM.profile
    speed_factor: Factor = _exact(_OSRM.speed_factor)
    timeout_s: Timeout = _exact(_OSRM.timeout_s)
    cache: Text = _OSRM.cache
    cache_days: DaysKept = _OSRM.cache_days
    table_max: Places = _OSRM.table_max
    allow_remote: Flag = _OSRM.allow_remote


class TravelTable(_Section):
    """`[travel]`"""

    engine: Engine = _ALL.engine
    speed_kmh: Speed = _exact(_ALL.speed_kmh)
    circuity: Ratio = _exact(_ALL.circuity)
    snap_m: Metres = _ALL.snap_m
    walk_kmh: Speed = _exact(_ALL.walk_kmh)
    graph: GraphTable = GraphTable()
    osrm: OsrmTable = OsrmTable()


def travel_of(table: TravelTable, folder: Path) -> TravelSettings:
    """The travel settings; their paths start from the week folder."""
    graph, osrm = table.graph, table.osrm
    return TravelSettings(
        engine=table.engine,
        speed_kmh=float(table.speed_kmh),
        circuity=float(table.circuity),
        snap_m=table.snap_m,
        walk_kmh=float(table.walk_kmh),
        graph=GraphSettings(graph.nodes, graph.edges, float(graph.speed_factor), graph.both_ways),
        osrm=OsrmSettings(
            url=osrm.url,
            profile=osrm.profile,
            speed_factor=float(osrm.speed_factor),
            timeout_s=float(osrm.timeout_s),
            cache=osrm.cache,
            cache_days=osrm.cache_days,
            table_max=osrm.table_max,
            allow_remote=osrm.allow_remote,
        ),
        folder=str(folder.resolve()),
    )


def check_travel(table: TravelTable, report: Report) -> None:
    """Places of homes leave this machine only if that was said on purpose, and never in silence."""
    if table.engine == "osrm" and not OsrmSettings(table.osrm.url).is_local:
        code = "remote_server" if table.osrm.allow_remote else "remote_not_allowed"
        report.add(code, SETTINGS, column="travel.osrm.url", value=table.osrm.url)


def graph_files(table: TravelTable) -> frozenset[str]:
    """Names of the road graph's files that lie in the week folder itself."""
    if table.engine != "graph":
        return frozenset()
    paths = (Path(table.graph.nodes), Path(table.graph.edges))
    return frozenset(path.name for path in paths if path.parent == Path())
