"""Client processes that start together, say what was acknowledged to them, and may be killed.

Each is a process of its own, forked from a server process that has the book's code loaded. What it says
goes through a pipe: a client that is killed leaves behind exactly what it had said.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import perf_counter
from typing import Any

from logistics.model.errors import OsusowakeError

Say = Callable[[object], None]
Work = Callable[..., None]
"""What a client does: `work(say, *arguments)`."""

PATIENCE_S = 600.0


class ClientFailed(RuntimeError):
    """A client ended by an error of its own."""


_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["benchmarks.reliability.worker"])


class Client:
    """One process and what it has said so far."""

    def __init__(self, work: Work, arguments: Sequence[object]) -> None:
        self.pipe, theirs = _context.Pipe(duplex=True)
        self.process: BaseProcess = _context.Process(
            target=_live, args=(theirs, work, tuple(arguments)), daemon=True
        )
        self.process.start()
        theirs.close()
        self.said: list[Any] = []
        self.ended = self.done = False

    def listen(self) -> None:
        """Take one thing that it says; an end of the pipe is its end."""
        try:
            kind, value = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self.ended = True
            return
        if kind == "failed":
            self.ended = True
            raise ClientFailed(value)
        if kind == "done":
            self.ended = self.done = True
        else:
            self.said.append(value)

    def begin(self) -> None:
        """Let it go on, once it has said that it is ready."""
        self.listen()
        self.said.clear()
        self.pipe.send("go")

    def pause(self) -> None:
        """Let it stand still (SIGSTOP), even in the middle of a word: do not listen until it goes on."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """End of the pause."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End it at once (SIGKILL), and hear all that it had said before."""
        self.process.kill()
        self.process.join()
        while not self.ended:
            self.listen()

    def close(self) -> None:
        """End it if it still lives."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _live(pipe: Connection, work: Work, arguments: tuple[object, ...]) -> None:
    pipe.send(("ready", None))
    pipe.recv()
    try:
        work(lambda value: pipe.send(("said", value)), *arguments)
    except OsusowakeError as error:
        pipe.send(("failed", f"{type(error).__name__}: {error}"))
    else:
        pipe.send(("done", None))


@contextmanager
def clients(work: Work, arguments: Sequence[Sequence[object]]) -> Iterator[list[Client]]:
    """A client for each of these arguments, all ready, then all let go; none outlives the block."""
    started = [Client(work, each) for each in arguments]
    try:
        for client in started:
            client.begin()
        yield started
    finally:
        for client in started:
            client.close()


def until_all_end(started: Sequence[Client]) -> list[list[Any]]:
    """What each client said until it ended.

    Raises:
        ClientFailed: if one of them failed, or nobody says anything for long.
    """
    living: dict[Any, Client] = {client.pipe: client for client in started}
    while living:
        heard = wait(list(living), PATIENCE_S)
        if not heard:
            raise ClientFailed(f"{len(living)} clients say nothing")
        for pipe in heard:
            living[pipe].listen()
            if living[pipe].ended and not living.pop(pipe).done:
                raise ClientFailed("a client ended before its work")
    return [client.said for client in started]


def first_words(started: Sequence[Client]) -> None:
    """Wait until each has said something more than it has said so far.

    Raises:
        ClientFailed: if one of them ended, or says nothing for long.
    """
    for client in started:
        if not client.pipe.poll(PATIENCE_S):
            raise ClientFailed("a client says nothing")
        client.listen()
        if client.ended:
            raise ClientFailed("a client ended before its work")


def hear(started: Sequence[Client], seconds: float) -> None:
    """Take what clients say within so many seconds, so that no pipe fills up."""
    end = perf_counter() + seconds
    while (left := end - perf_counter()) > 0:
        living: dict[Any, Client] = {each.pipe: each for each in started if not each.ended}
        if not living:
            return
        for pipe in wait(list(living), left):
            living[pipe].listen()
