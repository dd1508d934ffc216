"""Bare fair-share instances: exact leximin on flows, by linear programming, and in whole packs."""

from logistics.solver.shares.solve import solve

__all__ = ["solve"]
