"""The process in which an engine works: `python -m logistics.solver.routing.engines.worker FD`.

Libraries that must not meet in one process never do, and whoever hangs or crashes does so alone. It
reads a `Call` and then `Turn`s from a socket it inherits, and answers with `Better`s and one `Done` a
turn. When the other end is gone, so is the process.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from multiprocessing.connection import Connection
from queue import SimpleQueue

from logistics.model.routing import RoutingProblem, RoutingSolution
from logistics.solver.routing.engines import Engine, Prover, engine
from logistics.solver.routing.engines.messages import Better, Call, Done, Turn

PAUSE_S = 0.1
"""Better solutions are told no more often; the best is told at the end of the turn in any case."""


class _Teller:
    """Sends better solutions, not too often."""

    def __init__(self, line: Connection) -> None:
        self.line, self.told_at = line, float("-inf")

    def __call__(self, found: RoutingSolution) -> None:
        if time.monotonic() - self.told_at >= PAUSE_S:
            self.line.send(Better(found))
            self.told_at = time.monotonic()


def serve(line: Connection) -> None:
    """Answer turns until the other end is closed."""
    call: Call = line.recv()
    own = engine(call.engine)
    turns: SimpleQueue[Turn] = SimpleQueue()
    threading.Thread(target=_listen, args=(line, turns), daemon=True).start()
    while True:
        line.send(_take(own, call.problem, turns.get(), line))


def _listen(line: Connection, turns: SimpleQueue[Turn]) -> None:
    """Pass turns on; end the process, even in the middle of one, when nobody waits for it any more."""
    try:
        while True:
            turns.put(line.recv())
    except (EOFError, OSError):
        os._exit(0)


def _take(own: Engine | None, problem: RoutingProblem, turn: Turn, line: Connection) -> Done:
    if own is None:
        return Done(None, None, "does not exist")
    seconds = max(0.0, turn.ends_at - time.monotonic())
    try:
        if isinstance(own, Prover):
            found, bound = own.prove(problem, seconds=seconds, seed=turn.seed)
            return Done(found, bound, None)
        found = own.solve(
            problem,
            seconds=seconds,
            seed=turn.seed,
            start=turn.start,
            iterations=turn.iterations,
            on_better=_Teller(line),
        )
    except Exception as error:  # noqa: BLE001  # whatever a library raises is a fact about the run
        return Done(None, None, f"{type(error).__name__}: {error}"[:500])
    return Done(found, None, None)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
