"""`route`: a public routing instance, solved and judged."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from logistics.model.errors import Finding
from logistics.words import say
from service.commands.common import (
    FILE,
    Language,
    json_option,
    print_findings,
    print_json,
    stop_with,
)
from service.commands.plan import language_option, seed_option

if TYPE_CHECKING:
    from logistics.model.routing import RoutingProblem, RoutingScore, RoutingSolution
    from logistics.solver.routing.portfolio import PortfolioResult

CONVENTIONS = ("cvrplib", "dimacs", "sintef")

TOLD_EVERY_S = 0.5
"""Seconds between two words of progress."""


@click.command()
@click.argument("source", metavar="FILE", type=FILE)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="time for all of it, reading included",
)
@click.option("--workers", type=click.IntRange(min=1), help="processes (default: all cores)")
@seed_option
@click.option(
    "--convention",
    type=click.Choice(CONVENTIONS),
    help="rounding and objective (default: as usual for such an instance)",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    callback=lambda _, __, path: _writable(path),
    help="the solution, a .sol file",
)
@json_option
@language_option
@click.pass_obj
def route(
    begun: float,
    source: Path,
    seconds: float,
    workers: int | None,
    seed: int,
    convention: str | None,
    out: Path,
    as_json: bool,
    language: Language,
) -> None:
    """Solve a public routing instance: VRPLIB (.vrp), Solomon, Gehring-Homberger or Li-Lim (.txt).

    Ctrl-C stops early and keeps the best until then.
    """
    from logistics.intake.routing import read_routing
    from logistics.model.routing import Convention

    wanted = None if convention is None else Convention(convention)
    problem, findings = read_routing(source, wanted, language)
    if problem is None:
        stop_with(findings, as_json)
        raise AssertionError("unreachable")
    if findings and not as_json:
        print_findings(findings)
    with _stoppable() as stopped:
        answer = _solve(problem, begun, seconds, seed, workers, stopped)
    if answer.solution is None:
        _stop_empty(answer, findings, as_json, language)
        raise AssertionError("unreachable")
    score = _judged(problem, answer.solution, as_json, language)
    _write(problem, answer.solution, score, out)
    _say(answer, answer.solution, score, findings, out, as_json, language)
    if score.missing:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of the search: `result` is the portfolio's, or `None` if it was interrupted."""

    problem: RoutingProblem
    solution: RoutingSolution | None
    result: PortfolioResult | None
    early: bool

    @property
    def bound(self) -> int | None:
        """What the best solution costs at least, if that is known."""
        return None if self.result is None else self.result.bound


def _writable(path: Path) -> Path:
    """The path, if a file can be written there: to learn that after the search would be too late."""
    folder = next(each for each in path.absolute().parents if each.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise click.BadParameter(f"nothing can be written into {folder}")
    if path.exists() and not os.access(path, os.W_OK):
        raise click.BadParameter(f"{path} cannot be written")
    return path


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed once; pressed again, it interrupts as ever."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def ask(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _solve(
    problem: RoutingProblem,
    begun: float,
    seconds: float,
    seed: int,
    workers: int | None,
    stopped: Callable[[], bool],
) -> _Answer:
    """The portfolio's solution, or else the best that it has shown."""
    # what is imported now costs no time after the search
    import logistics.judge.routing
    import logistics.reports.routing_summary  # noqa: F401
    from logistics.solver.routing.portfolio import solve

    shown: list[RoutingSolution] = []
    tell = _progress(problem, begun)

    def better(solution: RoutingSolution, score: RoutingScore) -> None:
        shown[:] = [solution]
        tell(score)

    left = max(seconds - (monotonic() - begun), seconds / 10)
    try:
        result = solve(
            problem, seconds=left, seed=seed, workers=workers, on_better=better, cancelled=stopped
        )
    except KeyboardInterrupt:
        if not shown:
            raise
        return _Answer(problem, shown[0], None, early=True)
    finally:
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)
    best = result.solution if result.solution is not None else next(iter(shown), None)
    return _Answer(problem, best, result, stopped())


