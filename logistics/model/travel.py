"""Settings of the travel engines that need more than a speed: a road graph, an OSRM server."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from logistics.model.errors import require

ENGINES = ("estimate", "graph", "osrm")
"""Names that `[travel] engine` in week.toml may have."""


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """A road graph as two tables; paths are relative to the week folder.

    Times of the edges are divided by `speed_factor`. With `both_ways` each edge may be driven in both
    directions; otherwise only as it is written.
    """

    nodes: str = "roads/nodes.csv"
    edges: str = "roads/edges.csv"
    speed_factor: float = 1.0
    both_ways: bool = False

    def __post_init__(self) -> None:
        require(self.speed_factor > 0, "Graph: speed_factor must be > 0")


@dataclass(frozen=True, slots=True)
class OsrmSettings:
    """An OSRM server, asked over HTTP.

    Its times are those of free flow: at 49 km/h in the median on a ward of Osaka, where the census of
    2005 found 21 km/h. Hence the default `speed_factor` 0.43 = 21 / 49; times are divided by it.

    `cache` is a folder, relative to the week folder. What is older than `cache_days` is asked again; 0
    keeps nothing. `table_max` is the server's own limit of places in one request.
    A server on another machine learns where homes are; it is asked only with `allow_remote`.
    """

    url: str = "http://127.0.0.1:5000"
    profile: str = "driving"
    speed_factor: float = 0.43
    timeout_s: float = 10.0
    cache: str = "travel-cache"
    cache_days: int = 30
    table_max: int = 100
    allow_remote: bool = False

    def __post_init__(self) -> None:
        require(is_server(self.url), f"OSRM: {self.url!r} is no address of a server")
        require(self.speed_factor > 0, "OSRM: speed_factor must be > 0")
        require(self.timeout_s > 0, "OSRM: timeout_s must be > 0")
        require(self.cache_days >= 0, "OSRM: cache_days must be >= 0")
        require(self.table_max >= 2, "OSRM: table_max must be >= 2")

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine, by its address: nothing is looked up."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


def is_server(url: str) -> bool:
    """Whether a text is the address of a web server, without user name, query or fragment."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    known = parts.scheme in ("http", "https") and bool(parts.hostname)
    return known and plain and port != 0 and url.isascii() and url.isprintable() and " " not in url
