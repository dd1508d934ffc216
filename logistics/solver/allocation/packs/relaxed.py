"""Split packs: what they prove about a need, what is scarce, and the steps of the walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from logistics.model.plan import Cap
from logistics.model.units import ceil_of
from logistics.solver.allocation.events import Event, Group, spanning
from logistics.solver.allocation.packs.bounds import dual_bound_of
from logistics.solver.allocation.packs.programs import Answer, Program
from logistics.solver.allocation.shape import Shape
from logistics.solver.allocation.state import Deadline, State, carried

HELD_S = 1.0
"""Least time for the program that names what is scarce, also where all other time is over."""


TOTAL_S = 0.5
"""The bound on all meals may take so long even when the time is over: without it a plan that gives every
meal there is would look as if it did not."""


class Relaxation:
    """The relaxed program with the steps from group to group."""

    def __init__(
        self, shape: Shape, groups: Sequence[Group], deadline: Deadline, seed: int
    ) -> None:
        self.shape = shape
        self.groups = groups
        self.deadline = deadline
        self.program = Program(shape, seed)
        owner = {i: n for n, members in enumerate(shape.members) for i in members}
        self._own = [set(members) for members in shape.members]
        self._needs_of = [{owner[i] for i, _ in row.terms if i in owner} for row in shape.rows]

    def begin(self, state: State) -> None:
        """Set the program to a state."""
        self.program.require(state.lower)
        self.program.demand(state.ties)

    def raise_all(self, state: State, events: Sequence[Event]) -> State:
        """The state in which all these events happen, but for the losers of live ties."""
        lower, ties = list(state.lower), [tie for tie in state.ties if not tie.live]
        tied = state.tied
        for event in events:
            if event.need not in tied:
                lower[event.need] = max(lower[event.need], event.target)
        for tie in state.live:
            ties += carried(tie, events)
        return self.advanced(replace(state, lower=tuple(lower), ties=tuple(ties)))

    def advanced(self, state: State) -> State:
        """The state at the next group. Ties end with their stage.

        Whoever lost at a threshold stands below all later ones of the same stage, but not below those
        of the next: there the choice is open again, within what the old ties demand.
        """
        after = state.position + 1
        ends = after == len(self.groups) or (
            self.groups[after].stage != self.groups[state.position].stage
        )
        ties = tuple(replace(tie, live=tie.live and not ends) for tie in state.ties)
        return replace(state, ties=ties, position=after)

    def most(self, need: int, state: State) -> tuple[int, Answer]:
        """Proven most grains of a need, given all that is settled."""
        self.begin(state)
        lower = state.lower
        answer = self.program.most_meals([need], self.deadline.seconds())
        wanted = self.shape.needs[need].wanted
        if answer.packs is None:
            return wanted, answer
        bound = dual_bound_of(self.shape, need, lower, answer.row_duals, answer.meal_duals)
        bound = min(wanted, max(bound, lower[need]))
        return max(value for value in self.shape.values[need] if value <= bound), answer

    def active(self, state: State) -> list[Event]:
        """Events that decide who stands above the threshold of the state's group."""
        group = self.groups[state.position]
        events = list(group.events)
        for need in sorted(state.tied - {event.need for event in events}):
            event = spanning(self.groups, need, state.position)
            if event is not None:
                events.append(event)
        return [event for event in events if state.is_open(event)]

    def held(self, needs: Sequence[int], state: State) -> dict[int, tuple[Cap, ...]]:
        """What would have to give way for one more grain of each need, all keeping what they have.

        One program over all of them names it: its prices pay for every option of every one of these
        needs.
        """
        if not needs:
            return {}
        self.begin(state)
        answer = self.program.most_meals(needs, max(HELD_S, self.deadline.seconds()))
        return {n: self._scarce(n, answer) for n in needs}

    def _scarce(self, need: int, answer: Answer) -> tuple[Cap, ...]:
        """The rows and lots that multipliers name; the packs themselves if they name nothing."""
        options = self.shape.options
        needs, indices = self._reached(need, answer)
        rows = [self.shape.rows[r] for r in indices]
        caps = {row.cap for row in rows}
        # Where a pack waits for a flag, it is the lot that runs out.
        waiting = [row.terms[0][0] for row in rows if row.cap.kind == "attends"]
        full = [i for i in answer.full if any(i in self._own[n] for n in needs)]
        caps |= {Cap("lot", options[i].lot_id) for i in (*full, *waiting)}
        household_id = self.shape.needs[need].household_id
        if not self.shape.members[need]:
            caps = {Cap("nothing_fits", household_id)}
        elif not caps:
            caps = {Cap("whole_packs", household_id)}
        return tuple(sorted(caps, key=lambda cap: (cap.kind, cap.id, cap.storage, cap.day or 0)))

    def _reached(self, need: int, answer: Answer) -> tuple[set[int], list[int]]:
        """Rows with a multiplier that concern a need, or others who would have to make room there."""
        needs, rows, fresh = {need}, set[int](), {need}
        while fresh:
            found = {r for r in answer.row_duals if r not in rows and self._needs_of[r] & fresh}
            rows |= found
            others = set[int]().union(*(self._needs_of[r] for r in found))
            fresh = {n for n in others if n in answer.meal_duals} - needs
            needs |= fresh
        return needs, sorted(rows)

    def most_in_all(self, state: State) -> int:
        """Grains that all needs can receive together at most, by the relaxation."""
        self.begin(state)
        steps = [[(need.wanted, 1)] for need in self.shape.needs]
        answer = self.program.most_balanced(steps, max(TOTAL_S, self.deadline.seconds()))
        wanted = sum(need.wanted for need in self.shape.needs)
        if not answer.proven_optimal or answer.objective is None:
            return wanted
        return min(wanted, int(answer.objective + 1e-4))

    def bounds_given(
        self, received: Sequence[int], needs: Sequence[int], week_floor: Fraction
    ) -> dict[int, int]:
        """Per need, what it could receive at most if all that ranks before it is kept.

        For a need below this week's floor that is the floor of those with less; for all others the
        floor of everybody and the receipts of those who stand lower over the weeks.
        """
        pairs = list(zip(self.shape.needs, received, strict=True))
        levels = [need.level(got) for need, got in pairs]
        floors = [min(need.fill(got), week_floor) for need, got in pairs]
        at_floor = [min(got, ceil_of(week_floor * need.wanted)) for need, got in pairs]
        bounds = {}
        for n in needs:
            if floors[n] < week_floor:
                lower = [at_floor[m] if floors[m] < floors[n] else 0 for m in range(len(pairs))]
            else:
                lower = [
                    received[m] if levels[m] < levels[n] else at_floor[m] for m in range(len(pairs))
                ]
            lower[n] = 0
            bounds[n] = max(received[n], self.most(n, State(tuple(lower)))[0])
        return bounds
