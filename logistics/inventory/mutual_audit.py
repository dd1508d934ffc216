"""Mutual help against the entries: what was agreed on and moved is what was offered and needed.

Statements carry no hash of their own. What they say of goods is compared with entries, which do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from logistics.inventory.entries import AccountKind, Entry, Kind
from logistics.inventory.mutual import Need, Offer
from logistics.inventory.reservation import Reservation
from logistics.inventory.reversal import undone_ids
from logistics.model.errors import Finding

FIX = "restore the last backup that passes the audit, and compare"


class Link(NamedTuple):
    """An agreement or transfer: its id, offer and need, and the reservation or entry that it names."""

    id: str
    offer_id: str
    need_id: str
    of: str


@dataclass(frozen=True, slots=True)
class Helped:
    """All that was ever said of mutual help; `withdrawn` are the names that were taken back."""

    offers: Mapping[str, Offer] = field(default_factory=dict)
    needs: Mapping[str, Need] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()
    agreements: tuple[Link, ...] = ()
    transfers: tuple[Link, ...] = ()


def help_findings(
    helped: Helped, entries: Mapping[str, Entry], reservations: Mapping[str, Reservation]
) -> Iterator[Finding]:
    """Withdrawals of nothing, agreements and transfers that are not what their entries say, and offers
    of which more was moved than was offered."""
    for name in helped.withdrawn:
        if name not in helped.offers and name not in helped.needs:
            yield _finding("withdraws_nothing", name, "withdrawn, and neither an offer nor a need")
    for link in helped.agreements:
        kept = reservations.get(link.of)
        if kept is None or not _fits(link, helped, kept.lot_id, kept.site_id, kept.to_site_id):
            yield _finding("agreement_differs", link.id, f"{link.of} does not keep its units")
    given: dict[str, int] = defaultdict(int)
    undone = undone_ids(entries.values())
    told = set()
    for link in helped.transfers:
        told.add(link.of)
        entry = entries.get(link.of)
        if entry is None or not _moves(link, helped, entry):
            yield _finding("transfer_differs", link.id, f"entry {link.of} is not its move")
        elif entry.id not in undone:
            given[link.offer_id] += entry.units
    of = {link.of: link.offer_id for link in helped.agreements}
    for entry in entries.values():
        by_hand = entry.reservation_id in of and entry.kind is Kind.MOVE and entry.id not in told
        if by_hand and entry.id not in undone:
            given[of[entry.reservation_id]] += entry.units
    for offer_id, units in sorted(given.items()):
        if offer_id in helped.offers and units > helped.offers[offer_id].units:
            said = f"{helped.offers[offer_id].units} units were offered, {units} were moved"
            yield _finding("offer_exceeded", offer_id, said)


def _moves(link: Link, helped: Helped, entry: Entry) -> bool:
    ends = entry.source.kind is entry.target.kind is AccountKind.SITE
    fits = _fits(link, helped, entry.lot_id, entry.source.id, entry.target.id)
    return entry.kind is Kind.MOVE and ends and fits


def _fits(link: Link, helped: Helped, lot_id: str, from_site_id: str, to_site_id: str) -> bool:
    offer, need = helped.offers.get(link.offer_id), helped.needs.get(link.need_id)
    if offer is None or need is None:
        return False
    return (offer.lot_id, offer.site_id, need.site_id) == (lot_id, from_site_id, to_site_id)


def _finding(code: str, name: str, what: str) -> Finding:
    return Finding(code, f"Mutual help, {name}: {what}", fix=FIX, ids=(name,))
