"""Whether the parts of a result are of their kinds, before anything is computed from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from logistics.judge.shares_codes import found
from logistics.model.errors import Finding
from logistics.model.plan import Status
from logistics.model.shares import Chain, Prices, ShareLevel, ShareResult


def types_kept(result: ShareResult) -> Iterator[Finding]:
    """`share_types`: of all that is no column of numbers."""
    for name, value, kind in (
        ("status", result.status, Status),
        ("engine", result.engine, str),
        ("levels", result.levels, tuple),
        ("chain", result.chain, (Chain, type(None))),
    ):
        if not isinstance(value, kind):
            yield _wrong(name, value)
    if isinstance(result.levels, tuple):
        for position, level in enumerate(result.levels):
            yield from _level_kept(f"level {position}", level)


def _level_kept(where: str, level: object) -> Iterator[Finding]:
    if not isinstance(level, ShareLevel):
        yield _wrong(where, level)
        return
    for name, value, kind in (
        ("level", level.level, Fraction),
        ("upper_bound", level.upper_bound, Fraction),
        ("wanted", level.wanted, bool),
        ("proof", level.proof, (Prices, type(None))),
    ):
        if not isinstance(value, kind):
            yield _wrong(f"{where}, {name}", value)
    if isinstance(level.proof, Prices):
        for name in ("households", "lots", "capacities"):
            prices = getattr(level.proof, name)
            if not isinstance(prices, Mapping):
                yield _wrong(f"{where}, prices of {name}", prices)


def _wrong(where: str, value: object) -> Finding:
    return found("share_types", f"{where}: it cannot be a {type(value).__name__}")
