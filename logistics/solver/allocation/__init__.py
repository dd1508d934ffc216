"""Who gets how much: leximin with certificates, then waste, then freshness, with reasons."""

from logistics.solver.allocation.allocate import Allocated, allocate, shapes_of

__all__ = ["allocate", "Allocated", "shapes_of"]
