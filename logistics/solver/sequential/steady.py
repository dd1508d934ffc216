"""Our policy: stay at the lowest level given so far while that can be kept, and say so early if not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from logistics.model.errors import require
from logistics.solver.sequential.protocol import Moment
from logistics.solver.sequential.tours import Array

MARGIN = 0.25
"""Deviations of reserve behind the first level, unless asked otherwise."""
HOLD_MARGIN_MAX = 1.0
"""Deviations of reserve beyond which no level is lowered: later news may still be good."""
RAISE_MARGIN = 1.0
"""Deviations of reserve that must remain when a level is raised."""


@dataclass(frozen=True, slots=True)
class Steady:
    """Guardrails that narrow as the tour goes on.

    The level that this site and all later ones can be given, with a reserve of z standard deviations
    of what is still unknown, is

        kept(z) = left / (x + expected later wants + z * deviation of later wants).

    The band kept(1) .. kept(min(margin, 1)) closes in on the truth as fewer visits remain, because
    only the variance of those still ahead counts. The first site gets kept(margin). From then on the
    level stays at the lowest one given so far; it moves only when the band leaves it behind, and then
    just to the band's edge, upwards by no more than the share `width` of that lowest level.

    Why: envy is the range of levels used, so to move within it costs nothing, and a range that grows
    late and little beats two rails drawn far apart at the start. `width` is the knob: more gives less
    waste and more envy. `margin` (standard deviations) is how safe the first level is; above 1 the
    opening level is hardly ever lowered, and what remains is waste.

    Both rails are a certainty-equivalent re-solve (`HopeOnline`) with a reserve; see
    docs/decisions/0014-sequential-supply.md for how the constants were chosen and what it gains.
    """

    width: float = 0.05
    margin: float = MARGIN

    def __post_init__(self) -> None:
        require(self.width >= 0, f"Steady: width must be >= 0, got {self.width}")
        require(self.margin >= 0, f"Steady: margin must be >= 0, got {self.margin}")

    @property
    def name(self) -> str:
        """For example `steady 0.05`, with its margin where that is not the usual one."""
        margin = "" if self.margin == MARGIN else f", margin {self.margin:.3g}"
        return f"steady {self.width:.3g}{margin}"

    def level(self, moment: Moment) -> Array:
        """The lowest level so far, clipped to the band, and never far above itself."""
        if moment.visit == 0:
            return kept(moment, self.margin)
        ceiling = kept(moment, min(self.margin, HOLD_MARGIN_MAX))
        floor = kept(moment, RAISE_MARGIN)
        steady = np.clip(moment.lowest, floor, ceiling)
        return np.minimum(steady, moment.lowest * (1 + self.width))


def kept(moment: Moment, margin: float) -> Array:
    """The level that can be kept to the end if later wants exceed the forecast by so many deviations."""
    ahead = moment.expected_after + margin * moment.deviation_after
    return moment.left / (moment.wanted + ahead)
