"""What the portfolio and the processes of its engines say to each other."""

from __future__ import annotations

from typing import NamedTuple

from logistics.model.routing import RoutingProblem, RoutingSolution


class Call(NamedTuple):
    """What the process is for."""

    engine: str
    problem: RoutingProblem


class Turn(NamedTuple):
    """One run of the engine: until a moment of the monotonic clock, or for so many iterations."""

    ends_at: float
    seed: int
    start: RoutingSolution | None
    iterations: int | None


class Better(NamedTuple):
    """A solution met on the way."""

    solution: RoutingSolution


class Done(NamedTuple):
    """The end of a turn; `error` says what went wrong, if anything did."""

    solution: RoutingSolution | None
    bound: int | None
    error: str | None
