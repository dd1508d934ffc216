"""Figures: what was measured beside what it should be, printed and kept as JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from logistics.store.databases import journal_mode, sqlite_module

MUTANT = ", mutant: "
SQLITE, POSTGRES = "SQLite", "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: `reached` is whether the target was; `details` says what lies behind it,
    `load` the load average of the machine when it was measured (that of the measuring included)."""

    what: str
    database: str
    target: str
    measured: str
    reached: bool
    seed: int
    details: dict[str, Any]
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))

    @property
    def is_mutant(self) -> bool:
        """Whether something was broken on purpose, so that the target must be missed."""
        return MUTANT in self.what

    @property
    def text(self) -> str:
        """For people."""
        sign = "ok" if self.reached else "caught" if self.is_mutant else "NOT"
        return f"{sign:8}{self.what:44}{self.database:25}{self.target:42}{self.measured}"


HEADING = f"{'':8}{'what':44}{'database':25}{'target':42}measured"


def database_of(url: str) -> str:
    """The database that keeps the book at an address."""
    return SQLITE if url.startswith("sqlite") else POSTGRES


def setting(server: str = "") -> dict[str, Any]:
    """Machine, versions, hour and load, so that figures can be judged and repeated."""
    module = sqlite_module()
    found = {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "niceness": os.nice(0),
        "python": platform.python_version(),
        "sqlite": f"{module.sqlite_version}, {journal_mode(module.sqlite_version_info)}",
        "sqlite_of_python": sqlite3.sqlite_version,
        "sqlalchemy": version("sqlalchemy"),
    }
    if server:
        found |= {"postgresql": server, "psycopg": version("psycopg")}
    return found


def write(figures: Sequence[Figure], setting: dict[str, Any], path: Path) -> None:
    """All figures with their setting."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"setting": setting, "figures": [asdict(figure) for figure in figures]}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
