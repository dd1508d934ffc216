"""Our own compiled search for bare problems: string removals, greedy insertion with blinks."""

from logistics.solver.routing.search.engine import StringRemovals, warm_up

__all__ = ["StringRemovals", "warm_up"]
