"""What people do with goods by hand: move them, throw them away, hold them back.

Each act turns into entries that keep the laws of the book, or is refused in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from logistics.inventory.balance import Balance, BookBroken, extend
from logistics.inventory.entries import FREE, HELD, WASTE, Account, Entry, Kind, site
from logistics.model.errors import Refusal


class ActRefused(Refusal):
    """What somebody wants to do with goods cannot be; nothing was written."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who knows it by which name, when it was so, when the book learns of it, and why."""

    id: str
    at: datetime
    now: datetime
    reason: str = ""

    def entry(
        self,
        kind: Kind,
        lot_id: str,
        ends: tuple[Account, Account],
        units: int,
        part: int | None = None,
        reverses: str = "",
    ) -> Entry:
        """An entry of this act; `part` numbers those of an act that has several."""
        key = self.id if part is None else f"{self.id}/{part}"
        source, target = ends
        return Entry(
            key, kind, lot_id, source, target, units, self.at, self.now, "", self.reason, reverses
        )


def move(
    balance: Balance, act: Act, lot_id: str, from_site_id: str, to_site_id: str, units: int
) -> tuple[Entry, ...]:
    """Units that were carried by hand from a site to another; a held lot may be put elsewhere.

    Raises:
        ActRefused: if both are the same site, or fewer units are free.
    """
    if from_site_id == to_site_id:
        raise ActRefused(
            f"Lot {lot_id}: it stands at {from_site_id} already",
            "same_place",
            lot=lot_id,
            site=from_site_id,
        )
    refuse_more_than_free(balance, lot_id, from_site_id, units)
    ends = site(from_site_id), site(to_site_id)
    return checked(balance, [act.entry(Kind.MOVE, lot_id, ends, units)])


def discard(balance: Balance, act: Act, lot_id: str, site_id: str, units: int) -> tuple[Entry, ...]:
    """Units that were thrown away, with the reason.

    Raises:
        ActRefused: without a reason, or if fewer units are free: promises are released first.
    """
    refuse_no_reason(act, f"Lot {lot_id}: throwing away")
    refuse_more_than_free(balance, lot_id, site_id, units)
    return checked(balance, [act.entry(Kind.DISCARD, lot_id, (site(site_id), WASTE), units)])


def hold(act: Act, lot_id: str) -> tuple[Entry, ...]:
    """A lot may not be issued from now on, wherever it stands; what is promised stays promised.

    Several holds of one lot stand side by side: each is lifted by its own id.

    Raises:
        ActRefused: without a reason.
    """
    refuse_no_reason(act, f"Lot {lot_id}: holding it")
    return (act.entry(Kind.HOLD, lot_id, (FREE, HELD), 0),)


def unhold(balance: Balance, act: Act, hold_id: str) -> tuple[Entry, ...]:
    """A hold is lifted; the lot may be issued again if it was the last.

    Raises:
        ActRefused: if there is no such hold, or it was lifted before.
    """
    if hold_id not in balance.holds:
        raise ActRefused(
            f"Hold {hold_id}: there is none such, or it was lifted before", "no_hold", id=hold_id
        )
    lot_id, _ = balance.holds[hold_id]
    return (act.entry(Kind.UNHOLD, lot_id, (HELD, FREE), 0, reverses=hold_id),)


def checked(balance: Balance, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries that keep the laws of the book.

    Raises:
        ActRefused: if one would break a law.
    """
    found = tuple(entries)
    try:
        extend(balance, found)
    except BookBroken as broken:
        raise ActRefused(str(broken)) from broken
    return found


def refuse_no_reason(act: Act, what: str) -> None:
    """Raise `ActRefused` if nobody says why."""
    if not act.reason.strip():
        raise ActRefused(f"{what} needs a reason", "no_reason", what=what)


def refuse_more_than_free(balance: Balance, lot_id: str, site_id: str, units: int) -> None:
    """Raise `ActRefused` unless so many units (> 0) of a lot are free at a site."""
    if units <= 0:
        raise ActRefused(f"Lot {lot_id}: units must be a whole number > 0, got {units}")
    place = site(site_id)
    there, free = balance.on_hand(lot_id, place), balance.free(lot_id, place)
    if units > free:
        fix = "" if units > there else "; release promises first"
        raise ActRefused(
            f"Lot {lot_id} at {site_id}: {units} units asked for, {free} are free "
            f"({there} stand there, {there - free} are promised){fix}",
            "not_free",
            lot=lot_id,
            site=site_id,
            units=units,
            free=free,
            there=there,
            promised=there - free,
        )


def refuse_held(balance: Balance, act: Act, lot_id: str) -> None:
    """Raise `ActRefused` if a lot may not be issued at the moment of an act."""
    since = balance.held_since(lot_id)
    if since is not None and since <= act.at:
        when = f"{since:%Y-%m-%d %H:%M %Z}"
        text = f"Lot {lot_id} is held since {when}: lift the hold first"
        raise ActRefused(text, "held", lot=lot_id, since=when)
