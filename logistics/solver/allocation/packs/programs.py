"""The shape with split packs as a linear program through OR-Tools MathOpt.

One `Program` holds the rows, lower bounds on what each need receives, and ties (counts of events
that must happen). It keeps its basis from solve to solve, proves what is impossible, and tells which
rows hold a household; whole packs are found elsewhere (`matrix.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from math import isfinite
from typing import Any

from logistics.solver.allocation.events import Event, Tie
from logistics.solver.allocation.packs.greedy import Ledger
from logistics.solver.allocation.shape import Shape

TOLERANCE = 1e-6
DIVES = 12
"""Rounds of a dive at most; each rounds up a quarter of the fractions that are left."""

Worths = Sequence[Sequence[tuple[int, int]]]
"""Per need, steps of receipts: (grains, worth of each grain), the worth falling."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Outcome of one solve: `packs` (one number per variable, whole for integer programs) or None.

    `proven_infeasible` and `proven_optimal` are only set when the solver proved it within its limit.
    """

    packs: tuple[float, ...] | None
    objective: float | None = None
    bound: float | None = None
    proven_infeasible: bool = False
    proven_optimal: bool = False
    row_duals: Mapping[int, float] = field(default_factory=dict)
    meal_duals: Mapping[int, float] = field(default_factory=dict)
    full: tuple[int, ...] = ()
    """Variables held at their upper end, where one more pack would help."""


class Program:
    """A mutable program over one shape; bounds and ties are changed between solves."""

    def __init__(self, shape: Shape, seed: int) -> None:
        from ortools.math_opt.python import mathopt

        self._opt = mathopt
        self._shape = shape
        self._seed = seed
        self._model = mathopt.Model(name="allocation")
        self._engine: Any = None
        self._ties: dict[Tie, list[tuple[Any, Any]]] = {}
        self.x = [self._model.add_variable(lb=0, ub=most) for most in shape.most] + [
            self._model.add_variable(lb=0, ub=1) for _ in shape.flags
        ]
        self._rows = [self._add_row(r) for r in range(len(shape.rows))]
        self._meals = [self._add_meals(n) for n in range(len(shape.needs))]

    def _add_row(self, r: int) -> Any:
        row = self._shape.rows[r]
        return self._model.add_linear_constraint(
            lb=float("-inf") if row.lower is None else row.lower,
            expr=self._opt.LinearSum([c * self.x[i] for i, c in row.terms]),
            ub=float("inf") if row.upper is None else row.upper,
        )

    def _meals_of(self, n: int) -> Any:
        return self._opt.LinearSum(
            [self._shape.meals[i] * self.x[i] for i in self._shape.members[n]]
        )

    def _add_meals(self, n: int) -> Any:
        return self._model.add_linear_constraint(lb=0, expr=self._meals_of(n), ub=float("inf"))

    def require(self, lower: Sequence[int]) -> None:
        """Lower bounds on the grains each need receives."""
        for n, bound in enumerate(lower):
            if self._meals[n].lower_bound != bound:
                self._meals[n].lower_bound = bound

    def demand(self, ties: Sequence[Tie]) -> None:
        """From now on exactly these ties hold: of each one's events, at least its count happen."""
        for tie in [old for old in self._ties if old not in ties]:
            self._drop(self._ties.pop(tie))
        for tie in ties:
            if tie not in self._ties:
                flags = self._flags(tie.events)
                row = self._model.add_linear_constraint(
                    lb=tie.count,
                    expr=self._opt.LinearSum([flag for flag, _ in flags]),
                    ub=float("inf"),
                )
                self._ties[tie] = [*flags, (None, row)]

    def _drop(self, flags: list[tuple[Any, Any]]) -> None:
        self._model.maximize(0)
        for flag, row in reversed(flags):
            self._model.delete_linear_constraint(row)
            if flag is not None:
                self._model.delete_variable(flag)

    def _flags(self, events: Sequence[Event]) -> list[tuple[Any, Any]]:
        """A 0/1 variable per event and the row by which it forces its event."""
        flags = []
        for event in events:
            flag = self._model.add_variable(lb=0, ub=1)
            terms = [self._shape.meals[i] * self.x[i] for i in self._shape.members[event.need]]
            row = self._model.add_linear_constraint(
                lb=0, expr=self._opt.LinearSum([*terms, -event.target * flag]), ub=float("inf")
            )
            flags.append((flag, row))
        return flags

    def most_meals(self, needs: Sequence[int], seconds: float) -> Answer:
        """As many grains as possible for some needs together."""
        terms = [self._shape.meals[i] * self.x[i] for n in needs for i in self._shape.members[n]]
        self._model.maximize(self._opt.LinearSum(terms))
        return self._solve(seconds)

    def most_balanced(self, worths: Worths, seconds: float) -> Answer:
        """Maximise a concave worth of receipts: per need, steps of (grains, worth of each grain).

        No proof of fairness, but one solve: what leaves a lower level is worth much more.
        """
        with self._balanced(worths):
            return self._solve(seconds)

    @contextmanager
    def _balanced(self, worths: Worths) -> Iterator[None]:
        """The concave worth as objective, for as long as the context lasts."""
        parts: list[Any] = []
        rows: list[Any] = []
        worth: list[Any] = []
        for n, steps in enumerate(worths):
            own = [self._model.add_variable(lb=0, ub=width) for width, _ in steps]
            meals = self._opt.LinearSum([*(-1 * part for part in own), self._meals_of(n)])
            rows.append(self._model.add_linear_constraint(lb=0, expr=meals, ub=float("inf")))
            worth += [each * part for part, (_, each) in zip(own, steps, strict=True)]
            parts += own
        self._model.maximize(self._opt.LinearSum(worth))
        yield
        self._model.maximize(0)
        for row in rows:
            self._model.delete_linear_constraint(row)
        for part in parts:
            self._model.delete_variable(part)

    def dive(self, worths: Worths, ledger: Ledger, seconds: float) -> tuple[float, ...] | None:
        """Fill a ledger with whole packs: solve, keep what is whole, round up the nearest, again.

        Returns the first relaxed solution, as a guide to what is scarce; None if there is none.
        """
        first: tuple[float, ...] | None = None
        options = len(self._shape.options)
        with self._balanced(worths):
            for _ in range(DIVES):
                answer = self._solve(seconds)
                if answer.packs is None:
                    break
                first = first or answer.packs
                if not _round_some(ledger, answer.packs[:options]):
                    break
                for i, given in enumerate(ledger.packs[:options]):
                    self.x[i].lower_bound = given
        for i in range(options):
            self.x[i].lower_bound = 0
        return first

    def _solve(self, seconds: float) -> Answer:
        opt = self._opt
        parameters = opt.SolveParameters(
            time_limit=timedelta(seconds=max(0.05, seconds)), random_seed=self._seed % 2**31
        )
        # GLOP keeps its basis between solves, so that a changed bound costs a few pivots.
        if self._engine is None:
            self._engine = opt.IncrementalSolver(self._model, opt.SolverType.GLOP)
        try:
            result = self._engine.solve(params=parameters)
        except (AttributeError, RuntimeError):
            # GLOP ends abnormally now and then when its time is out; MathOpt 9.15 stumbles over that
            # status itself (`StatusNotOk` has no `canonical_code`). The next solve begins anew.
            self._engine = None
            return Answer(None)
        reason = result.termination.reason
        if reason in (
            opt.TerminationReason.INFEASIBLE,
            opt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,
        ):
            return Answer(None, proven_infeasible=True)
        if not result.has_primal_feasible_solution():
            return Answer(None, bound=_finite(result.dual_bound()))
        values = result.variable_values(self.x)
        optimal = reason == opt.TerminationReason.OPTIMAL
        duals: tuple[dict[int, float], dict[int, float]] = ({}, {})
        full: tuple[int, ...] = ()
        if result.has_dual_feasible_solution():
            duals = tuple(  # type: ignore[assignment]
                {r: v for r, v in enumerate(result.dual_values(rows)) if abs(v) > TOLERANCE}
                for rows in (self._rows, self._meals)
            )
            reduced = result.reduced_costs(self.x[: len(self._shape.options)])
            full = tuple(i for i, cost in enumerate(reduced) if cost > TOLERANCE)
        return Answer(
            tuple(values),
            objective=result.objective_value(),
            bound=_finite(result.dual_bound()),
            proven_optimal=optimal,
            row_duals=duals[0],
            meal_duals=duals[1],
            full=full,
        )


def _finite(bound: float) -> float | None:
    return bound if isfinite(bound) else None


def _round_some(ledger: Ledger, relaxed: Sequence[float]) -> bool:
    """Whole parts of a relaxed solution, then the largest fractions rounded up; False if none are."""
    rest = []
    for i, value in enumerate(relaxed):
        wish = int(value + TOLERANCE) - ledger.packs[i]
        while wish > 0 and not ledger.try_add(i, wish):
            wish -= 1
        fraction = value - int(value + TOLERANCE)
        if fraction > TOLERANCE:
            rest.append((-fraction, i))
    rest.sort()
    share = max(4, len(rest) // 4)
    taken = [ledger.try_add(i) for _, i in rest[:share]]
    return any(taken)
