"""How a lot stands after its last entry, kept beside its chain so that nobody adds up its whole life.

It is a convenience and never the truth: the audit works it out again from the entries.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from logistics.inventory.balance import EMPTY, Balance, fold
from logistics.inventory.entries import Account, AccountKind, Entry, Kind
from logistics.inventory.reservation import Reservation


@dataclass(frozen=True, slots=True)
class Standing:
    """The balance of one lot where goods can stand, and its promises.

    `balance.units` leaves out who gave and who received. `promises` counts all that were ever made.
    `until` has the end of open promises, `None` for those without; where a promise is missing in it,
    the reservation itself must be asked.
    """

    balance: Balance = EMPTY
    promises: int = 0
    until: Mapping[str, datetime | None] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, entries: Collection[Entry], made: Iterable[Reservation] = ()) -> Standing:
        """How the lot stands after further entries of it, and after reservations made with them."""
        balance = fold(entries, self.balance)
        stock = {key: units for key, units in balance.units.items() if key[1].holds_stock}
        until = {**self.until, **{each.id: each.expires_at for each in made}}
        return Standing(
            Balance(stock, balance.reserved, balance.open, balance.holds),
            self.promises + sum(e.kind is Kind.RESERVE and not e.reverses for e in entries),
            {key: end for key, end in until.items() if key in balance.open},
        )

    def over(self, now: datetime) -> list[str]:
        """Open promises whose time is over, or may be."""
        return [
            key
            for key in self.balance.open
            if key not in self.until or ((end := self.until[key]) is not None and end <= now)
        ]


NOTHING = Standing()


def standing_text(standing: Standing) -> str:
    """As JSON."""
    balance = standing.balance
    data = {
        "units": _amounts(balance.units),
        "reserved": _amounts(balance.reserved),
        "open": dict(balance.open),
        "holds": {key: since.isoformat() for key, (_, since) in balance.holds.items()},
        "promises": standing.promises,
        "until": {key: end and end.isoformat() for key, end in standing.until.items()},
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def standing_of(text: str, lot_id: str) -> Standing:
    """The standing of a lot from its JSON."""
    data: dict[str, Any] = json.loads(text)
    balance = Balance(
        _by_account(data["units"], lot_id),
        _by_account(data["reserved"], lot_id),
        data["open"],
        {key: (lot_id, datetime.fromisoformat(at)) for key, at in data["holds"].items()},
    )
    until = {key: end and datetime.fromisoformat(end) for key, end in data["until"].items()}
    return Standing(balance, data["promises"], until)


def _amounts(amounts: Mapping[tuple[str, Account], int]) -> list[tuple[str, str, int]]:
    return [(str(account.kind), account.id, n) for (_, account), n in amounts.items()]


def _by_account(rows: Iterable[Any], lot_id: str) -> dict[tuple[str, Account], int]:
    return {(lot_id, Account(AccountKind(kind), name)): units for kind, name, units in rows}
