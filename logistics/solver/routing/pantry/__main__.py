"""Compile the search ahead of its first use: `python -m logistics.solver.routing.pantry`."""

from __future__ import annotations

from logistics.solver.routing.pantry import warm_up

warm_up()
