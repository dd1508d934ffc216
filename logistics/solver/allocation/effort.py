"""How much work an allocation is worth."""

from __future__ import annotations

from enum import StrEnum


class Effort(StrEnum):
    """How much work an allocation is worth."""

    PROBE = "probe"
    """A good plan at once, without proofs, reasons or later objectives: can it be driven?"""
    QUICK = "quick"
    """The same plan with bounds and reasons."""
    FULL = "full"
    """Proven level by level as far as the time goes."""
    KEEP = "keep"
    """The lines given, as they are, with bounds and reasons."""
