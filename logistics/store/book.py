"""The verbs that write: each reads, decides and writes inside one transaction of its own.

What to write is decided by the pure functions of `logistics.inventory`; the answer goes out only
after the commit. `now` is when the book learns of it; left out, the clock is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, insert

from logistics.inventory import (
    Entry,
    Kind,
    Outcome,
    UnderWay,
    accept,
    arrivals,
    book_outcomes,
    fold,
    goods_of,
    promise,
    promise_anew,
    retold,
)
from logistics.inventory.expiry import late_outcomes, late_promises
from logistics.inventory.promises import expired
from logistics.inventory.reservation import KEPT
from logistics.model.errors import Finding, PlanRefused, Severity, errors_in
from logistics.model.plan import Plan
from logistics.model.plan_json import plan_text
from logistics.model.problem import WeekProblem
from logistics.store import queries, rows
from logistics.store import tables as t
from logistics.store.chaining import hold_heads, seal
from logistics.store.commands import Command
from logistics.store.engine import transact
from logistics.store.posting import add_rows, post
from logistics.store.weeks import add_import, keep_week, known

Report = TypeVar("Report", "ImportReport", "PublishReport", "RecordReport")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import wrote: lots received, differences booked; with errors found, nothing."""

    received: int
    counted: int
    unchanged: int
    findings: tuple[Finding, ...]

    @property
    def done(self) -> bool:
        """Whether the week is in the book."""
        return not errors_in(self.findings)


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing wrote; `repeated` when this plan already counted and nothing was written."""

    publication_id: str
    lines: int
    units: int
    released_units: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What recording wrote: new rows, rows known before, entries; with errors found, nothing."""

    recorded: int
    known: int
    entries: int
    findings: tuple[Finding, ...]

    @property
    def done(self) -> bool:
        """Whether the outcomes are in the book."""
        return not errors_in(self.findings)


def import_week(
    engine: Engine,
    problem: WeekProblem,
    *,
    recount: bool = False,
    now: datetime | None = None,
    key: str | None = None,
) -> ImportReport:
    """Take a week into the book; the same week again, in whatever order of rows, writes nothing.

    With `recount` differences to the book are booked as count differences, else they are findings.
    Told again under the same `key` it has no further effect.
    """
    at = now or datetime.now(UTC)
    body = [str(problem.week_start), problem.digest, recount]
    command = _command(key, "import", body, ImportReport)
    return transact(engine, lambda found: _import(found, problem, recount, at), command)


def _import(
    connection: Connection, problem: WeekProblem, recount: bool, now: datetime
) -> ImportReport:
    hold_heads(connection, problem.lots)
    last = queries.last_import(connection, problem.week_start)
    facts, over = known(connection, problem, last, now)
    import_id = queries.next_import_id(connection)
    cause = f"count:{problem.week_start}:{import_id}"
    result = arrivals(problem, facts, recount=recount, cause=cause, now=now)
    if not errors_in(result.findings):
        keep_week(connection, problem, result)
        listed = {listing.lot_id: listing for listing in result.listings}
        if last is None or last.digest != problem.digest or listed != dict(facts.listed):
            add_import(connection, problem, result, import_id, now)
        counted_lots = {e.lot_id for e in result.entries if e.kind is Kind.COUNT}
        post(connection, [e for e in over if e.lot_id in counted_lots])
        post(connection, result.entries)
        seal(connection, now)
    kinds = [entry.kind for entry in result.entries]
    received, counted = kinds.count(Kind.RECEIVE), kinds.count(Kind.COUNT)
    unchanged = max(0, len(result.listings) - received - counted)
    return ImportReport(received, counted, unchanged, result.findings)


def publish(
    engine: Engine,
    problem: WeekProblem,
    plan: Plan,
    findings: Sequence[Finding],
    *,
    under_way: UnderWay | None = None,
    kept: timedelta = KEPT,
    now: datetime | None = None,
    key: str | None = None,
) -> PublishReport:
    """Reserve what a plan gives; a plan published before for the week loses what is still open.

    With `under_way` the plan was made anew in mid-week (`promise_anew`): what was recorded stays.
    The promises expire so long (`kept`) after the planned hand-over. Told again under the same `key` it
    has no further effect.

    Raises:
        PlanRefused: if the judge found anything, the week folder is not the one imported, or a lot is
            held.
        BookMoved: if the stock is no longer what the plan was made for.
    """
    at = now or datetime.now(UTC)
    accept(problem if under_way is None else under_way.week, plan, findings)
    text = plan_text(plan, problem.week_start)
    sha256 = _sha256(text)
    command = _command(key, "publish", [problem.digest, sha256, kept.days], PublishReport)

    def work(connection: Connection) -> PublishReport:
        return _publish(connection, problem, plan, text, sha256, at, kept, under_way)

    return transact(engine, work, command)


