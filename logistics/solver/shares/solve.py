"""Solve a bare instance by the engine that fits it, and say why."""

from __future__ import annotations

from time import monotonic

from logistics.model.plan import Status
from logistics.model.shares import ShareResult, Shares
from logistics.solver.shares.flow import Flowed, flow_leximin
from logistics.solver.shares.levels import levels_of_chain


def solve(shares: Shares, *, seconds: float = 60.0, seed: int = 1) -> ShareResult:
    """The leximin share with its proof.

    Args:
        shares: the instance.
        seconds: limit; an answer that is not proven by then has the status `time_limit`.
        seed: for the engines that search.
    """
    begun = monotonic()
    flowed = flow_leximin(shares)
    if flowed is not None and not flowed.broken:
        return _by_flow(shares, flowed, monotonic() - begun)
    raise NotImplementedError


def _by_flow(shares: Shares, flowed: Flowed, seconds: float) -> ShareResult:
    kept = "; the other capacities are kept" if shares.capacities else ""
    return ShareResult(
        Status.OPTIMAL,
        f"flow: split at minimum cuts in whole numbers{kept}",
        flowed.received,
        flowed.scale,
        flowed.line_household,
        flowed.line_lot,
        flowed.line_amount,
        levels_of_chain(shares, flowed.received, flowed.scale, flowed.chain),
        flowed.chain,
        seconds,
    )
