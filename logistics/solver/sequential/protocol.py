"""How a policy is asked and held to what there is: it sees the past and the forecast, no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from logistics.solver.sequential.tours import Array, Forecast, Tours


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known on arrival at a site, for every draw.

    `visit` counts from 0. `wanted` is what this site wants, `first_wanted` what the first one did,
    `wanted_so_far` all up to now with this one. `left` is still on board. `lowest` is the lowest
    level given so far (infinite before the first). `expected_after` and `deviation_after` are mean
    and standard deviation of all that later sites will want together.
    """

    forecast: Forecast
    visit: int
    wanted: Array
    first_wanted: Array
    wanted_so_far: Array
    left: Array
    lowest: Array
    expected_after: Array
    deviation_after: Array

    @property
    def opening_total(self) -> Array:
        """What the whole tour was expected to want when only its first site was known."""
        later: Array = self.forecast.mean[:, 1:].sum(axis=1)
        return self.first_wanted + later


class Policy(Protocol):
    """Names the level of the site at hand; it need not look whether that much is left."""

    @property
    def name(self) -> str:
        """Short name for tables and plots."""
        ...

    def level(self, moment: Moment) -> Array:
        """Goods per unit wanted for this site, by draw."""
        ...


def run(policy: Policy, tours: Tours) -> Array:
    """The levels that a policy gives at every visit (draws x visits), never more than what is left."""
    forecast, wanted = tours.forecast, tours.wanted
    expected_after = _after(forecast.mean)
    deviation_after = np.sqrt(_after(forecast.deviation**2))
    wanted_so_far = wanted.cumsum(axis=1)
    levels = np.empty(wanted.shape)
    left = forecast.supply
    lowest = np.full(left.shape, np.inf)
    for visit in range(wanted.shape[1]):
        moment = Moment(
            forecast=forecast,
            visit=visit,
            wanted=wanted[:, visit],
            first_wanted=wanted[:, 0],
            wanted_so_far=wanted_so_far[:, visit],
            left=left,
            lowest=lowest,
            expected_after=expected_after[:, visit],
            deviation_after=deviation_after[:, visit],
        )
        level = np.minimum(policy.level(moment), left / moment.wanted)
        levels[:, visit] = level
        left = np.maximum(0.0, left - level * moment.wanted)
        lowest = np.minimum(lowest, level)
    return levels


def _after(column: Array) -> Array:
    """Sums over all later visits."""
    backwards = column[:, ::-1].cumsum(axis=1)[:, ::-1]
    return np.concatenate([backwards[:, 1:], np.zeros((column.shape[0], 1))], axis=1)
