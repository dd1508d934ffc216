"""A seat of the portfolio: one engine in a process of its own, seen from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from logistics.model.routing import RoutingProblem, RoutingScore, RoutingSolution
from logistics.solver.routing.engines.messages import Better, Call, Done, Turn

WORKER = "logistics.solver.routing.engines.worker"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(slots=True)
class Seat:
    """An engine and its seed; `line` is open while its process lives.

    `begun` is when the turn at work began, None between turns; `worth` the best score told in it.
    `waiting` sits here after this one.
    """

    engine: str
    seed: int
    turns: int = 0
    begun: float | None = None
    took_s: float = 0.0
    worth: RoutingScore | None = None
    failures: int = 0
    last: RoutingSolution | None = None
    ends_at: float = 0.0
    waiting: Seat | None = None
    line: Connection | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def give(self, problem: RoutingProblem, turn: Turn) -> None:
        """Let the engine work for a turn; starts the process if there is none."""
        if self.line is None:
            self._open(problem)
        assert self.line is not None
        self.turns += 1
        self.begun, self.worth, self.ends_at = time.monotonic(), None, turn.ends_at
        # One that has died between turns has come to the end of its line, which `hear` reports.
        with suppress(OSError):
            self.line.send(turn)

    def hear(self) -> Better | Done:
        """The next answer, once the line is readable; a process that is gone has failed its turn."""
        assert self.line is not None
        try:
            answer: Better | Done = self.line.recv()
        except (EOFError, OSError):
            answer = Done(None, None, f"its process ended with code {self.close()}")
        if isinstance(answer, Done):
            self.stop_clock()
        return answer

    def count(self, worth: RoutingScore | None) -> None:
        """Remember the best score of this turn."""
        if worth is not None and (self.worth is None or worth.key < self.worth.key):
            self.worth = worth

    def exhausted(self, found: RoutingSolution | None) -> bool:
        """Whether a turn that ended well before its time has brought what the one before brought."""
        early = 2 * self.took_s < self.ends_at - (time.monotonic() - self.took_s)
        repeated, self.last = found == self.last, found
        return early and repeated

    def stop_clock(self) -> None:
        """The turn at work is over."""
        if self.begun is not None:
            self.took_s, self.begun = time.monotonic() - self.begun, None

    def close(self) -> int | None:
        """End the process, wherever it is; its exit code."""
        if self.line is not None:
            self.line.close()
            self.line = None
        if self.process is None:
            return None
        try:
            code = self.process.wait(0.05)  # a crash is about to have its own code
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process = None
        return code

    def _open(self, problem: RoutingProblem) -> None:
        ours, theirs = Pipe()
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", WORKER, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.line = ours
        with suppress(OSError):  # who died at once is heard of as one who says nothing
            ours.send(Call(self.engine, problem))
