"""Integer leximin by raise and freeze, for packs, shared kilograms and choices among sessions.

The levels that can be attained are known in advance, so leximin is a lexicographic maximum over
groups of events (`events.py`). A good plan comes first (`nearby.py`, `scale.py`); it is then walked
through group after group. Where all of a group's events happen in the plan there is nothing to prove.
Where some do not, either a linear program proves that no more can, or an integer program does, or a
better plan is found and the walk goes on with that. Only a group's *losers* cost work, therefore,
and they are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from logistics.solver.allocation.effort import Effort
from logistics.solver.allocation.events import FLOOR, LEVEL, Event, Freeze, Group, Tie
from logistics.solver.allocation.large.arrays import arrays_of
from logistics.solver.allocation.large.bound import bound_of
from logistics.solver.allocation.large.scale import scale_leximin
from logistics.solver.allocation.packs.annealed import Annealed
from logistics.solver.allocation.packs.columns import Columns
from logistics.solver.allocation.packs.greedy import Ledger, worths
from logistics.solver.allocation.packs.incumbent import Incumbent
from logistics.solver.allocation.packs.matrix import Matrix
from logistics.solver.allocation.packs.nearby import Gains, Nearby, accumulated
from logistics.solver.allocation.packs.programs import TOLERANCE
from logistics.solver.allocation.packs.relaxed import Relaxation
from logistics.solver.allocation.shape import Shape
from logistics.solver.allocation.state import Deadline, Leximin, State, Way, Wish, keeps, twins_of

FIRST_S = 1.5
"""Limit of the integer program that betters the first plan."""

ANNEALED_S, ANNEALED_SHARE = 1.0, 0.35
"""How long the first plan is annealed, and the share of the time that this may take."""

PATIENCE_S, PATIENCE_GROWTH = 0.3, 1.6
"""How long a group is searched around the plan at first, and how much longer in each next round."""

FAR = 10.0
"""A plan further away or a decision may take so many times as long."""
PROVING_S = 1.0
"""How long a group may at least take to be decided where the one before it was."""

SCALE_SHARE, REFUTING_S = 0.25, 2.0
"""Share of the time in which a plan near the bound of split packs is sought, and how long it may
take to prove that there is none."""

GRACE_SHARE, REST_PART = 0.25, 0.7
"""Share of the time that is kept for what the rest did not prove, and the part of it that goes to a good
plan; what is left goes to the bounds."""

BALANCE_GAP = 1e-4


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
        self.seed = seed
        self.effort = effort
        self.bounded = bounded
        self.floor = max((g.leaves for g in groups if g.stage == FLOOR), default=Fraction(0))
        self.grace_s = seconds * GRACE_SHARE
        proving_s = seconds - self.grace_s if effort is Effort.FULL else seconds
        self.deadline = Deadline(proving_s, seconds)
        self.relaxed = Relaxation(shape, groups, self.deadline, seed)
        self.matrix = Matrix(shape)
        self.columns = Columns(self.matrix)
        self.nearby = Nearby(shape, self.matrix, self.columns, seed)
        self.best = Incumbent(shape, self.floor)
        self.twins = twins_of(shape)
        self.leaped = False
        self.scale_s = seconds * SCALE_SHARE
        self.proving = True
        nothing = (0,) * (len(shape.options) + len(shape.flags))
        for packs in (nothing, tuple(start)):
            if len(packs) == len(nothing):
                self.best.keep(packs, complete=False)

    def solve(self) -> Leximin:
        """Run to the end or to the time limit."""
        state = State((0,) * len(self.shape.needs))
        if not self.best.exists:
            extra, _ = self.matrix.ladder(state.lower, ())
            found = self.matrix.whole(extra, self.deadline.seconds())
            if not self.best.keep(found.packs):
                return Leximin(None, (), proven=found.infeasible)
        if self.effort is not Effort.KEEP:
            self._balance()
        if self.effort is Effort.PROBE:
            return Leximin(self.best.plan[0], (), proven=False)
        while (
            self.effort is Effort.FULL
            and state.position < len(self.groups)
            and not self.deadline.late()
        ):
            raised = self.relaxed.raise_all(state, self.relaxed.active(state))
            reached = keeps(self.best.plan[1], raised)
            state = raised if reached else self._settle(state, raised)
        return self._finish(state)

    def _finish(self, state: State) -> Leximin:
        """Freezes of all needs below their wish, each with a bound and what is scarce.

        Needs that were never frozen stand where an open tie or the time limit left them.
        """
        late = state.position < len(self.groups)
        if late and self.effort is Effort.FULL:
            self.deadline.restart(self.grace_s)
            self._balance_rest(state)
        packs, received = self.best.plan
        proven = not late
        final = State(tuple(received), state.ties)
        by_need = {freeze.need: freeze for freeze in state.frozen}
        found = []
        for n, need in enumerate(self.shape.needs):
            got, freeze = received[n], by_need.get(n)
            if got == need.wanted:
                continue
            if freeze is None or freeze.at != got:
                bound = got if proven else self._bound(n, state)
                freeze = Freeze(n, got, bound, "search")
            found.append(freeze)
        held = self.relaxed.held([freeze.need for freeze in found], final)
        found = [replace(freeze, held=held[freeze.need]) for freeze in found]
        total = sum(received)
        if not proven:
            wanted = sum(need.wanted for need in self.shape.needs)
            total = self.relaxed.most_in_all(state) if self.bounded else wanted
        return Leximin(packs, tuple(found), proven, late and self.effort is Effort.FULL, total)

    def _bound(self, need: int, state: State) -> int:
        """Proven most of a need, or its wish where bounds are worked out elsewhere."""
        if not self.bounded or self.deadline.late():
            return self.shape.needs[need].wanted
        return self.relaxed.most(need, state)[0]

    def _balance(self) -> None:
        """A good whole solution soon: by diving, or by an integer program if that shall go on."""
        if self.effort is Effort.FULL:
            self._begin()
            return
        steps = worths(self.shape, self.floor)
        self.relaxed.begin(State((0,) * len(self.shape.needs)))
        ledger = Ledger(self.shape)
        if ledger.holds():
            guide = self.relaxed.program.dive(steps, ledger, self.deadline.seconds())
            self.best.guide = guide or self.best.guide
            self.best.keep(tuple(ledger.packs))
            if self.effort is Effort.PROBE:
                return
        gains = {n: accumulated(own) for n, own in enumerate(steps)}
        self._bettered((0,) * len(steps), gains, self.deadline.seconds())

    def _balance_rest(self, state: State) -> None:
        """What time has left undecided, in one program: the most worth above what is settled."""
        steps = worths(self.shape, self.floor)
        gains = {n: accumulated(own) for n, own in enumerate(steps)}
        self._bettered(state.lower, gains, REST_PART * self.grace_s, state.ties)

    def _begin(self) -> None:
        """This week's floor for everybody, if that is possible, and the most worth above it."""
        floors = [
            next((v for v in values if need.fill(v) >= self.floor), values[-1])
            for need, values in zip(self.shape.needs, self.shape.values, strict=True)
        ]
        pairs = zip(self.shape.needs, floors, strict=True)
        base = min((need.level(grains) for need, grains in pairs), default=Fraction(0))
        gains = self.nearby.gains(Group(LEVEL, base, ()), floors)
        self._bettered(floors, gains, min(FIRST_S, self.deadline.seconds()))
        seconds = min(ANNEALED_S, ANNEALED_SHARE * self.deadline.seconds())
        self.best.keep(
            Annealed(self.shape, self.seed).start(self.best.plan[0], self.floor, seconds)
        )

    def _bettered(
        self, lower: Sequence[int], gains: Gains, seconds: float, ties: Sequence[Tie] = ()
    ) -> None:
        """Keep the plan of the most worth above lower bounds, if one is found and is fairer."""
        extra, _ = self.matrix.ladder(lower, ties)
        self.matrix.worth(extra, lower, gains)
        self.best.keep(self.matrix.whole(extra, seconds, gap=BALANCE_GAP).packs)

    def _settle(self, state: State, raised: State) -> State:
        """Decide a group: raise as many of its events as can rise together, freeze the others.

        Where only some of them can, the choice stays open: a tie demands their number from now on,
        and later groups decide. The state stays where it is if the time does not suffice.
        """
        events = self.relaxed.active(state)
        most = len(events) - sum(tie.losers for tie in raised.live)
        most = min(most, self._most_split(state, events))
        while self.best.done(events) < most:
            if self.deadline.late():
                return state
            if self._none_better(state, events, most):
                most = self.best.done(events)
        if keeps(self.best.plan[1], raised):
            return raised
        if most == 0:
            stuck = [Freeze(e.need, e.origin, e.origin, "search") for e in events]
            return self._rest(self.relaxed.advanced(replace(state, frozen=(*state.frozen, *stuck))))
        members = {e.need for e in events}
        ties = [
            replace(tie, live=tie.live and not any(e.need in members for e in tie.events))
            for tie in state.ties
        ]
        tie = Tie(tuple(events), most)
        return self.relaxed.advanced(replace(state, ties=(*ties, tie)))

    def _most_split(self, state: State, events: Sequence[Event]) -> int:
        """Proven most of these events with split packs and split choices."""
        extra, rungs = self.matrix.ladder(state.lower, state.ties, events)
        for event in events:
            extra.gain[rungs[event.need, event.target] - extra.columns] = 1.0
        most = self.matrix.split(extra, self.deadline.seconds()).most
        return len(events) if most is None else most

    def _rest(self, state: State) -> State:
        """Freeze at once all who cannot rise any more, by linear programs over their next steps."""
        if state.live:
            return state
        open_ = state.next_steps(self.groups)
        while open_:
            extra, rungs = self.matrix.ladder(state.lower, state.ties, open_)
            for event in open_:
                extra.gain[rungs[event.need, event.target] - extra.columns] = 1.0
            found = self.matrix.split(extra, self.deadline.seconds())
            if found.most == 0:
                stuck = [Freeze(e.need, e.origin, e.origin, "dual") for e in open_]
                return replace(state, frozen=(*state.frozen, *stuck))
            if found.columns is None:
                return state
            given = [sum(c * found.columns[i] for i, c in own) for own in self.matrix.meals]
            kept = [e for e in open_ if given[e.need] < state.lower[e.need] + TOLERANCE]
            if len(kept) == len(open_):
                return state
            open_ = kept
        return state

    def _none_better(self, state: State, events: Sequence[Event], most: int) -> bool:
        """Whether no plan has more of these events than the best one; else that one is better now.

        What settled the last group is tried first: an integer program that decides, or searches for
        better plans around the best. False also if the time is out.
        """
        wish, patience = Wish(self.best.done(events) + 1, most), PATIENCE_S
        turn = 0
        while not self.deadline.late():
            for way in self._ways(turn):
                known = way(state, events, wish, patience)
                if known is not None:
                    self.proving = known
                    return known
            patience *= PATIENCE_GROWTH
            turn += 1
        return False

    def _ways(self, turn: int) -> tuple[Way, ...]:
        """What to try in a turn: deciding first where it decided the last group."""
        if not self.leaped:
            return self._try, self._leap
        if self.proving and turn == 0:
            return self._try, self._search, self._leap
        return (self._search, self._leap) if turn % 2 == 0 else (self._decide,)

    def _try(
        self, state: State, events: Sequence[Event], wish: Wish, seconds: float
    ) -> bool | None:
        """Decide, if that is soon done."""
        return self._decide(state, events, wish, seconds / FAR)

    def _decide(
        self, state: State, events: Sequence[Event], wish: Wish, seconds: float
    ) -> bool | None:
        """Whether it is impossible that more events happen; None if the time did not suffice."""
        extra, _ = self.matrix.ladder(state.lower, state.ties, events, wish.count)
        for first, second in self.twins:
            if state.lower[first] == state.lower[second]:
                less = [(i, -c) for i, c in self.matrix.meals[second]]
                extra.at_least([*self.matrix.meals[first], *less], 0)
        seconds = max(FAR * seconds, PROVING_S) if self.proving else FAR * seconds
        found = self.matrix.whole(extra, min(seconds, self.deadline.seconds()))
        self.best.keep(found.packs)
        return True if found.infeasible else self._better(events, wish)

    def _search(
        self, state: State, events: Sequence[Event], wish: Wish, seconds: float
    ) -> bool | None:
        """False if serving a few households anew brought more events, else None."""

        def good(got: Sequence[int]) -> bool:
            return sum(got[e.need] >= e.target for e in events) >= wish.most

        group = self.groups[state.position]
        seconds = min(seconds, self.deadline.seconds())
        self.best.keep(self.nearby.search(self.best.plan, state, group, good, seconds)[0])
        return self._better(events, wish)

    def _leap(
        self, state: State, events: Sequence[Event], wish: Wish, seconds: float
    ) -> bool | None:
        """False if a plan further away has more events, else None: near the bound of split packs at
        first, if baskets can reach that, then of the options that the best mixes of baskets use."""
        if not self.leaped:
            self.leaped = True
            if self._near_bound():
                return self._better(events, wish)
        seconds = min(FAR * seconds, self.deadline.seconds())
        group, goal = self.groups[state.position], (events, wish.count)
        for packs in self.nearby.induced(self.best.plan, state, group, goal, seconds):
            self.best.keep(packs)
        return self._better(events, wish)

    def _near_bound(self) -> bool:
        """Seek a plan near the bound of split packs, unless mixes of baskets prove it out of reach."""
        seconds = min(self.scale_s, self.deadline.seconds())
        bound = bound_of(arrays_of(self.shape), self.groups, seconds=seconds, seed=self.seed)
        if self.columns.mix(self.columns.asked(bound.receipts.tolist()), REFUTING_S).impossible:
            return False
        found = scale_leximin(self.shape, self.groups, seconds=seconds, seed=self.seed)
        self.best.keep(found.packs)
        return True

    def _better(self, events: Sequence[Event], wish: Wish) -> bool | None:
        return False if self.best.done(events) >= wish.count else None
