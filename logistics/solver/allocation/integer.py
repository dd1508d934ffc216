"""Integer leximin by raise and freeze, for packs, shared kilograms and choices among sessions.

The levels that can be attained are known in advance, so leximin is a lexicographic maximum over
groups of events (`events.py`). A run on the relaxation (packs may be split) raises group after group
and freezes, with a dual proof, what cannot rise; whole packs are then sought for as far along that
trail as they exist. Where they end, the blocking group is settled on whole packs (as many of its
events as possible, the choice kept open) and the relaxed run goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic

from logistics.model.plan import Cap
from logistics.solver.allocation.bounds import dual_bound_of, keeps_rows
from logistics.solver.allocation.effort import Effort
from logistics.solver.allocation.events import FLOOR, Event, Freeze, Group, Tie, spanning
from logistics.solver.allocation.greedy import Ledger, completed, worths
from logistics.solver.allocation.programs import TOLERANCE, Answer, Program
from logistics.solver.allocation.shape import Shape

FIRST_WIDTH = 8
"""Groups looked at together at first; doubled as long as whole packs follow the relaxation."""


@dataclass(frozen=True, slots=True)
class State:
    """How far the groups are settled: lower bounds, open ties, freezes, the next group to look at."""

    lower: tuple[int, ...]
    ties: tuple[Tie, ...] = ()
    frozen: tuple[Freeze, ...] = ()
    position: int = 0

    def is_open(self, event: Event) -> bool:
        """Whether an event is neither settled nor ruled out by a freeze."""
        return self.lower[event.need] < event.target and not any(
            freeze.need == event.need and freeze.at < event.target for freeze in self.frozen
        )

    @property
    def live(self) -> tuple[Tie, ...]:
        """The ties that are carried along."""
        return tuple(tie for tie in self.ties if tie.live)

    @property
    def tied(self) -> frozenset[int]:
        """Needs in live ties."""
        return frozenset(event.need for tie in self.live for event in tie.events)


@dataclass(frozen=True, slots=True)
class Leximin:
    """Result: whole packs, the freezes with their proofs, whether everything was proven."""

    packs: tuple[int, ...] | None
    frozen: tuple[Freeze, ...]
    proven: bool
    stopped: bool = False
    total_bound: int | None = None
    """Grains that all together can receive at most, given what was settled; None if not computed."""


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
        self.deadline = monotonic() + seconds * (0.8 if effort is Effort.FULL else 1.0)
        self.call_seconds = max(0.5, seconds / 4) if effort is Effort.FULL else seconds
        self.relaxed = Program(shape, integer=False, seed=seed)
        self.whole = Program(shape, integer=True, seed=seed)
        self.effort = effort
        self.bounded = bounded
        self.packs: tuple[int, ...] | None = None
        self.received: list[int] = [0] * len(shape.needs)
        self.pool: list[tuple[tuple[int, ...], list[int]]] = []
        if start and keeps_rows(shape, start):
            self.pool.append((tuple(start), shape.received(start)))
        self.guide: Sequence[float] = (0.0,) * len(shape.options)
        self.calls = {"relaxed": 0, "whole": 0}
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
        while state.position < len(self.groups) and not self._late():
            trail = self._relaxed_trail(state, min(len(self.groups), state.position + width))
            reached = self._furthest(state, trail)
            whole_trail = reached.position == state.position + width
            width = width * 2 if whole_trail else FIRST_WIDTH
            state = reached
            if not whole_trail and state.position < len(self.groups) and not self._late():
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
            self.deadline = monotonic() + self.grace
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
            found.append(replace(freeze, held=freeze.held or self._held(n, final)))
        total = sum(self.received)
        if not proven:
            total = self._most_in_all(state) if self.bounded else self._wanted()
        return Leximin(self.packs, tuple(found), proven, stopped=late, total_bound=total)

    def _bound(self, need: int, state: State) -> int:
        """Proven most of a need, or its wish where bounds are worked out elsewhere."""
        if not self.bounded:
            return self.shape.needs[need].wanted
        return self._relaxed_most(need, state)[0]

    def _wanted(self) -> int:
        return sum(need.wanted for need in self.shape.needs)

    def _most_in_all(self, state: State) -> int:
        """Grains that all needs can receive together at most, by the relaxation."""
        self.relaxed.require(state.lower)
        self.relaxed.demand(state.ties)
        steps = [[(need.wanted, 1)] for need in self.shape.needs]
        answer = self.relaxed.most_balanced(steps, self._seconds())
        wanted = self._wanted()
        return wanted if answer.objective is None else min(wanted, int(answer.objective + 1e-4))

    def bounds_given(self, received: Sequence[int], needs: Sequence[int]) -> dict[int, int]:
        """Per need, what it could receive at most if all who stand lower keep what they received."""
        levels = [need.level(got) for need, got in zip(self.shape.needs, received, strict=True)]
        self.deadline = monotonic() + self.call_seconds
        bounds = {}
        for n in needs:
            lower = tuple(got if levels[m] < levels[n] else 0 for m, got in enumerate(received))
            bounds[n] = max(received[n], self._relaxed_most(n, State(lower))[0])
        return bounds

    def most_in_all(self) -> int:
        """Grains that all needs can receive together at most, nothing settled."""
        return self._most_in_all(State((0,) * len(self.shape.needs)))

    def _fairness(self, found: tuple[tuple[int, ...], list[int]]) -> tuple[list[Fraction], ...]:
        """What leximin compares: sorted fills up to the floor, then sorted levels."""
        pairs = list(zip(self.shape.needs, found[1], strict=True))
        return (
            sorted(min(need.fill(got), self.floor) for need, got in pairs),
            sorted(need.level(got) for need, got in pairs),
        )

    def _held(self, need: int, state: State) -> tuple[Cap, ...]:
        """What would have to give way for one more grain, everybody else keeping what they have."""
        _, answer = self._relaxed_most(need, state)
        return self._scarce(need, answer)

    def _scarce(self, need: int, answer: Answer) -> tuple[Cap, ...]:
        """The rows and lots that multipliers name; the packs themselves if they name nothing."""
        options = self.shape.options
        caps = {self.shape.rows[r].cap for r in answer.row_duals}
        caps |= {Cap("lot", options[i].lot_id) for i in answer.full}
        household_id = self.shape.needs[need].household_id
        if not self.shape.members[need]:
            caps = {Cap("nothing_fits", household_id)}
        elif not caps:
            caps = {Cap("whole_packs", household_id)}
        return tuple(sorted(caps, key=lambda cap: (cap.kind, cap.id, cap.storage, cap.day or 0)))

    def _balance(self, state: State) -> None:
        """A good whole solution at once: concave worth of receipts on top of what is settled.

        Diving on the relaxation takes a moment; the integer program then betters it.
        """
        steps = worths(self.shape)
        self.relaxed.require(state.lower)
        self.relaxed.demand(state.ties)
        ledger = Ledger(self.shape)
        if ledger.holds():
            self.guide = self.relaxed.dive(steps, ledger, self._seconds()) or self.guide
            packs = completed(self.shape, ledger.packs, self.guide, self.floor)
            self.pool.append((packs, self.shape.received(packs)))
        if self.effort is Effort.PROBE and len(self.pool) > 1:
            return
        best = self._best(state)
        self.whole.require(state.lower)
        self.whole.demand(state.ties)
        answer = self.whole.most_balanced(steps, min(self.grace, self._seconds()), best[0])
        self._keep(answer, state)

    def _best(self, state: State) -> tuple[tuple[int, ...], list[int]]:
        """The fairest of the solutions found that keep what is settled."""
        kept = [found for found in self.pool if _keeps(found[1], state)]
        return max(kept, key=self._fairness)

    def _late(self) -> bool:
        return monotonic() > self.deadline

    def _seconds(self) -> float:
        return min(self.call_seconds, max(0.05, self.deadline - monotonic()))

    # --- relaxed -----------------------------------------------------------------------------

    def _relaxed_trail(self, state: State, end: int) -> list[State]:
        """States after each further group on the relaxation, up to `end` or to a mixed tie."""
        trail: list[State] = []
        while state.position < end and not self._late():
            jump = self._relaxed_jump(state, end)
            trail += jump
            if jump:
                state = jump[-1]
            if state.position == end:
                break
            settled = self._relaxed_settle(state)
            if settled is None:
                break
            state = settled
            trail.append(state)
        return trail

    def _relaxed_jump(self, state: State, end: int) -> list[State]:
        """The longest run of groups that can all rise fully, found by galloping and bisection."""
        steps = [state]
        good, width = 0, FIRST_WIDTH
        while True:
            self._extend(steps, min(good + width, end - state.position))
            last = len(steps) - 1
            if last == good:
                return steps[1:]
            if self._relaxed_feasible(steps[last]):
                good, width = last, width * 2
                continue
            bad = last
            while bad - good > 1:
                middle = (good + bad) // 2
                if self._relaxed_feasible(steps[middle]):
                    good = middle
                else:
                    bad = middle
            return steps[1 : good + 1]

    def _extend(self, steps: list[State], length: int) -> None:
        while len(steps) <= length:
            steps.append(self._raise_all(steps[-1], self._active(steps[-1])))

    def _raise_all(self, state: State, events: Sequence[Event]) -> State:
        """The state in which all these events happen, but for the losers of live ties."""
        lower, ties = list(state.lower), [tie for tie in state.ties if not tie.live]
        tied = state.tied
        for event in events:
            if event.need not in tied:
                lower[event.need] = max(lower[event.need], event.target)
        for tie in state.live:
            ties += _carried(tie, events)
        return replace(state, lower=tuple(lower), ties=tuple(ties), position=state.position + 1)

    def _relaxed_feasible(self, state: State) -> bool:
        if self._reaches(state):
            return True
        self.calls["relaxed"] += 1
        self.relaxed.require(state.lower)
        self.relaxed.demand(state.ties)
        return self.relaxed.feasible(self._seconds()).packs is not None

    def _relaxed_most(self, need: int, state: State) -> tuple[int, Answer]:
        """Proven most grains of a need, given all that is settled."""
        self.calls["relaxed"] += 1
        lower = state.lower
        self.relaxed.require(lower)
        self.relaxed.demand(state.ties)
        answer = self.relaxed.most_meals(need, self._seconds())
        wanted = self.shape.needs[need].wanted
        if answer.packs is None:
            return wanted, answer
        bound = dual_bound_of(self.shape, need, lower, answer.row_duals, answer.meal_duals)
        bound = min(wanted, max(bound, lower[need]))
        return max(value for value in self.shape.values[need] if value <= bound), answer

    def _relaxed_settle(self, state: State) -> State | None:
        """Freeze what the relaxation proves stuck, raise the rest; None at a mixed tie."""
        active = self._active(state)
        frozen = list(state.frozen)
        rising: list[Event] = []
        for event in active:
            bound, answer = self._relaxed_most(event.need, state)
            if bound < event.target:
                frozen.append(self._freeze(event, {event.need: (bound, answer)}, proven=True))
            else:
                rising.append(event)
        state = replace(state, frozen=tuple(frozen))
        raised = self._raise_all(state, rising)
        if len(rising) > 1 and not self._relaxed_feasible(raised):
            return None
        return raised

    def _active(self, state: State) -> list[Event]:
        """Events that decide who stands above the threshold of the state's group."""
        group = self.groups[state.position]
        events = list(group.events)
        for need in sorted(state.tied - {event.need for event in events}):
            event = spanning(self.groups, need, state.position)
            if event is not None:
                events.append(event)
        return [event for event in events if state.is_open(event)]

    # --- whole packs -------------------------------------------------------------------------

    def _try_whole(self, state: State) -> bool:
        """Whether whole packs reach a state; keeps the solution found."""
        if self._reaches(state):
            return True
        self.calls["whole"] += 1
        self.whole.require(state.lower)
        self.whole.demand(state.ties)
        self._last = self.whole.feasible(self._seconds(), self.packs)
        return self._keep(self._last, state)

    def _reaches(self, state: State) -> bool:
        """Whether a solution found before reaches a state; it becomes the present one."""
        for packs, received in reversed(self.pool):
            if _keeps(received, state):
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
        if not keeps_rows(self.shape, packs) or not _keeps(received, state):
            return False
        self.packs, self.received = packs, received
        self.pool.append((packs, received))
        return True

    def _furthest(self, state: State, trail: list[State]) -> State:
        """The last state of the trail that whole packs reach."""
        states = [state, *trail]
        good, bad = 0, len(states)
        probe = bad - 1
        while bad - good > 1 and not self._late():
            if self._try_whole(states[probe]):
                good = probe
            else:
                bad = probe
            probe = (good + bad) // 2
        return states[good]

    def _settle(self, state: State) -> State:
        """Decide a group on whole packs: as many of its events as possible."""
        active = self._active(state)
        bounds = {e.need: self._relaxed_most(e.need, state) for e in active}
        possible = [e for e in active if bounds[e.need][0] >= e.target]
        frozen = [self._freeze(e, bounds, proven=True) for e in active if e not in possible]
        state = replace(state, frozen=(*state.frozen, *frozen))
        if not possible:
            return self._raise_all(state, [])
        return self._most_of(state, possible, bounds)

    def _freeze(
        self, event: Event, bounds: dict[int, tuple[int, Answer]], *, proven: bool
    ) -> Freeze:
        bound, answer = bounds[event.need]
        at, held = event.origin, self._scarce(event.need, answer)
        if bound <= at:
            return Freeze(event.need, at, bound, "dual", held)
        return Freeze(event.need, at, at if proven else bound, "search", held)

    def _most_of(
        self, state: State, events: list[Event], bounds: dict[int, tuple[int, Answer]]
    ) -> State:
        """Raise as many of these events as can rise together, freeze the others.

        Where only some of them can and it is not proven to be indifferent which, the choice stays
        open: a tie demands their number from now on, and later groups decide.
        """
        self.calls["whole"] += 1
        self.whole.require(state.lower)
        self.whole.demand(state.ties)
        answer = self.whole.most_events(events, self._seconds(), self.packs)
        self._keep(answer, state)
        done = [e for e in events if self.received[e.need] >= e.target]
        most = len(events) if answer.bound is None else int(answer.bound + TOLERANCE)
        proven = len(done) >= most
        raised = self._raise_all(state, events)
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
            return replace(state, ties=(*ties, tie), position=state.position + 1)
        if mixed:
            done = events[: len(done)]
        lower = list(state.lower)
        for event in done:
            lower[event.need] = event.target
        stuck = tuple(self._freeze(e, bounds, proven=proven) for e in events if e not in done)
        return replace(
            state,
            lower=tuple(lower),
            frozen=state.frozen + stuck,
            position=state.position + 1,
        )


