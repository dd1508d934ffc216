"""Which lots were made of which: a split, merge or repacking takes lots in and gives others.

Only what a change took and gave *in the end* counts: an entry at a change and its reversal cancel out,
so a change that was undone makes nothing of nothing. A lot that a change gives is new, because its
identifier was used by no entry before; a change therefore leads from older to younger lots only, and
no lot can be made of itself. Entries in which one is are refused instead of walked around in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from logistics.inventory.balance import BookBroken
from logistics.inventory.entries import Account, AccountKind, Entry, Kind, change
from logistics.inventory.goods import Goods
from logistics.model.errors import NotFound

if TYPE_CHECKING:
    import networkx as nx

Node = str | Account
"""A lot by its identifier, or the account of a change."""


class Leg(NamedTuple):
    """Units of a lot that go into a change; below zero they come out of it."""

    change_id: str
    lot_id: str
    units: int
    kind: Kind
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A split, merge or repacking: the units of each lot that it took and that it gave."""

    id: str
    kind: Kind
    at: datetime
    taken: Mapping[str, int]
    given: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ancestry:
    """The changes and the graph that they make: lot -> change -> lot, from older to younger.

    `lots` are the lots of the graph, each after every lot that it was made of.
    """

    changes: Mapping[str, Change]
    graph: nx.DiGraph[Node]
    lots: tuple[str, ...]

    def descendants(self, lot_id: str) -> frozenset[str]:
        """Every lot that was made of the lot, by however many changes."""
        import networkx as nx

        found: set[Node] = nx.descendants(self.graph, lot_id) if lot_id in self.graph else set()
        return frozenset(node for node in found if isinstance(node, str))

    def ancestors(self, lot_id: str) -> frozenset[str]:
        """Every lot that the lot was made of, by however many changes."""
        import networkx as nx

        found: set[Node] = nx.ancestors(self.graph, lot_id) if lot_id in self.graph else set()
        return frozenset(node for node in found if isinstance(node, str))

    def makers(self, lot_id: str) -> tuple[Change, ...]:
        """The changes that gave units of the lot: at most one in a book kept by the verbs."""
        before = self.graph.pred.get(lot_id, {})
        return tuple(self.changes[node.id] for node in before if isinstance(node, Account))

    def users(self, lot_id: str) -> tuple[Change, ...]:
        """The changes that took units of the lot."""
        after = self.graph.succ.get(lot_id, {})
        return tuple(self.changes[node.id] for node in after if isinstance(node, Account))

    def sources(self, lot_id: str) -> frozenset[str]:
        """The lots at the beginning: those it was made of that were made of nothing, or the lot."""
        oldest = {lot for lot in self.ancestors(lot_id) if not self.makers(lot)}
        return frozenset(oldest or {lot_id})


def legs(entries: Iterable[Entry]) -> tuple[Leg, ...]:
    """What the entries put into changes and take out of them, reversals included."""
    found = []
    for entry in entries:
        if entry.target.kind is AccountKind.CHANGE:
            change_id, units = entry.target.id, entry.units
        elif entry.source.kind is AccountKind.CHANGE:
            change_id, units = entry.source.id, -entry.units
        else:
            continue
        found.append(Leg(change_id, entry.lot_id, units, entry.kind, entry.effective_at))
    return tuple(found)


def ancestry(found: Iterable[Leg]) -> Ancestry:
    """The ancestry that changes make.

    Raises:
        BookBroken: if a lot would be made of itself.
    """
    import networkx as nx

    changes = _changes(found)
    graph: nx.DiGraph[Node] = nx.DiGraph()
    for each in changes.values():
        here = change(each.id)
        graph.add_edges_from((lot_id, here) for lot_id in each.taken)
        graph.add_edges_from((here, lot_id) for lot_id in each.given)
    try:
        ordered = list(nx.topological_sort(graph))
    except nx.NetworkXUnfeasible as error:
        circle = [str(node) for node, _ in nx.find_cycle(graph)]
        raise BookBroken(f"a lot would be made of itself: {' -> '.join(circle)}") from error
    return Ancestry(changes, graph, tuple(node for node in ordered if isinstance(node, str)))


