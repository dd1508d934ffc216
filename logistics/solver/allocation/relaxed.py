"""The leximin of split packs: where it ends it proves, where it goes on it only hopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from logistics.model.plan import Cap
from logistics.model.units import ceil_of
from logistics.solver.allocation.bounds import dual_bound_of
from logistics.solver.allocation.events import Event, Freeze, Group, spanning
from logistics.solver.allocation.programs import Answer, Program
from logistics.solver.allocation.shape import Row, Shape
from logistics.solver.allocation.state import Deadline, State, carried

FIRST_WIDTH = 8
"""Groups looked at together at first; doubled as long as they all rise."""

Bounded = dict[int, tuple[int, Answer]]
"""Per need, the proven most and the solve that proved it."""


class Relaxation:
    """The relaxed program with the walk over the groups.

    `reaches` says whether a whole solution is known that reaches a state, which spares a solve.
    """

    def __init__(
        self,
        shape: Shape,
        groups: Sequence[Group],
        deadline: Deadline,
        seed: int,
        reaches: Callable[[State], bool] = lambda _: False,
    ) -> None:
        self.shape = shape
        self.groups = groups
        self.deadline = deadline
        self.program = Program(shape, integer=False, seed=seed)
        self._reaches = reaches

    def begin(self, state: State) -> None:
        """Set the program to a state."""
        self.program.require(state.lower)
        self.program.demand(state.ties)

    def trail(self, state: State, end: int) -> list[State]:
        """States after each further group on the relaxation, up to `end` or to a mixed tie."""
        trail: list[State] = []
        while state.position < end and not self.deadline.late():
            jump = self._jump(state, end)
            trail += jump
            if jump:
                state = jump[-1]
            if state.position == end:
                break
            settled = self._settle(state)
            if settled is None:
                break
            state = settled
            trail.append(state)
        return trail

    def _jump(self, state: State, end: int) -> list[State]:
        """The longest run of groups that can all rise fully, found by galloping and bisection."""
        steps = [state]
        good, width = 0, FIRST_WIDTH
        while True:
            self._extend(steps, min(good + width, end - state.position))
            last = len(steps) - 1
            if last == good:
                return steps[1:]
            if self.feasible(steps[last]):
                good, width = last, width * 2
                continue
            bad = last
            while bad - good > 1:
                middle = (good + bad) // 2
                if self.feasible(steps[middle]):
                    good = middle
                else:
                    bad = middle
            return steps[1 : good + 1]

    def _extend(self, steps: list[State], length: int) -> None:
        while len(steps) <= length:
            steps.append(self.raise_all(steps[-1], self.active(steps[-1])))

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

    def feasible(self, state: State) -> bool:
        """Whether split packs reach a state."""
        if self._reaches(state):
            return True
        self.begin(state)
        return self.program.feasible(self.deadline.seconds()).packs is not None

    def most(self, need: int, state: State) -> tuple[int, Answer]:
        """Proven most grains of a need, given all that is settled."""
        self.begin(state)
        lower = state.lower
        answer = self.program.most_meals(need, self.deadline.seconds())
        wanted = self.shape.needs[need].wanted
        if answer.packs is None:
            return wanted, answer
        bound = dual_bound_of(self.shape, need, lower, answer.row_duals, answer.meal_duals)
        bound = min(wanted, max(bound, lower[need]))
        return max(value for value in self.shape.values[need] if value <= bound), answer

    def _settle(self, state: State) -> State | None:
        """Freeze what the relaxation proves stuck, raise the rest; None at a mixed tie."""
        active = self.active(state)
        frozen = list(state.frozen)
        rising: list[Event] = []
        for event in active:
            bound, answer = self.most(event.need, state)
            if bound < event.target:
                frozen.append(self.freeze(event, {event.need: (bound, answer)}, proven=True))
            else:
                rising.append(event)
        state = replace(state, frozen=tuple(frozen))
        raised = self.raise_all(state, rising)
        if len(rising) > 1 and not self.feasible(raised):
            return None
        return raised

    def active(self, state: State) -> list[Event]:
        """Events that decide who stands above the threshold of the state's group."""
        group = self.groups[state.position]
        events = list(group.events)
        for need in sorted(state.tied - {event.need for event in events}):
            event = spanning(self.groups, need, state.position)
            if event is not None:
                events.append(event)
        return [event for event in events if state.is_open(event)]

    def freeze(self, event: Event, bounds: Bounded, *, proven: bool) -> Freeze:
        """The freeze of a need below an event: by the relaxation's bound, else by search if proven."""
        bound, answer = bounds[event.need]
        at, held = event.origin, self._scarce(event.need, answer)
        if bound <= at:
            return Freeze(event.need, at, bound, "dual", held)
        return Freeze(event.need, at, at if proven else bound, "search", held)

    def held(self, need: int, state: State) -> tuple[Cap, ...]:
        """What would have to give way for one more grain, everybody else keeping what they have."""
        _, answer = self.most(need, state)
        return self._scarce(need, answer)

    def _chosen(self, answer: Answer) -> list[Row]:
        """Rows with a multiplier; where a pack waits for a flag, it is the lot that runs out."""
        return [self.shape.rows[r] for r in answer.row_duals]

    def _scarce(self, need: int, answer: Answer) -> tuple[Cap, ...]:
        """The rows and lots that multipliers name; the packs themselves if they name nothing."""
        options = self.shape.options
        caps = {row.cap for row in self._chosen(answer)}
        full = [row.terms[0][0] for row in self._chosen(answer) if row.cap.kind == "attends"]
        caps |= {Cap("lot", options[i].lot_id) for i in (*answer.full, *full)}
        household_id = self.shape.needs[need].household_id
        if not self.shape.members[need]:
            caps = {Cap("nothing_fits", household_id)}
        elif not caps:
            caps = {Cap("whole_packs", household_id)}
        return tuple(sorted(caps, key=lambda cap: (cap.kind, cap.id, cap.storage, cap.day or 0)))

    def most_in_all(self, state: State) -> int:
        """Grains that all needs can receive together at most, by the relaxation."""
        self.begin(state)
        steps = [[(need.wanted, 1)] for need in self.shape.needs]
        answer = self.program.most_balanced(steps, self.deadline.seconds())
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