def _keeps(received: Sequence[int], state: State) -> bool:
    """Whether receipts keep a state's lower bounds and ties."""
    return all(got >= least for got, least in zip(received, state.lower, strict=True)) and all(
        sum(received[e.need] >= e.target for e in tie.events) >= tie.count for tie in state.ties
    )


def _carried(tie: Tie, events: Sequence[Event]) -> list[Tie]:
    """A live tie at the next threshold: its members' events there in place of the old ones.

    A member without an event there has all it wants or is frozen; it may have been the loser, so
    fewer losers are certain among the others and the old tie must be kept beside the new one.
    """
    here = {event.need: event for event in events}
    members = [event.need for event in tie.events]
    later = tuple(here[need] for need in members if need in here)
    if not later:
        return [tie]
    losers = max(0, tie.losers - (len(members) - len(later)))
    moved = Tie(later, len(later) - losers)
    return [moved] if len(later) == len(members) else [replace(tie, live=False), moved]


def twin_classes(shape: Shape) -> list[int]:
    """A class number per need: needs of one class may be exchanged without any difference.

    Twins have the same wish, history and weight, and their variables enter the same shared rows with
    the same coefficients and private rows of the same form.
    """
    owner = {i: n for n, members in enumerate(shape.members) for i in members}
    seats = {need.household_id: n for n, need in enumerate(shape.needs)}
    for k, (household_id, _) in enumerate(shape.flags):
        owner[len(shape.options) + k] = seats[household_id]
    entries: dict[int, list[tuple[object, ...]]] = {i: [] for i in owner}
    for r, row in enumerate(shape.rows):
        private = len({owner[i] for i, _ in row.terms}) == 1
        label = (row.cap.kind, row.upper, row.lower) if private else (r,)
        for i, c in row.terms:
            entries[i].append((*map(str, label), c))
    names: list[tuple[object, ...]] = []
    for n, need in enumerate(shape.needs):
        variables = sorted(
            (
                option.lot_id,
                option.session_id or "",
                shape.most[i],
                tuple(sorted(entries[i], key=str)),
            )
            for i in shape.members[n]
            for option in (shape.options[i],)
        )
        own = (need.wanted, need.past_wanted, need.past_received, need.weight)
        names.append((*own, tuple(variables)))
    numbers: dict[tuple[object, ...], int] = {}
    return [numbers.setdefault(name, len(numbers)) for name in names]
