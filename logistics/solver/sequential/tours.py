"""Tours: one supply for many sites in a row, what was forecast for them and what they then wanted.

Arrays have one row a draw; those with a second axis have one column a visit, in the order of the tour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logistics.model.errors import require

Array = NDArray[np.float64]
"""Numbers by draw, or by draw and visit."""

WANTED_MIN = 1.0
"""A visit that nobody came to still counts as one client, as in the published experiment."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known before the first visit.

    `supply` (draws): goods on board. `mean`, `deviation` (draws x visits): expectation and standard
    deviation of what each site will want, in the same unit; sites are taken to be independent.
    """

    supply: Array
    mean: Array
    deviation: Array

    def __post_init__(self) -> None:
        draws, visits = self.mean.shape
        require(visits >= 2, f"Forecast: a tour needs two visits or more, got {visits}")
        require(
            self.supply.shape == (draws,) and self.deviation.shape == (draws, visits),
            f"Forecast: expected {draws} draws of {visits} visits, got supply "
            f"{self.supply.shape} and deviation {self.deviation.shape}",
        )
        require(bool((self.supply >= 0).all()), "Forecast: supply must be >= 0")
        require(bool((self.mean > 0).all()), "Forecast: every mean must be > 0")
        require(bool((self.deviation >= 0).all()), "Forecast: every deviation must be >= 0")


@dataclass(frozen=True, slots=True)
class Tours:
    """Draws of a tour: the forecast that a policy may see, and what is really `wanted`."""

    forecast: Forecast
    wanted: Array

    def __post_init__(self) -> None:
        require(
            self.wanted.shape == self.forecast.mean.shape,
            f"Tours: expected wants of shape {self.forecast.mean.shape}, got {self.wanted.shape}",
        )
        require(bool((self.wanted > 0).all()), "Tours: every want must be > 0")


def draw_tours(
    mean: Array,
    deviation: Array,
    visits: int,
    draws: int,
    seed: int,
    bias: float = 1.0,
    spread: float = 1.0,
) -> Tours:
    """Random tours over a table of sites, as in the published experiment.

    Each draw takes `visits` of the sites without replacement, in random order. A site wants
    max(1, normal(bias * mean, spread * deviation)); the supply is the sum of the means that were
    forecast. With `bias` and `spread` other than 1 the forecast is wrong by that much.

    Source: `simulations/single_resource_fbst.ipynb` of the published code.

    Raises:
        InvalidFact: if there are fewer sites than visits, or fewer than two visits.
    """
    sites = mean.shape[0]
    require(visits <= sites, f"Tours: {visits} visits need as many sites, got {sites}")
    rng = np.random.default_rng(seed)
    chosen = rng.random((draws, sites)).argsort(axis=1)[:, :visits]
    forecast = Forecast(mean[chosen].sum(axis=1), mean[chosen], deviation[chosen])
    wanted = rng.normal(bias * forecast.mean, spread * forecast.deviation)
    return Tours(forecast, np.maximum(WANTED_MIN, wanted))
