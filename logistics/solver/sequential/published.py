"""The published policies, as their authors' code has them, and the bound of hindsight.

Levels are goods per unit wanted and may exceed 1: in the experiment a client can use more than one
share. B is the supply, n the number of visits, x what a site wants. Formulas from
`simulations/algorithms_single.py` (github.com/seanrsinclair/Online-Resource-Allocation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from logistics.model.errors import require
from logistics.solver.sequential.protocol import Moment
from logistics.solver.sequential.tours import Array, Forecast, Tours


@dataclass(frozen=True, slots=True)
class Proportional:
    """B / (x_1 + means of the rest) for everybody until it is gone: what a list by headcount does."""

    name: str = "proportional"

    def level(self, moment: Moment) -> Array:
        """The same level at every visit."""
        return moment.forecast.supply / moment.opening_total


@dataclass(frozen=True, slots=True)
class Fixed:
    """One level with a margin for the whole tour, until it is gone ("fixed threshold").

    B / (x_1 + means of the rest) / (1 + c), c = sqrt(max deviation * mean of means * n) / (x_1 + rest).
    """

    name: str = "fixed"

    def level(self, moment: Moment) -> Array:
        """The lower guardrail at every visit."""
        return lower_guardrail(moment)


@dataclass(frozen=True, slots=True)
class Guardrail:
    """The lower guardrail, or an upper one while enough is left for everybody else at the lower.

    Lower as in `Fixed`; upper = B / (x_1 + rest) / (1 - c'), c' = L (1 + c) - c with
    L = n ** -exponent: with a higher exponent the rails lie closer, so less envy and more waste.
    Upper is given while left >= lower * (expected later wants + band) + upper * x, where
    band = sqrt(max deviation * mean of means * k) and k counts the visits from this one on.

    With `rest_to_last` it is the later form of the authors' code (`linear_utilities/`): k leaves this
    visit out, and the last site gets all that is left if that lies between the rails.
    """

    exponent: float
    rest_to_last: bool = False

    def __post_init__(self) -> None:
        require(self.exponent > 0, f"Guardrail: exponent must be > 0, got {self.exponent}")

    @property
    def name(self) -> str:
        """For example `guardrail 1/2`; a star marks the later form."""
        return f"guardrail 1/{1 / self.exponent:.3g}" + ("*" if self.rest_to_last else "")

    def level(self, moment: Moment) -> Array:
        """One of the two rails."""
        lower = lower_guardrail(moment)
        upper = self._upper(moment)
        visits = moment.forecast.mean.shape[1] - moment.visit
        band = published_band(moment.forecast, visits - self.rest_to_last)
        reserve = lower * (moment.expected_after + band)
        level: Array = np.where(moment.left >= reserve + upper * moment.wanted, upper, lower)
        if self.rest_to_last and visits == 1:
            rest = moment.left / moment.wanted
            level = np.where((lower <= rest) & (rest <= upper), rest, level)
        return level

    def _upper(self, moment: Moment) -> Array:
        visits = moment.forecast.mean.shape[1]
        margin = published_band(moment.forecast, visits) / moment.opening_total
        closeness: Array = visits**-self.exponent * (1 + margin) - margin
        return moment.forecast.supply / moment.opening_total / (1 - closeness)


@dataclass(frozen=True, slots=True)
class HopeOnline:
    """Solve again at every site as if the rest came as forecast: left / (x + means of the rest)."""

    name: str = "hope-online"

    def level(self, moment: Moment) -> Array:
        """What is left, shared equally among this site and the expected later ones."""
        return moment.left / (moment.wanted + moment.expected_after)


@dataclass(frozen=True, slots=True)
class HopeFull:
    """The share of the whole supply by all that is known: B / (wants so far + means of the rest)."""

    name: str = "hope-full"

    def level(self, moment: Moment) -> Array:
        """What everybody would have got had today's knowledge been there from the start."""
        return moment.forecast.supply / (moment.wanted_so_far + moment.expected_after)


def hindsight(tours: Tours) -> Array:
    """Leximin in hindsight, the bound: supply / all that was wanted, the same for everybody (draws).

    One supply that everybody may use is shared leximin-optimally by the equal level; no policy can
    give every site more than that.
    """
    wanted: Array = tours.wanted.sum(axis=1)
    return tours.forecast.supply / wanted


def lower_guardrail(moment: Moment) -> Array:
    """The level that `Fixed` gives to all and `Guardrail` at least, while there is any left."""
    band = published_band(moment.forecast, moment.forecast.mean.shape[1])
    return moment.forecast.supply / (moment.opening_total + band)


def published_band(forecast: Forecast, visits: int) -> Array:
    """The authors' confidence band for so many visits: sqrt(max deviation * mean of means * visits)."""
    worst, typical = forecast.deviation.max(axis=1), forecast.mean.mean(axis=1)
    band: Array = np.sqrt(worst * typical * visits)
    return band
