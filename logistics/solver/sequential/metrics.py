"""How good a tour was: waste, envy, and how far from what hindsight would have given.

Definitions as in the published paper and code (`Delta_efficiency`, `Envy`, `Delta_EF`, `Delta_Prop`
of `simulations/single_resource_fbst.ipynb`). With one kind of goods a site's utility is its level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from logistics.model.errors import require
from logistics.solver.sequential.published import hindsight
from logistics.solver.sequential.tours import Array, Tours

QUANTILE_95 = 1.959963984540054
"""Of the standard normal distribution, two-sided."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Four figures of every draw; smaller is better in all.

    `waste` = supply - sum of wanted * level: goods that come home (in the unit of the supply).
    `envy` = highest level - lowest level.
    `deviation` = largest |level - hindsight level|: distance from the fair and efficient share.
    `shortfall` = hindsight level - lowest level: what the worst-off lost through not knowing.
    """

    waste: Array
    envy: Array
    deviation: Array
    shortfall: Array


def scores(tours: Tours, levels: Array) -> Scores:
    """The figures of the levels that a policy gave (draws x visits)."""
    fair = hindsight(tours)
    highest, lowest = levels.max(axis=1), levels.min(axis=1)
    return Scores(
        waste=tours.forecast.supply - (levels * tours.wanted).sum(axis=1),
        envy=highest - lowest,
        deviation=np.abs(levels - fair[:, np.newaxis]).max(axis=1),
        shortfall=fair - lowest,
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over draws with the half width of its 95 % confidence interval."""

    mean: float
    half_width: float

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half_width


def estimate(values: Array) -> Estimate:
    """Mean and interval (normal approximation) of independent draws.

    For two policies on the same draws, pass the differences draw by draw: what they share cancels.

    Raises:
        InvalidFact: with fewer than two draws.
    """
    draws = values.shape[0]
    require(draws >= 2, f"an interval needs two draws or more, got {draws}")
    return Estimate(float(values.mean()), QUANTILE_95 * float(values.std(ddof=1)) / draws**0.5)
