"""Entries of the book in words: what happened, how many units, from where, to where."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logistics.inventory.entries import Account, AccountKind, Entry, Kind
from logistics.inventory.reversal import fact_of
from logistics.inventory.trace import Trace
from logistics.words import say

NO_NAMES: Mapping[Account, str] = MappingProxyType({})


def kind_text(language: str, kind: Kind) -> str:
    """A kind of entry in a word or two."""
    return say(language, f"kind_{kind}")


def account_text(language: str, account: Account, names: Mapping[Account, str] = NO_NAMES) -> str:
    """An account for people: what it is and its identifier, with the name of a site or donor."""
    what = say(language, f"account_{account.kind}")
    if account.kind in (AccountKind.WASTE, AccountKind.COUNT):
        return what
    return f"{what} {account.id} {names.get(account, '')}".rstrip()


def step_text(language: str, entry: Entry, names: Mapping[Account, str] = NO_NAMES) -> str:
    """One step on one line: time, what, how many, from where, to where, why."""
    source = account_text(language, entry.source, names)
    target = account_text(language, entry.target, names)
    why = f" ({entry.reason})" if entry.reason else ""
    when = entry.effective_at.strftime("%Y-%m-%d %H:%M")
    what = kind_text(language, entry.kind)
    return f"{when}  {what}  {entry.units}  {source} → {target}{why}"


def shown_step(
    language: str, entry: Entry, found: Trace, names: Mapping[Account, str] = NO_NAMES
) -> str:
    """A step within a trace: whose it is if not the traced lot's, whether it no longer counts, and the
    name by which `reverse` undoes it."""
    whose = "" if entry.lot_id == found.lot_id else f"  [{entry.lot_id}]"
    taken_back = entry.id in found.undone and entry.kind is not Kind.REVERSAL
    mark = f"  {say(language, 'step_undone')}" if taken_back else ""
    name = "" if entry.id in found.undone else f"  #{fact_of(entry.id)}"
    return f"{step_text(language, entry, names)}{whose}{mark}{name}"
