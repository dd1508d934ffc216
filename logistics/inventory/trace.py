"""Where a lot went and where it came from: a walk over its entries, in both directions.

Units of a lot are alike, so whoever got units from a place may have got any that had come there by
then: the walk goes over the states of accounts, a new one with each unit that arrives. For a recall
that is the right side to err on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType

from logistics.inventory.balance import fold
from logistics.inventory.entries import Account, AccountKind, Entry, Kind
from logistics.model.errors import NotFound

WORDS: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        Kind.RECEIVE: ("受入", "received"),
        Kind.MOVE: ("移動", "moved"),
        Kind.RESERVE: ("引当", "reserved"),
        Kind.SETTLE: ("引当消込", "reservation settled"),
        Kind.RELEASE: ("引当解除", "reservation released"),
        Kind.LOAD: ("積込", "loaded"),
        Kind.UNLOAD: ("荷下ろし", "unloaded"),
        Kind.DELIVER: ("引渡し", "handed over"),
        Kind.RETURN: ("返却", "brought back"),
        Kind.DISCARD: ("廃棄", "thrown away"),
        Kind.COUNT: ("棚卸差異", "count difference"),
        Kind.SPLIT: ("分割", "split"),
        Kind.MERGE: ("統合", "merged"),
        Kind.REPACK: ("詰め替え", "repacked"),
        Kind.HOLD: ("出庫停止", "held"),
        Kind.UNHOLD: ("出庫停止解除", "hold lifted"),
        Kind.REVERSAL: ("取消", "reversed"),
    }
)
"""Each kind of entry in Japanese and English."""


_Node = tuple[Account, int]
"""An account after so many arrivals."""


@dataclass(frozen=True, slots=True)
class Ending:
    """An account that has units of the lot now, and the steps that led there, oldest first."""

    account: Account
    units: int
    steps: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A lot both ways: `forward` every step in the order in which it happened, `back` from each end."""

    lot_id: str
    forward: tuple[Entry, ...]
    back: tuple[Ending, ...]
    reserved: Mapping[str, int]


def trace(entries: Iterable[Entry], lot_id: str) -> Trace:
    """Follow a lot through the book.

    Raises:
        NotFound: if no entry moves the lot.
    """
    import networkx as nx

    own = [entry for entry in entries if entry.lot_id == lot_id]
    posted = sorted((e for e in own if e.kind.is_posted), key=attrgetter("effective_at"))
    if not posted:
        raise NotFound(f"Lot {lot_id}: the book has no entry of it")
    graph: nx.MultiDiGraph[_Node] = nx.MultiDiGraph()
    state: Counter[Account] = Counter()
    for number, entry in enumerate(posted):
        before, here = state[entry.target], state[entry.source]
        state[entry.target] += 1
        reached = (entry.target, before + 1)
        graph.add_edge((entry.target, before), reached)
        graph.add_edge((entry.source, here), reached, step=number)
    balance = fold(own)
    back = []
    for (_, account), units in sorted(balance.units.items()):
        if units > 0:
            end = (account, state[account])
            behind = nx.ancestors(graph, end) | {end}
            moves: Iterable[tuple[_Node, _Node, int | None]] = graph.in_edges(behind, data="step")
            steps = sorted(step for _, _, step in moves if step is not None)
            back.append(Ending(account, units, tuple(posted[step] for step in steps)))
    return Trace(lot_id, tuple(posted), tuple(back), balance.open)


def step_text(entry: Entry, names: Mapping[Account, str] = MappingProxyType({})) -> str:
    """One step for people, Japanese and English: time, what, how many, from where, to where."""
    ja, en = WORDS[entry.kind]
    ends = f"{account_text(entry.source, names)} → {account_text(entry.target, names)}"
    why = f" ({entry.reason})" if entry.reason else ""
    when = entry.effective_at.strftime("%Y-%m-%d %H:%M")
    return f"{when}  {ja} {en}  {entry.units}  {ends}{why}"


def account_text(account: Account, names: Mapping[Account, str] = MappingProxyType({})) -> str:
    """An account for people: its identifier, with the name of a site or donor where known."""
    if account.kind in (AccountKind.WASTE, AccountKind.COUNT):
        return str(account.kind)
    name = names.get(account, "")
    return f"{account} {name}".rstrip()
