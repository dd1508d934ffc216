"""The linear program behind certificates: the most meals of one household, and its dual prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from logistics.model.plan import Cap
from logistics.solver.allocation.proof.openings import WORTH, Market

SMALL = 1e-9


@dataclass(frozen=True, slots=True)
class Duals:
    """The most grains, and what a grain of others and a natural unit of each thing counts then."""

    most: float
    weights: dict[int, float]
    prices: dict[Cap, float]


class MostMeals:
    """One program for a whole market; only the receipts that others keep change between solves.

    GLOP keeps its basis, so that a changed bound costs a few pivots.
    """

    def __init__(self, market: Market) -> None:
        from ortools.math_opt.python import mathopt

        self._opt = mathopt
        self._market = market
        self._model = mathopt.Model(name="certificates")
        self._packs = [self._model.add_variable(lb=0, ub=o.packs_max) for o in market.openings]
        self._rows = self._add_rows()
        self._comes: dict[int, Any] = {}
        self._seat_rows = self._add_seats()
        grains: list[list[object]] = [[] for _ in market.needs]
        for opening, packs in zip(market.openings, self._packs, strict=True):
            grains[opening.need].append(opening.grains * packs)
        self._meals = [mathopt.LinearSum(terms) for terms in grains]
        self._kept = [
            self._model.add_linear_constraint(lb=0, expr=meals, ub=float("inf"))
            for meals in self._meals
        ]
        nothing = mathopt.VariableFilter(filtered_items=())
        self._duals_only = mathopt.ModelSolveParameters(
            variable_values_filter=nothing, reduced_costs_filter=nothing
        )
        self._engine = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def most(self, n: int, lower: Sequence[int], seconds: float) -> Duals | None:
        """The most grains of a need while each other one keeps so many; None if not solved."""
        opt = self._opt
        for row, least in zip(self._kept, lower, strict=True):
            if row.lower_bound != least:
                row.lower_bound = least
        for m, row in self._comes.items():
            row.lower_bound = int(lower[m] > 0)  # who gets anything takes a whole seat
        self._model.maximize(self._meals[n])
        limit = opt.SolveParameters(time_limit=timedelta(seconds=seconds))
        result = self._engine.solve(params=limit, model_params=self._duals_only)
        if result.termination.reason != opt.TerminationReason.OPTIMAL:
            return None
        kept = result.dual_values(self._kept)
        weights = {m: -dual for m, dual in enumerate(kept) if dual < -SMALL}
        prices: dict[Cap, float] = {}
        for cap, dual in zip(self._rows, result.dual_values(self._rows.values()), strict=True):
            if dual > SMALL:
                prices[cap] = dual * WORTH / self._market.sizes[cap].worth
        seat_duals = result.dual_values(self._seat_rows.values())
        for cap, dual in zip(self._seat_rows, seat_duals, strict=True):
            if dual > SMALL:
                prices[cap] = dual / self._market.grains_per_meal
        return Duals(result.objective_value(), weights, prices)

    def _add_rows(self) -> dict[Cap, object]:
        """Rows that can bind at all."""
        terms: dict[Cap, list[tuple[int, int]]] = {}
        for i, opening in enumerate(self._market.openings):
            for cap, use in opening.uses:
                terms.setdefault(cap, []).append((i, use))
        rows: dict[Cap, object] = {}
        for cap, uses in terms.items():
            upper = self._market.sizes[cap].upper
            if sum(use * self._market.openings[i].packs_max for i, use in uses) > upper:
                expr = self._opt.LinearSum([use * self._packs[i] for i, use in uses])
                rows[cap] = self._model.add_linear_constraint(lb=float("-inf"), expr=expr, ub=upper)
        return rows

    def _add_seats(self) -> dict[Cap, object]:
        """A household's packs at a session need a seat there: few for it, few at the session."""
        market, model = self._market, self._model
        own: dict[int, dict[str, list[int]]] = {}
        for i, opening in enumerate(market.openings):
            if opening.session_id is not None:
                own.setdefault(opening.need, {}).setdefault(opening.session_id, []).append(i)
        comers: dict[str, list[object]] = {}
        for need, by_session in own.items():
            if len(by_session) <= market.sessions_max and not by_session.keys() & market.seats:
                continue
            seats = {name: model.add_variable(lb=0, ub=1) for name in by_session}
            self._comes[need] = model.add_linear_constraint(
                lb=0, expr=self._opt.LinearSum(seats.values()), ub=market.sessions_max
            )
            for name, members in by_session.items():
                comers.setdefault(name, []).append(seats[name])
                for i in members:
                    most = market.openings[i].packs_max
                    model.add_linear_constraint(self._packs[i] - most * seats[name] <= 0)
        return {
            Cap("session", name): model.add_linear_constraint(
                self._opt.LinearSum(seats) <= market.seats[name]
            )
            for name, seats in comers.items()
            if name in market.seats
        }