def _changes(found: Iterable[Leg]) -> dict[str, Change]:
    """What each change took and gave in the end; one that was undone is left out."""
    units: dict[str, dict[str, int]] = {}
    first: dict[str, Leg] = {}
    for leg in found:
        if leg.kind.is_change:
            first.setdefault(leg.change_id, leg)
        lots = units.setdefault(leg.change_id, {})
        lots[leg.lot_id] = lots.get(leg.lot_id, 0) + leg.units
    return {
        change_id: Change(
            change_id,
            leg.kind,
            leg.at,
            {lot_id: n for lot_id, n in units[change_id].items() if n > 0},
            {lot_id: -n for lot_id, n in units[change_id].items() if n < 0},
        )
        for change_id, leg in first.items()
        if any(units[change_id].values())
    }


def origins(entries: Iterable[Entry], goods: Mapping[str, Goods]) -> dict[str, dict[str, Fraction]]:
    """Which part of a lot's grams comes from which lot that was received: exact, its parts sum to 1.

    The entries must be all those of the lots and of every lot that they were made of; `goods` must
    have all of these. The parts are of what the lot was when it came to be, so that counting, waste
    and hand-overs do not touch them. A lot that was received is its own origin. What a change gives
    is a blend of what it took, in proportion to the grams: exact for a split or a repacking of one
    lot and for a merge into one lot; where a change of several lots gives several, nobody knows
    which grams went where, and all of them count as blended alike.

    Raises:
        NotFound: if `goods` lacks a lot.
        BookBroken: if a lot would be made of itself.
    """
    known = tuple(entries)
    own: dict[str, int] = defaultdict(int)
    for entry in known:
        if entry.target.kind is AccountKind.DONOR:
            own[entry.lot_id] -= entry.units
        elif entry.source.kind is AccountKind.DONOR:
            own[entry.lot_id] += entry.units
    tree = ancestry(legs(known))
    parts = blend(tree, goods, own, lambda lot_id: lot_id)
    for entry in known:
        parts.setdefault(entry.lot_id, {entry.lot_id: Fraction(1)})
    return parts


def blend(
    tree: Ancestry,
    goods: Mapping[str, Goods],
    own: Mapping[str, int],
    name: Callable[[str], str],
) -> dict[str, dict[str, Fraction]]:
    """Parts of the grams of each lot of the ancestry, by the name that its origins go under.

    `own`: units of a lot that no change gave it. A lot that came from nowhere is its own origin.
    """
    parts: dict[str, dict[str, Fraction]] = {}
    for lot_id in tree.lots:
        amounts: dict[str, Fraction] = defaultdict(Fraction)
        for each in tree.makers(lot_id):
            given_g = each.given[lot_id] * _unit_g(goods, lot_id)
            masses = {lot: units * _unit_g(goods, lot) for lot, units in each.taken.items()}
            taken_g = sum(masses.values())
            for lot, grams in masses.items():
                for origin, part in parts[lot].items():
                    amounts[origin] += part * Fraction(given_g * grams, taken_g)
        own_g = own.get(lot_id, 0) * _unit_g(goods, lot_id)
        if own_g > 0 or not amounts:
            amounts[name(lot_id)] += max(own_g, 1)
        total = sum(amounts.values())
        parts[lot_id] = {origin: grams / total for origin, grams in amounts.items()}
    return parts


def _unit_g(goods: Mapping[str, Goods], lot_id: str) -> int:
    if lot_id not in goods:
        raise NotFound(f"Lot {lot_id}: the book does not know what it weighs")
    return goods[lot_id].unit_g


def undone(entries: Iterable[Entry]) -> frozenset[str]:
    """The ids of entries that no longer count, because a reversal that counts took them back.

    The entries in the order of the book: a reversal comes after what it reverses, so that the last
    one has the last word also where a reversal was itself reversed.
    """
    gone: set[str] = set()
    for entry in reversed(tuple(entries)):
        if entry.kind is Kind.REVERSAL and entry.id not in gone:
            gone.add(entry.reverses)
    return frozenset(gone)
