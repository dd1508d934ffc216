"""Tiny tours and random ones for the tests of policies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from logistics.solver.sequential import (
    Fixed,
    Forecast,
    Guardrail,
    HopeFull,
    HopeOnline,
    Policy,
    Proportional,
    Steady,
    Tours,
)

ALL: tuple[Policy, ...] = (
    Proportional(),
    Fixed(),
    Guardrail(1 / 2),
    Guardrail(1 / 3),
    Guardrail(1 / 2, rest_to_last=True),
    HopeOnline(),
    HopeFull(),
    Steady(),
    Steady(width=0, margin=2),
)


def tour(
    wanted: Sequence[float],
    mean: Sequence[float],
    deviation: Sequence[float],
    supply: float,
) -> Tours:
    """One tour that is known to the last site."""
    forecast = Forecast(np.array([supply]), np.array([mean]), np.array([deviation]))
    return Tours(forecast, np.array([wanted]))


@st.composite
def tours(draw: st.DrawFn) -> Tours:
    """A few draws of short tours with any supply, forecast well or badly."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(2, 6)))
    amounts = arrays(float, shape, elements=st.floats(0.5, 200))
    deviation = draw(arrays(float, shape, elements=st.floats(0, 60)))
    hundredths = draw(arrays(int, shape[:1], elements=st.integers(0, 100_000)))
    supply = hundredths / 100  # nothing so small that its own rounding counts
    return Tours(Forecast(supply, draw(amounts), deviation), draw(amounts))