def _progress(problem: RoutingProblem, begun: float) -> Callable[[RoutingScore], None]:
    """Tell on a terminal's standard error what the best costs so far."""
    if not sys.stderr.isatty():
        return lambda _: None
    last = [begun]

    def tell(score: RoutingScore) -> None:
        now = monotonic()
        if now - last[0] >= TOLD_EVERY_S:
            last[0] = now
            cost = problem.shown(score.cost)
            click.echo(f"\r\033[K{now - begun:6.1f} s  {cost}", nl=False, err=True)

    return tell


def _judged(
    problem: RoutingProblem, solution: RoutingSolution, as_json: bool, language: Language
) -> RoutingScore:
    """The judge's own score; with a fault nothing is written."""
    from logistics.judge.routing import check_routes
    from logistics.judge.routing_codes import ROUTE_CODES

    score, faults = check_routes(problem, solution)
    if score is None:
        if language == "ja":
            faults = [
                replace(fault, message=f"{ROUTE_CODES[fault.code].ja}（{fault.message}）")
                for fault in faults
            ]
        click.echo(say(language, "route_refused"), err=True)
        stop_with(faults, as_json)
        raise AssertionError("unreachable")
    return score


def _stop_empty(
    answer: _Answer, warnings: list[Finding], as_json: bool, language: Language
) -> None:
    """Leave with exit code 1 and one finding more: there is no solution, and why."""
    text = say(language, "route_nothing")
    if answer.result is not None and answer.result.reason:
        text += f" ({answer.result.reason})"
    found = Finding("route_nothing", text, fix=say(language, "route_more_time"))
    stop_with([*(warnings if as_json else ()), found], as_json)


def _write(
    problem: RoutingProblem, solution: RoutingSolution, score: RoutingScore, out: Path
) -> None:
    from logistics.reports.routing_files import write_solution

    write_solution(problem, solution, score, out)


def _say(
    answer: _Answer,
    solution: RoutingSolution,
    score: RoutingScore,
    warnings: list[Finding],
    out: Path,
    as_json: bool,
    language: Language,
) -> None:
    from logistics.reports.routing_summary import routing_summary

    if as_json:
        record = _record(answer, solution, score)
        print_json({**record, "file": str(out), "findings": [f.as_dict() for f in warnings]})
        return
    click.echo(routing_summary(answer.problem, solution, score, answer.bound, language))
    if answer.result is not None:
        seconds = f"{answer.result.runtime_s:.1f}"
        click.echo(say(language, "route_engine", engine=answer.result.engine, seconds=seconds))
    if answer.early:
        click.echo(say(language, "route_stopped"))
    click.echo(say(language, "route_written", file=out))


def _record(answer: _Answer, solution: RoutingSolution, score: RoutingScore) -> dict[str, object]:
    """The answer for machines: costs and prizes as text, exact, in the instance's own unit."""
    from logistics.reports.routing_files import cost_text
    from logistics.reports.routing_summary import gap, left_out

    problem, result = answer.problem, answer.result
    routes = [[trip for trip in route.trips if trip] for route in solution.routes]
    runs = () if result is None else result.runs
    return {
        "ok": not score.missing,
        "name": problem.name,
        "convention": problem.convention,
        "cost": cost_text(problem, solution, score),
        "prizes": problem.shown(score.prizes),
        "vehicles": sum(map(bool, routes)),
        "trips": sum(map(len, routes)),
        "missing": score.missing,
        "left_out": [int(problem.numbers[i]) for i in left_out(problem, solution)],
        "bound": None if answer.bound is None else problem.shown(answer.bound),
        "gap": gap(score, answer.bound),
        "stopped": answer.early,
        "engine": None if result is None else result.engine,
        "runtime_s": None if result is None else result.runtime_s,
        "runs": [
            {
                "engine": run.engine,
                "seed": run.seed,
                "turn": run.turn,
                "status": run.status,
                "note": run.note,
                "runtime_s": run.runtime_s,
                "cost": None if run.score is None else problem.shown(run.score.cost),
            }
            for run in runs
        ],
    }
