"""Rows to facts and facts to rows, one pair of functions a noun."""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from logistics.inventory import (
    Account,
    AccountKind,
    Entry,
    Goods,
    Haul,
    Kind,
    Listing,
    Outcome,
    OutcomeKind,
    Passage,
    Reservation,
)
from logistics.model.places import Organisation, Site
from logistics.model.units import FoodGroup, Kitchen, Label, Storage, Tag

Values = dict[str, Any]


def entry_row(entry: Entry) -> Values:
    """An entry as a row; the sequence number is the database's."""
    return {
        "id": entry.id,
        "kind": str(entry.kind),
        "lot_id": entry.lot_id,
        "source_kind": str(entry.source.kind),
        "source_id": entry.source.id,
        "target_kind": str(entry.target.kind),
        "target_id": entry.target.id,
        "units": entry.units,
        "effective_at": entry.effective_at,
        "recorded_at": entry.recorded_at,
        "reservation_id": entry.reservation_id or None,
        "reason": entry.reason,
        "reverses": entry.reverses or None,
    }


@lru_cache(maxsize=10_000)
def _account(kind: str, account_id: str) -> Account:
    """An account; the same few are read again and again."""
    return Account(AccountKind(kind), account_id)


def entry_of(row: Row[Any]) -> Entry:
    """The entry of a row."""
    return Entry(
        id=row.id,
        kind=Kind(row.kind),
        lot_id=row.lot_id,
        source=_account(row.source_kind, row.source_id),
        target=_account(row.target_kind, row.target_id),
        units=row.units,
        effective_at=row.effective_at,
        recorded_at=row.recorded_at,
        reservation_id=row.reservation_id or "",
        reason=row.reason,
        reverses=row.reverses or "",
    )


def goods_row(goods: Goods) -> Values:
    """A lot's facts as a row."""
    return {
        "id": goods.id,
        "org_id": goods.org_id,
        "item": goods.item,
        "food_group": str(goods.food_group),
        "storage": str(goods.storage),
        "unit_g": goods.unit_g,
        "unit_meals": str(goods.unit_meals),
        "label": str(goods.label),
        "last_day": goods.last_day,
        "made_on": goods.made_on,
        "eat_by": goods.eat_by,
        "contains": _joined(goods.contains),
        "checked": _joined(goods.checked),
        "kitchen_needed": str(goods.kitchen_needed),
        "tags": _joined(goods.tags),
    }


def goods_of_row(row: Row[Any] | SimpleNamespace) -> Goods:
    """A lot's facts from its row, or from what has its columns' names."""
    return Goods(
        id=row.id,
        org_id=row.org_id,
        item=row.item,
        food_group=FoodGroup(row.food_group),
        storage=Storage(row.storage),
        unit_g=row.unit_g,
        unit_meals=Fraction(row.unit_meals),
        label=Label(row.label),
        last_day=row.last_day,
        made_on=row.made_on,
        eat_by=row.eat_by,
        contains=_split(row.contains),
        checked=_split(row.checked),
        kitchen_needed=Kitchen(row.kitchen_needed),
        tags=frozenset(Tag(tag) for tag in _split(row.tags)),
    )


def _joined(codes: frozenset[str] | frozenset[Tag]) -> str:
    return ";".join(sorted(map(str, codes)))


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split(";")) if text else frozenset()


def organisation_row(organisation: Organisation) -> Values:
    """An organisation as a row."""
    return {
        "id": organisation.id,
        "name": organisation.name,
        "sector": str(organisation.sector),
    }


def site_row(site: Site) -> Values:
    """What the book keeps of a site."""
    return {"id": site.id, "org_id": site.org_id, "name": site.name, "kind": str(site.kind)}


def listing_row(listing: Listing, import_id: int) -> Values:
    """A week's word about a lot as a row."""
    return {
        "import_id": import_id,
        "lot_id": listing.lot_id,
        "site_id": listing.site_id,
        "units": listing.units,
    }


def listing_of(row: Row[Any]) -> Listing:
    """A week's word about a lot."""
    return Listing(row.lot_id, row.site_id, row.units)


def reservation_row(reservation: Reservation, publication_id: str | None) -> Values:
    """A reservation as a row, with the plan that made it, if any; its ways are JSON."""
    return {
        "id": reservation.id,
        "publication_id": publication_id,
        "household_id": reservation.household_id,
        "lot_id": reservation.lot_id,
        "session_id": reservation.session_id,
        "day": reservation.day,
        "units": reservation.units,
        "site_id": reservation.site_id,
        "rest_site_id": reservation.rest_site_id,
        "handover_at": reservation.handover_at,
        "ways": json.dumps([_way_json(way) for way in reservation.ways], ensure_ascii=False),
        "expires_at": reservation.expires_at,
        "to_site_id": reservation.to_site_id or None,
    }


def reservation_of(row: Row[Any]) -> Reservation:
    """A reservation from its row."""
    day: date = row.day
    return Reservation(
        id=row.id,
        household_id=row.household_id,
        lot_id=row.lot_id,
        session_id=row.session_id,
        day=day,
        units=row.units,
        site_id=row.site_id,
        rest_site_id=row.rest_site_id,
        handover_at=row.handover_at,
        ways=tuple(_way_of(way) for way in json.loads(row.ways)),
        expires_at=row.expires_at,
        to_site_id=row.to_site_id or "",
    )


def _way_json(way: Passage) -> Values:
    return {
        "units": way.units,
        "hauls": [
            {
                "vehicle_id": haul.vehicle_id,
                "from_site_id": haul.from_site_id,
                "to_site_id": haul.to_site_id,
                "load_at": haul.load_at.isoformat(),
                "unload_at": haul.unload_at.isoformat(),
            }
            for haul in way.hauls
        ],
    }


def _way_of(data: Values) -> Passage:
    hauls = tuple(
        Haul(
            haul["vehicle_id"],
            haul["from_site_id"],
            haul["to_site_id"],
            datetime.fromisoformat(haul["load_at"]),
            datetime.fromisoformat(haul["unload_at"]),
        )
        for haul in data["hauls"]
    )
    return Passage(data["units"], hauls)


def outcome_row(outcome: Outcome, reservation: Reservation, now: datetime) -> Values:
    """An outcome as a row: its identity, what it stated, what it settled."""
    return {
        "id": outcome.id,
        "reservation_id": reservation.id,
        "kind": str(outcome.kind),
        "units": outcome.units,
        "to_site_id": outcome.to_site_id,
        "reason": outcome.reason,
        "noted_at": outcome.noted_at,
        "recorded_at": now,
    }


def outcome_of(row: Row[Any], reservation: Reservation) -> Outcome:
    """The outcome of a row about a reservation; its id tells which telling of the same words it is."""
    return Outcome(
        reservation.household_id,
        reservation.lot_id,
        reservation.session_id,
        reservation.day,
        OutcomeKind(row.kind),
        row.units,
        row.noted_at,
        row.to_site_id,
        row.reason,
        telling=int(row.id.partition("#")[2] or 1),
    )
