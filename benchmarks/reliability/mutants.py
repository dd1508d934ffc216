"""The book without its guard, to see that the measuring notices.

Each lasts for a `with` block and this process only. They stand for mistakes that a real program makes:
not looking at all, and deciding from what one remembers instead of from what is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any
from unittest.mock import patch

from logistics.inventory import fold, promises
from logistics.inventory.balance import Balance
from logistics.inventory.entries import Entry
from logistics.inventory.expiry import Margins
from logistics.inventory.goods import Goods
from logistics.inventory.reservation import Reservation, reserve
from logistics.store.looking import Seen, look_at_lot

PROMISES = "logistics.store.promises"


@contextmanager
def never_looks() -> Iterator[None]:
    """Whatever is asked for is promised."""

    def promised(
        reservation: Reservation,
        _goods: Goods,
        _balance: Balance,
        _old: Sequence[Reservation],
        now: datetime,
        _margins: Margins,
    ) -> tuple[Entry, ...]:
        return (reserve(reservation, now),)

    with patch(f"{PROMISES}.promised", promised):
        yield


@contextmanager
def remembers() -> Iterator[None]:
    """A client takes into account what it promised itself; of what others did it hears nothing."""
    known: dict[str, Balance] = {}

    def look(connection: Any, lot_id: str, *places: str) -> Seen:
        seen = look_at_lot(connection, lot_id, *places)  # the lot's head is held as ever
        alone = replace(seen.balance, reserved={}, open={})
        return replace(seen, balance=known.setdefault(lot_id, alone))

    def promised(reservation: Reservation, *others: Any) -> tuple[Entry, ...]:
        entries = promises.promised(reservation, *others)
        known[reservation.lot_id] = fold(entries, known[reservation.lot_id])
        return entries

    with patch(f"{PROMISES}.look_at_lot", look), patch(f"{PROMISES}.promised", promised):
        yield


MUTANTS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "": nullcontext,
    "never looks": never_looks,
    "remembers": remembers,
}
"""By name; the first is the book as it is."""
