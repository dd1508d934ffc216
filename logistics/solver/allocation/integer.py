"""Integer leximin by raise and freeze, for packs, shared kilograms and choices among sessions.

The levels that can be attained are known in advance, so leximin is a lexicographic maximum over
groups of events (`events.py`). A run on the relaxation (packs may be split) raises group after group
and freezes, with a dual proof, what cannot rise; whole packs are then sought for as far along that
trail as they exist. Where they end, the blocking group is settled on whole packs (as many of its
events as possible, the choice kept open) and the relaxed run goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from logistics.solver.allocation.bounds import keeps_rows
from logistics.solver.allocation.effort import Effort
from logistics.solver.allocation.events import FLOOR, Event, Freeze, Group, Tie
from logistics.solver.allocation.greedy import Ledger, completed, worths
from logistics.solver.allocation.programs import TOLERANCE, Answer, Program
from logistics.solver.allocation.relaxed import FIRST_WIDTH, Bounded, Relaxation
from logistics.solver.allocation.shape import Shape
from logistics.solver.allocation.state import (
    Deadline,
    Leximin,
    Solution,
    State,
    keeps,
    twin_classes,
)


class RaiseAndFreeze:
    """One solve of a shape, from `start` packs if they keep its rows.

    Less than full effort stops after the balanced solution: good, bounded, not proven. Without
    `bounded` the bounds are the wishes themselves (the caller works out better ones).
    """

    def __init__(
        self,
        shape: Shape,
        groups: Sequence[Group],
        *,
        seconds: float,
        seed: int,
        effort: Effort = Effort.FULL,
        start: Sequence[int] = (),
        bounded: bool = True,
    ) -> None:
        self.shape = shape
        self.groups = groups
        self.floor = max((g.leaves for g in groups if g.stage == FLOOR), default=Fraction(0))
        self.grace = seconds * 0.25 if effort is Effort.FULL else seconds
        proving = effort is Effort.FULL
        self.deadline = Deadline(
            seconds * (0.8 if proving else 1.0), max(0.5, seconds / 4) if proving else seconds
        )
        self.relaxed = Relaxation(shape, groups, self.deadline, seed, self._reaches)
        self.whole = Program(shape, integer=True, seed=seed)
        self.effort = effort
        self.bounded = bounded
        self.packs: tuple[int, ...] | None = None
        self.received: list[int] = [0] * len(shape.needs)
        self.pool: list[Solution] = []
        nothing = (0,) * (len(shape.options) + len(shape.flags))
        for packs in (nothing, tuple(start)):
            if packs and keeps_rows(shape, packs):
                self.pool.append((packs, shape.received(packs)))
        self.guide: Sequence[float] = (0.0,) * len(shape.options)
        self.twins = twin_classes(shape)

    def solve(self) -> Leximin:
        """Run to the end or to the time limit."""
        state = State((0,) * len(self.shape.needs))
        if not self.pool and not self._try_whole(state):
            return Leximin(None, (), proven=self._last.proven_infeasible)
        if self.effort is not Effort.KEEP:
            self._balance(state)
        if self.effort is Effort.PROBE:
            return self._unproven()
        if self.effort is not Effort.FULL:
            return self._finish(state)
        width = FIRST_WIDTH
        while state.position < len(self.groups) and not self.deadline.late():
            trail = self.relaxed.trail(state, min(len(self.groups), state.position + width))
            reached = self._furthest(state, trail)
            whole_trail = reached.position == state.position + width
            width = width * 2 if whole_trail else FIRST_WIDTH
            state = reached
            if not whole_trail and state.position < len(self.groups) and not self.deadline.late():
                state = self._settle(state)
        return self._finish(state)

    def _unproven(self) -> Leximin:
        """The best solution found, with nothing proven about it."""
        self.packs, self.received = max(self.pool, key=self._fairness)
        return Leximin(self.packs, (), proven=False)

    def _finish(self, state: State) -> Leximin:
        """Freezes of all needs below their wish, each with a bound and what is scarce.

        Needs that were never frozen stand where an open tie or the time limit left them; after a
        time limit the rest of the way is balanced in one solve, without proof.
        """
        late = state.position < len(self.groups)
        if late and self.effort is Effort.FULL and state.position:
            self.deadline.restart(self.grace)
            self._balance(state)
        if late:
            self.packs, self.received = self._best(state)
        proven = not late and all(freeze.bound <= freeze.at for freeze in state.frozen)
        final = State(tuple(self.received), state.ties)
        by_need = {freeze.need: freeze for freeze in state.frozen}
        found = []
        for n, need in enumerate(self.shape.needs):
            got, freeze = self.received[n], by_need.get(n)
            if got == need.wanted:
                continue
            if freeze is None or freeze.at != got:
                bound = got if proven else self._bound(n, state)
                freeze = Freeze(n, got, bound, "search")
            found.append(replace(freeze, held=freeze.held or self.relaxed.held(n, final)))
        total = sum(self.received)
        if not proven:
            total = self.relaxed.most_in_all(state) if self.bounded else self._wanted()
        stopped = late and self.effort is Effort.FULL
        return Leximin(self.packs, tuple(found), proven, stopped, total)

    def _bound(self, need: int, state: State) -> int:
        """Proven most of a need, or its wish where bounds are worked out elsewhere."""
        if not self.bounded:
            return self.shape.needs[need].wanted
        return self.relaxed.most(need, state)[0]

    def _wanted(self) -> int:
        return sum(need.wanted for need in self.shape.needs)

    def _fairness(self, found: Solution) -> tuple[list[Fraction], ...]:
        """What leximin compares: sorted fills up to the floor, then sorted levels."""
        pairs = list(zip(self.shape.needs, found[1], strict=True))
        return (
            sorted(min(need.fill(got), self.floor) for need, got in pairs),
            sorted(need.level(got) for need, got in pairs),
        )

    def _balance(self, state: State) -> None:
        """A good whole solution at once: concave worth of receipts on top of what is settled.

        Diving on the relaxation takes a moment; the integer program then betters it.
        """
        steps = worths(self.shape, self.floor)
        self.relaxed.begin(state)
        ledger = Ledger(self.shape)
        if ledger.holds():
            self.guide = (
                self.relaxed.program.dive(steps, ledger, self.deadline.seconds()) or self.guide
            )
            packs = completed(self.shape, ledger.packs, self.guide, self.floor)
            self.pool.append((packs, self.shape.received(packs)))
        if self.effort is Effort.PROBE and len(self.pool) > 1:
            return
        best = self._best(state)
        self.whole.require(state.lower)
        self.whole.demand(state.ties)
        answer = self.whole.most_balanced(steps, min(self.grace, self.deadline.seconds()), best[0])
        self._keep(answer, state)

    def _best(self, state: State) -> Solution:
        """The fairest of the solutions found that keep what is settled."""
        kept = [found for found in self.pool if keeps(found[1], state)]
        return max(kept, key=self._fairness)

    def _try_whole(self, state: State) -> bool:
        """Whether whole packs reach a state; keeps the solution found."""
        if self._reaches(state):
            return True
        self.whole.require(state.lower)
        self.whole.demand(state.ties)
        self._last = self.whole.feasible(self.deadline.seconds(), self.packs)
        return self._keep(self._last, state)

    def _reaches(self, state: State) -> bool:
        """Whether a solution found before reaches a state; it becomes the present one."""
        for packs, received in reversed(self.pool):
            if keeps(received, state):
                self.packs, self.received = packs, received
                return True
        return False

    def _keep(self, answer: Answer, state: State) -> bool:
        if answer.packs is None:
            return False
        packs = tuple(int(v) for v in answer.packs)
        if keeps_rows(self.shape, packs):
            packs = completed(self.shape, packs, self.guide, self.floor)
        received = self.shape.received(packs)
        if not keeps_rows(self.shape, packs) or not keeps(received, state):
            return False
        self.packs, self.received = packs, received
        self.pool.append((packs, received))
        return True

    def _furthest(self, state: State, trail: list[State]) -> State:
        """The last state of the trail that whole packs reach."""
        states = [state, *trail]
        good, bad = 0, len(states)
        probe = bad - 1
        while bad - good > 1 and not self.deadline.late():
            if self._try_whole(states[probe]):
                good = probe
            else:
                bad = probe
            probe = (good + bad) // 2
        return states[good]

    def _settle(self, state: State) -> State:
        """Decide a group on whole packs: as many of its events as possible."""
        active = self.relaxed.active(state)
        bounds = {e.need: self.relaxed.most(e.need, state) for e in active}
        possible = [e for e in active if bounds[e.need][0] >= e.target]
        frozen = [self.relaxed.freeze(e, bounds, proven=True) for e in active if e not in possible]
        state = replace(state, frozen=(*state.frozen, *frozen))
        if not possible:
            return self.relaxed.raise_all(state, [])
        return self._most_of(state, possible, bounds)

    def _most_of(self, state: State, events: list[Event], bounds: Bounded) -> State:
        """Raise as many of these events as can rise together, freeze the others.

        Where only some of them can and it is not proven to be indifferent which, the choice stays
        open: a tie demands their number from now on, and later groups decide.
        """
        self.whole.require(state.lower)
        self.whole.demand(state.ties)
        answer = self.whole.most_events(events, self.deadline.seconds(), self.packs)
        self._keep(answer, state)
        done = [e for e in events if self.received[e.need] >= e.target]
        most = len(events) if answer.bound is None else int(answer.bound + TOLERANCE)
        proven = len(done) >= most
        raised = self.relaxed.raise_all(state, events)
        if self._reaches(raised):
            return raised
        mixed = 0 < len(done) < len(events) and proven
        tied = state.tied & {e.need for e in events}
        if mixed and (tied or len({self.twins[e.need] for e in events}) > 1):
            members = {e.need for e in events}
            ties = [
                replace(tie, live=tie.live and not any(e.need in members for e in tie.events))
                for tie in state.ties
            ]
            tie = Tie(tuple(events), len(done))
            return self.relaxed.advanced(replace(state, ties=(*ties, tie)))
        lower = list(state.lower)
        for event in done:
            lower[event.need] = event.target
        stuck = tuple(
            self.relaxed.freeze(e, bounds, proven=proven) for e in events if e not in done
        )
        return self.relaxed.advanced(
            replace(state, lower=tuple(lower), frozen=state.frozen + stuck)
        )