def _publish(
    connection: Connection,
    problem: WeekProblem,
    plan: Plan,
    text: str,
    sha256: str,
    now: datetime,
    kept: timedelta,
    under_way: UnderWay | None,
) -> PublishReport:
    imported = queries.last_import(connection, problem.week_start)
    if imported is None or imported.digest != problem.digest:
        had = "was never imported" if imported is None else "has changed since it was imported"
        raise PlanRefused(f"the folder of week {problem.week_start} {had}: import it first")
    current = queries.last_publication(connection, problem.week_start)
    if current is not None and current.plan_sha256 == sha256:
        return PublishReport(current.id, 0, 0, 0, repeated=True)
    if under_way is not None:
        _refuse_other_plan(under_way, None if current is None else current.plan_sha256, problem)
    number = 1 if current is None else current.number + 1
    publication_id = f"{problem.week_start}#{number}"
    earlier = queries.reservations_of_week(connection, problem.week_start)
    lots = {*problem.lots, *(reservation.lot_id for reservation in earlier)}
    hold_heads(connection, lots)
    facts = queries.entries_of(connection, lots)
    balance = fold(facts)
    over = expired(queries.expired_reservations(connection, lots, now), balance, now)
    balance = fold(over, balance)
    if under_way is None:
        reservations, entries = promise(problem, plan, balance, earlier, publication_id, now, kept)
    else:
        facts = (*facts, *over)
        reservations, entries = promise_anew(
            problem, plan, under_way, facts, balance, earlier, publication_id, now, kept
        )
    goods = {lot_id: goods_of(lot, problem) for lot_id, lot in problem.lots.items()}
    late = late_promises(reservations, goods, problem.policy.margin_days)
    if late:
        lines = "\n".join(finding.text() for finding in late)
        raise PlanRefused(f"goods would be handed over too late:\n{lines}")
    publication = {"id": publication_id, "week_start": problem.week_start, "number": number}
    publication |= {"import_id": imported.id, "plan_sha256": sha256, "plan": text}
    connection.execute(insert(t.publications), publication | {"recorded_at": now})
    new = [rows.reservation_row(reservation, publication_id) for reservation in reservations]
    add_rows(connection, t.reservations, new)
    post(connection, (*over, *entries), reservations)
    seal(connection, now)
    given, freed = _units(entries, Kind.RESERVE), _units(entries, Kind.RELEASE)
    return PublishReport(publication_id, len(reservations), given, freed, repeated=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_other_plan(under_way: UnderWay, current: str | None, problem: WeekProblem) -> None:
    """Only the plan in force can be replaced: promises of another would be taken for its own."""
    if current != _sha256(plan_text(under_way.published, problem.week_start)):
        had = "no plan is published" if current is None else "another plan is published"
        raise PlanRefused(
            f"{had} for week {problem.week_start}: publish the plan that this one replaces first, "
            "or replan from the published one"
        )


def record(
    engine: Engine,
    outcomes: Sequence[Outcome],
    *,
    now: datetime | None = None,
    key: str | None = None,
) -> RecordReport:
    """Book what really happened; rows told before have no further effect, nor has the same `key`."""
    at = now or datetime.now(UTC)
    body = [[outcome.id, outcome.units] for outcome in outcomes]
    command = _command(key, "record", body, RecordReport)
    return transact(engine, lambda connection: _record(connection, outcomes, at), command)


def _record(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> RecordReport:
    lots = {outcome.lot_id for outcome in outcomes}
    hold_heads(connection, lots)
    entries = queries.entries_of(connection, lots)
    tellings = retold(outcomes, entries)
    result = book_outcomes(
        tellings,
        queries.reservations_by_lot(connection, lots),
        fold(entries),
        queries.outcome_units(connection, (outcome.id for outcome in tellings)),
        queries.site_ids(connection),
        now,
    )
    late = late_outcomes(result.settled, queries.goods_by_id(connection, lots))
    if late:
        return RecordReport(0, 0, 0, (*result.findings, *late))
    settled = [rows.outcome_row(outcome, to, now) for outcome, to in result.settled]
    add_rows(connection, t.outcomes, settled)
    post(connection, result.entries)
    return RecordReport(len(result.settled), result.known, len(result.entries), result.findings)


def _command(
    key: str | None, verb: str, body: object, report: type[Report]
) -> Command[Report] | None:
    """The command of a verb that was given a key; answers with errors are not kept."""
    if key is None:
        return None

    def to_json(answer: Report) -> object:
        data = asdict(answer)
        told = data.pop("findings", ())
        return None if any(finding["severity"] == Severity.ERROR for finding in told) else data

    def of_json(data: dict[str, Any]) -> Report:
        known: dict[str, Any] = (
            {"findings": ()} if "findings" in report.__dataclass_fields__ else {}
        )
        return report(**data, **known)

    return Command(key, verb, body, to_json, of_json)


def _units(entries: Iterable[Entry], kind: Kind) -> int:
    return sum(entry.units for entry in entries if entry.kind is kind)
