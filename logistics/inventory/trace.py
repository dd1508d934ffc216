"""Where a lot went and where it came from: a walk over entries, in both directions and across changes.

Units of a lot are alike, so whoever got units from a place may have got any that had come there by
then: the walk goes over the states of accounts, a new one with each unit that arrives. For a recall
that is the right side to err on. A change is one moment: all it took may be in all it gave. An entry
that was reversed, and its reversal, are shown but are no way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from logistics.inventory.ancestry import Ancestry, ancestry, legs, undone
from logistics.inventory.balance import Balance, fold
from logistics.inventory.entries import Account, AccountKind, Entry, Kind
from logistics.model.errors import NotFound

if TYPE_CHECKING:
    import networkx as nx

_Node = tuple[str, Account, int]
"""A lot at an account after so many arrivals; a change belongs to no lot and has one state."""


@dataclass(frozen=True, slots=True)
class Ending:
    """An account that has units of the lot now, and the steps that led there, oldest first."""

    account: Account
    units: int
    steps: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Relative:
    """A lot made of the traced one, or of which it was made, and everything that happened to it."""

    lot_id: str
    steps: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A lot both ways: `forward` every step in the order in which it happened, `back` from each end.

    The steps back go on into the lots that it was made of. `descendants` and `ancestors` are the lots
    made of it and those it was made of, older before younger. `undone` are the ids of steps that no
    longer count: reversed ones and their reversals.
    """

    lot_id: str
    forward: tuple[Entry, ...]
    back: tuple[Ending, ...]
    reserved: Mapping[str, int]
    descendants: tuple[Relative, ...] = ()
    ancestors: tuple[Relative, ...] = ()
    undone: frozenset[str] = frozenset()


def trace(entries: Iterable[Entry], lot_id: str) -> Trace:
    """Follow a lot through the book: its entries and those of its relatives, in the book's order.

    Raises:
        NotFound: if no entry moves the lot.
        BookBroken: if a lot would be made of itself.
    """
    known = tuple(entries)
    own = [entry for entry in known if entry.lot_id == lot_id]
    if not any(entry.kind.is_posted for entry in own):
        raise NotFound(f"Lot {lot_id}: the book has no entry of it", "no_lot", lot=lot_id)
    tree = ancestry(legs(known))
    before, after = tree.ancestors(lot_id), tree.descendants(lot_id)
    relatives = {lot_id} | before | after
    posted = sorted(
        (entry for entry in known if entry.kind.is_posted and entry.lot_id in relatives),
        key=_happened_at,
    )
    gone = _without_effect(posted, undone(known))
    balance = fold(own)
    return Trace(
        lot_id,
        tuple(entry for entry in posted if entry.lot_id == lot_id),
        _endings(posted, gone, balance, lot_id),
        balance.open,
        _relatives(tree, after, posted),
        _relatives(tree, before, posted),
        gone,
    )


def _happened_at(entry: Entry) -> datetime:
    """When a step happened. A week's goods are received as of its Monday, also those that are moved
    or changed on the Sunday before: they cannot have been there later than the book knew of them."""
    if entry.kind is Kind.RECEIVE:
        return min(entry.effective_at, entry.recorded_at)
    return entry.effective_at


def _without_effect(posted: Iterable[Entry], reversed_ids: frozenset[str]) -> frozenset[str]:
    """The steps that are no way: what was reversed, and what only took something back."""
    return frozenset(
        entry.id for entry in posted if entry.id in reversed_ids or entry.kind is Kind.REVERSAL
    )


def _relatives(
    tree: Ancestry, lot_ids: frozenset[str], posted: Iterable[Entry]
) -> tuple[Relative, ...]:
    """The steps of some lots, lot by lot from the oldest."""
    steps: dict[str, list[Entry]] = {lot: [] for lot in tree.lots if lot in lot_ids}
    for entry in posted:
        if entry.lot_id in steps:
            steps[entry.lot_id].append(entry)
    return tuple(Relative(lot, tuple(own)) for lot, own in steps.items())


def _endings(
    posted: Sequence[Entry], gone: frozenset[str], balance: Balance, lot_id: str
) -> tuple[Ending, ...]:
    """Each account that has units of the lot, with the steps that can have led there."""
    import networkx as nx

    graph: nx.MultiDiGraph[_Node] = nx.MultiDiGraph()
    state: Counter[tuple[str, Account]] = Counter()
    changed: dict[Account, list[tuple[int, _Node]]] = defaultdict(list)
    for number, entry in enumerate(posted):
        if entry.id in gone:
            continue
        source, target = _place(entry.lot_id, entry.source), _place(entry.lot_id, entry.target)
        before, left = state[target], (*source, state[source])
        if entry.target.kind is not AccountKind.CHANGE:
            state[target] += 1
            graph.add_edge((*target, before), (*target, before + 1))
        elif entry.lot_id == lot_id:
            changed[entry.target].append((number, left))
        graph.add_edge(left, (*target, state[target]), step=number)
    endings = []
    for (_, account), units in sorted(balance.units.items()):
        if units <= 0:
            continue
        place = _place(lot_id, account)
        numbers = set() if account in changed else _behind(graph, (*place, state[place]))
        # What else a change took is no part of how this lot came into it.
        for number, left in changed.get(account, ()):
            numbers |= {number} | _behind(graph, left)
        endings.append(Ending(account, units, tuple(posted[n] for n in sorted(numbers))))
    return tuple(endings)


def _behind(graph: nx.MultiDiGraph[_Node], node: _Node) -> set[int]:
    """The steps on every way to a state."""
    import networkx as nx

    before = nx.ancestors(graph, node) | {node}
    moves: Iterable[tuple[_Node, _Node, int | None]] = graph.in_edges(before, data="step")
    return {step for _, _, step in moves if step is not None}


def _place(lot_id: str, account: Account) -> tuple[str, Account]:
    """Lots do not mix, except in a change."""
    return ("" if account.kind is AccountKind.CHANGE else lot_id, account)
