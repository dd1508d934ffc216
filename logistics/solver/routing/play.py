"""The state of one run of the portfolio: seats, turns, and the best solution that keeps every rule."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait

from logistics.model.routing import RoutingProblem, RoutingScore, RoutingSolution
from logistics.solver.routing.engines import Cancelled
from logistics.solver.routing.engines.messages import Better, Done, Turn
from logistics.solver.routing.engines.nearest import construct
from logistics.solver.routing.lineup import ONE_TURN, PROOF, Lineup
from logistics.solver.routing.score import score
from logistics.solver.routing.seats import Seat

OnScored = Callable[[RoutingSolution, RoutingScore], None]

GRACE_S = 0.3
"""After the end of the time, until those who still work are killed."""
LOOK_S = 0.05
"""How often cancelling is looked at."""
SHORTEST_S = 0.2
"""A turn below this is not worth its while."""
FAILURES_MAX = 2
PROOF_SHARE = 0.5
"""Part of the time after which a proof is given up."""
ONE_TURN_SHARE = 0.5
"""Part of the time for who cannot start from a solution; then another goes on from what it found."""
SEED_STEP = 7_919
"""Between the seeds of one seat's turns, so that seats never share one."""
CONSTRUCTION = "nearest"


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One turn of an engine: `status` is done, late, failed, refused or stopped, `note` says why."""

    engine: str
    seed: int
    turn: int
    status: str
    note: str = ""
    runtime_s: float = 0.0
    score: RoutingScore | None = None


@dataclass(slots=True)
class Play:
    """One run; `seats` work at the same time, `bench` are engines that step in for those who fail."""

    problem: RoutingProblem
    seconds: float
    iterations: int | None
    on_better: OnScored | None
    cancelled: Cancelled | None
    begun: float = field(default_factory=time.monotonic)
    best: RoutingSolution | None = None
    worth: RoutingScore | None = None
    by: str | None = None
    bound: int | None = None
    seats: list[Seat] = field(default_factory=list)
    bench: list[str] = field(default_factory=list)
    plan: Lineup = field(default_factory=lambda: Lineup((), 1))
    runs: list[EngineRun] = field(default_factory=list)
    reserve: RoutingSolution | None = None

    @property
    def ends_at(self) -> float:
        """When the time is over."""
        return self.begun + self.seconds

    @property
    def called_off(self) -> bool:
        """Whether nothing is left to find, or nobody waits for it."""
        return self.proven or (self.cancelled is not None and self.cancelled())

    @property
    def proven(self) -> bool:
        """Whether the best is the best there is."""
        return self.worth is not None and self.bound is not None and self.bound >= self.worth.cost

    def build(self, held: bool) -> None:
        """A solution to begin with, as far as the time allows; `held` back until nobody has a better."""
        found = construct(self.problem, self._late)
        if held:
            self.reserve = found
        else:
            self.take(CONSTRUCTION, found)

    def _late(self) -> bool:
        return time.monotonic() >= self.ends_at or self.called_off

    def take(self, name: str, found: RoutingSolution | None) -> RoutingScore | None:
        """Score a solution, and keep it if it is the best; its score, None if it breaks a rule."""
        worth = None if found is None else score(self.problem, found)
        if worth is not None and (self.worth is None or worth.key < self.worth.key):
            self.best, self.worth, self.by = found, worth, name
            if self.on_better is not None and found is not None:
                self.on_better(found, worth)
        return worth

    def seat(self, able: list[str], plan: Lineup, number: int, seed: int) -> None:
        """Fill the seats with engines of the plan; where a proof can be tried, it keeps one warm."""
        self.plan = plan
        players = [name for name in able if name != PROOF]
        chosen = [name for name in players if name in plan.engines] or players[:1]
        self.bench = [name for name in players if name not in chosen[:number]]
        if chosen:
            turns = [(chosen[k % len(chosen)], k // len(chosen)) for k in range(number)]
            self.seats = [Seat(name, seed + again) for name, again in turns]
            after = next((name for name in players if name not in ONE_TURN), None)
            for place in self.seats:
                if place.engine in ONE_TURN and after is not None:
                    place.waiting = Seat(after, place.seed + number)
        if PROOF in able:
            first = self.seats[0] if self.seats else None
            self.seats[:1] = [Seat(PROOF, seed, waiting=first)]

    def race(self) -> None:
        """Turns by the clock: who has ended a round goes on from the best there is."""
        for place in self.seats:
            self._turn(place)
        for place, answer in self._heard():
            if isinstance(answer, Better):
                place.count(self.take(place.engine, answer.solution))
                continue
            self._note(place, answer)
            following = self._following(place, answer)
            if following is not None and self.ends_at - time.monotonic() > SHORTEST_S:
                self._turn(following)

    def _following(self, place: Seat, answer: Done) -> Seat | None:
        """Who has the seat now: the one who waited, one from the bench, the same, or nobody."""
        if place.waiting is not None or place.engine == PROOF:
            place.close()
            if place.waiting is not None:
                self.seats[self.seats.index(place)] = place.waiting
            return place.waiting
        if answer.error is not None and self.bench:
            place.close()
            place.engine = self.bench.pop(0)
        elif place.failures >= FAILURES_MAX or place.exhausted(answer.solution):
            return None
        return place

    def _turn(self, place: Seat) -> None:
        """A turn up to the end of the round that is being played."""
        now = time.monotonic()
        if place.engine == PROOF:
            ends_at = now + PROOF_SHARE * (self.ends_at - now)
        elif place.engine in ONE_TURN:
            share = ONE_TURN_SHARE if place.waiting is not None else 1.0
            ends_at = now + share * (self.ends_at - now)
        else:
            length = self.seconds / self.plan.turns(place.engine)
            played = int((now + SHORTEST_S - self.begun) / length) + 1
            ends_at = min(self.ends_at, self.begun + played * length)
        self._give(place, ends_at, None)

    def _give(self, place: Seat, ends_at: float, iterations: int | None) -> None:
        start = self.best if place.turns or self.plan.warm else None
        seed = place.seed + SEED_STEP * place.turns
        place.give(self.problem, Turn(ends_at, seed, start, iterations))

    def count(self) -> None:
        """Turns by iterations: everyone waits for everyone, and seats are heard in their order."""
        assert self.iterations is not None
        if self.seats and self.seats[0].engine == PROOF:
            prover, others = self.seats[0], self.seats[1:]
            self.seats = [prover]
            self._everyone({PROOF: 0})
            prover.close()
            self.seats = [place for place in (prover.waiting, *others) if place is not None]
        for k in range(self.plan.rounds):
            self._everyone({place.engine: self._part(place.engine, k) for place in self.seats})
            for n, place in enumerate(self.seats):
                if place.waiting is not None:
                    place.close()
                    self.seats[n] = place.waiting

    def _part(self, name: str, k: int) -> int:
        """Iterations of an engine in a round: its turns are spread evenly and make the whole."""
        assert self.iterations is not None
        turns, rounds = self.plan.turns(name), self.plan.rounds
        own = k * turns // rounds
        if k and own == (k - 1) * turns // rounds:
            return 0
        return self.iterations // turns + (own < self.iterations % turns)

    def _everyone(self, iterations: dict[str, int]) -> None:
        """A round of those who have iterations, and the prover, who needs none."""
        if self.called_off:
            return
        for place in self.seats:
            if iterations[place.engine] or place.engine == PROOF:
                self._give(place, self.ends_at, iterations[place.engine])
        answers: dict[int, Done] = {}
        for place, answer in self._heard():
            if isinstance(answer, Done):
                answers[self.seats.index(place)] = answer
        for k in sorted(answers):
            self._note(self.seats[k], answers[k])

    def _heard(self) -> Iterator[tuple[Seat, Better | Done]]:
        """Answers as they come, until all are done, the time is over, or the play is called off."""
        while not self.called_off:
            lines = {place.line: place for place in self.seats if place.begun and place.line}
            left_s = self.ends_at + GRACE_S - time.monotonic()
            if not lines or left_s <= 0:
                return
            for line in wait(list(lines), min(LOOK_S, left_s)):
                assert isinstance(line, Connection)
                yield lines[line], lines[line].hear()

    def _note(self, place: Seat, answer: Done) -> None:
        """Take what a turn has brought, and write down how it went."""
        worth = self.take(place.engine, answer.solution)
        place.count(worth)
        if worth is not None and answer.bound is not None:
            self.bound = answer.bound
        nothing = "found nothing" if answer.solution is None else "its solution breaks a rule"
        note = answer.error or ("" if worth is not None else nothing)
        place.failures += answer.error is not None
        self._ended(place, "failed" if answer.error else "done", note)

    def _ended(self, place: Seat, status: str, note: str) -> None:
        self.runs.append(
            EngineRun(
                place.engine, place.seed, place.turns, status, note, place.took_s, place.worth
            )
        )

    def close(self) -> None:
        """Kill whoever still works, end all processes, and take what was held back if need be."""
        status = "stopped" if self.called_off else "late"
        for place in self.seats:
            if place.begun is not None:
                place.stop_clock()
                self._ended(place, status, "killed")
            place.close()
        if self.best is None:
            self.take(CONSTRUCTION, self.reserve)
