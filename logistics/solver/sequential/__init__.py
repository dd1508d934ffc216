"""Fair shares while a week unfolds: what to give here before it is known what is wanted there.

A tour brings one supply to sites one after another; what a site wants is known on arrival, what the
later ones want only by forecast. A *policy* names the level of the site at hand, `run` holds it to
what is left, and scores compare it with the equal share that hindsight would have given everybody.
Every policy is a `Policy` and works on many draws of a tour at once, all of them the same for all
policies (common random numbers).

Source: S. R. Sinclair, G. Jain, S. Banerjee, C. L. Yu, "Sequential Fair Allocation: Achieving the
Optimal Envy-Efficiency Trade-off Curve", Operations Research 71(5) (2023), arXiv:2105.05308; short
in SIGMETRICS 2022 (doi:10.1145/3489048). Their code and figures:
github.com/seanrsinclair/Online-Resource-Allocation.
"""

from logistics.solver.sequential.metrics import Estimate, Scores, estimate, scores
from logistics.solver.sequential.promise import Promise, lowest_fills, promise
from logistics.solver.sequential.protocol import Moment, Policy, run
from logistics.solver.sequential.published import (
    Fixed,
    Guardrail,
    HopeFull,
    HopeOnline,
    Proportional,
    hindsight,
)
from logistics.solver.sequential.steady import Steady
from logistics.solver.sequential.tours import Array, Forecast, Tours, draw_tours

__all__ = [
    "Array",
    "Forecast",
    "Tours",
    "draw_tours",
    "Moment",
    "Policy",
    "run",
    "Proportional",
    "Fixed",
    "Guardrail",
    "HopeOnline",
    "HopeFull",
    "Steady",
    "hindsight",
    "Scores",
    "scores",
    "Estimate",
    "estimate",
    "Promise",
    "lowest_fills",
    "promise",
]
