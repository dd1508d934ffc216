"""`/stock` and `/trace/{lot}`: the stock book, read in one transaction a request."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from logistics.inventory import AccountKind, Entry, Kind, Relative, Trace
from service.api.fields import Answer
from service.problems import NoBook, documented
from service.shown import Shown

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.store import StockRow


class AccountAnswer(Answer):
    """One end of an entry."""

    kind: AccountKind
    id: str


class StockRowAnswer(Answer):
    """A lot at a place: units there, promised, and free to promise."""

    lot_id: str
    item: str
    place: AccountAnswer
    place_name: str
    on_hand: int
    reserved: int
    free: int
    unit_g: int
    last_day: date | None
    eat_by: datetime | None
    expired: bool


class StockAnswer(Answer):
    """What stands where."""

    stock: list[StockRowAnswer]


class StepAnswer(Answer):
    """One entry of the book."""

    entry_id: str
    kind: Kind
    source: AccountAnswer
    target: AccountAnswer
    units: int
    effective_at: datetime
    recorded_at: datetime
    reason: str
    lot_id: str
    reverses: str = Field(description="The entry that this one takes back, if any")
    counts: bool = Field(description="False for what was reversed, and for reversals")


class EndingAnswer(Answer):
    """An account that has units of the lot now, and the steps that led there."""

    account: AccountAnswer
    units: int
    steps: list[StepAnswer]


class RelativeAnswer(Answer):
    """A lot made of the traced one, or one that it was made of, with all its steps."""

    lot_id: str
    steps: list[StepAnswer]


class TraceAnswer(Answer):
    """A lot from its donor to every door, and back, across changes of lots."""

    lot_id: str
    forward: list[StepAnswer]
    back: list[EndingAnswer]
    reserved_units: int = Field(description="Units that are still promised to somebody")
    descendants: list[RelativeAnswer] = Field(description="Lots made of it, older first")
    ancestors: list[RelativeAnswer] = Field(description="Lots that it was made of, older first")


def book_router(shown: Shown) -> APIRouter:
    """Routes that answer from the stock book named at the start."""
    router = APIRouter(tags=["book"])

    @router.get("/stock", responses=documented(404, 422, 503))
    def read_stock(
        site: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    ) -> StockAnswer:
        """What stands where: on hand, reserved, free; of one site or of all."""
        from logistics import store

        rows = store.stock(_book(shown), site)
        return StockAnswer(stock=[_stock_row(row) for row in rows])

    @router.get("/trace/{lot_id}", responses=documented(404, 422, 503))
    def read_trace(lot_id: Annotated[str, Path(min_length=1, max_length=200)]) -> TraceAnswer:
        """Where a lot went and where its units came from."""
        from logistics import store

        return _trace(store.trace(_book(shown), lot_id))

    return router


def _book(shown: Shown) -> Engine:
    from logistics import store

    if shown.db is None:
        raise NoBook("no stock book is open: start the service with --db URL")
    return store.open_book(shown.db)


def _stock_row(row: StockRow) -> StockRowAnswer:
    return StockRowAnswer(
        lot_id=row.lot_id,
        item=row.item,
        place=AccountAnswer(kind=row.place.kind, id=row.place.id),
        place_name=row.place_name,
        on_hand=row.on_hand,
        reserved=row.reserved,
        free=row.free,
        unit_g=row.unit_g,
        last_day=row.last_day,
        eat_by=row.eat_by,
        expired=row.expired,
    )


def _trace(found: Trace) -> TraceAnswer:
    return TraceAnswer(
        lot_id=found.lot_id,
        forward=[_step(entry, found) for entry in found.forward],
        back=[
            EndingAnswer(
                account=AccountAnswer(kind=ending.account.kind, id=ending.account.id),
                units=ending.units,
                steps=[_step(entry, found) for entry in ending.steps],
            )
            for ending in found.back
        ],
        reserved_units=sum(found.reserved.values()),
        descendants=[_relative(each, found) for each in found.descendants],
        ancestors=[_relative(each, found) for each in found.ancestors],
    )


def _relative(each: Relative, found: Trace) -> RelativeAnswer:
    return RelativeAnswer(lot_id=each.lot_id, steps=[_step(entry, found) for entry in each.steps])


def _step(entry: Entry, found: Trace) -> StepAnswer:
    return StepAnswer(
        entry_id=entry.id,
        kind=entry.kind,
        source=AccountAnswer(kind=entry.source.kind, id=entry.source.id),
        target=AccountAnswer(kind=entry.target.kind, id=entry.target.id),
        units=entry.units,
        effective_at=entry.effective_at,
        recorded_at=entry.recorded_at,
        reason=entry.reason,
        lot_id=entry.lot_id,
        reverses=entry.reverses,
        counts=entry.id not in found.undone,
    )
