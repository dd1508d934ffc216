"""Who gets how much: leximin with certificates, then waste, then freshness, with reasons."""

from logistics.solver.allocation.allocate import Allocated, allocate, shapes_of
from logistics.solver.allocation.effort import Effort

__all__ = ["allocate", "Allocated", "Effort", "shapes_of"]
