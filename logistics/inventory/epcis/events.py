"""From happenings to EPCIS 2.0 events in JSON-LD: what, when, where, why (GS1 EPCIS and CBV 2.0, 2022).

Every value of the vocabulary is one of CBV 2.0; `docs/epcis.md` has the table and the reasons.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from logistics.inventory.entries import Account, AccountKind, Kind
from logistics.inventory.epcis.happenings import Happening
from logistics.inventory.epcis.masterdata import master_data
from logistics.inventory.epcis.names import Names
from logistics.inventory.goods import Goods

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
SCHEMA_VERSION = "2.0"
PREFIX = "osusowake"

Json = dict[str, Any]

STEPS: Mapping[Kind, str] = {
    Kind.RECEIVE: "receiving",
    Kind.COUNT: "cycle_counting",
    Kind.SPLIT: "creating_class_instance",
    Kind.MERGE: "creating_class_instance",
    Kind.REPACK: "repackaging",
    Kind.LOAD: "loading",
    Kind.UNLOAD: "unloading",
    Kind.MOVE: "shipping",
    Kind.RETURN: "receiving",
    Kind.DISCARD: "destroying",
    Kind.HOLD: "holding",
    Kind.UNHOLD: "stocking",
    Kind.DELIVER: "dispensing",
}
"""The business step of each kind, in the order in which events of one second are listed."""

ARRIVED = "receiving"
"""The second event of a move; the first says that the units left."""

_RANK = {kind: rank for rank, kind in enumerate(STEPS)}


def document(
    found: Iterable[Happening],
    goods: Mapping[str, Goods],
    names: Names,
    created_at: datetime,
    places: Mapping[Account, str] | None = None,
) -> Json:
    """An EPCISDocument of the happenings; the same happenings give the same document.

    With the names of `places` its header says what the lots, places and donors in it are.
    """
    ordered = sorted(
        (happening.at, _RANK[happening.kind], event_id(happening, names), happening)
        for happening in found
    )
    events = [event for *_, happening in ordered for event in events_of(happening, goods, names)]
    header = {} if places is None else {"epcisHeader": master_data(events, goods, places, names)}
    return {
        "@context": [CONTEXT, {PREFIX: names.terms}],
        "type": "EPCISDocument",
        "schemaVersion": SCHEMA_VERSION,
        "creationDate": stamp(created_at),
        **header,
        "epcisBody": {"eventList": events},
    }


def events_of(happening: Happening, goods: Mapping[str, Goods], names: Names) -> Iterator[Json]:
    """The events of a happening: two for a move, and each again with its error if it was undone."""
    parts = [""] if happening.kind is not Kind.MOVE else ["", ARRIVED]
    events = [_event(happening, goods, names, part) for part in parts]
    yield from events
    if happening.undone_at is None:
        return
    for event, part in zip(events, parts, strict=True):
        error: Json = {"declarationTime": stamp(happening.undone_at), "reason": "did_not_occur"}
        if happening.followed:
            error |= {
                "reason": "incorrect_data",
                "correctiveEventIDs": [event_id(happening, names, part, later=1)],
            }
        again = dict(event)
        if happening.recorded_at is not None:
            again["recordTime"] = stamp(happening.undone_at)
        yield again | {"errorDeclaration": error}


def event_id(happening: Happening, names: Names, part: str = "", later: int = 0) -> str:
    """A name-based UUID (RFC 4122, version 5) of a happening, or of what was told `later` instead.

    It follows from the base and the happening's key, never from the entries, whose names a reader who
    knows the households could try out one by one.
    """
    *key, version = happening.key
    said = "\n".join((*key, str(int(version) + later), part))
    return f"urn:uuid:{uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, names.base), said)}"


def stamp(moment: datetime) -> str:
    """A moment with its offset; parts of a second only where there are some."""
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _event(happening: Happening, goods: Mapping[str, Goods], names: Names, part: str) -> Json:
    kind = happening.kind
    event: Json = {
        "type": "TransformationEvent" if kind.is_change else "ObjectEvent",
        "eventID": event_id(happening, names, part),
        "eventTime": stamp(happening.at),
        "eventTimeZoneOffset": _offset(happening.at),
    }
    if happening.recorded_at is not None:
        event["recordTime"] = stamp(happening.recorded_at)
    event |= _what(happening, names)
    event["bizStep"] = part or STEPS[kind]
    return event | _why(happening, goods, part) | _where(happening, names, part)


def _offset(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    sign, size = ("-", -offset) if offset < timedelta() else ("+", offset)
    hours, minutes = divmod(int(size.total_seconds()) // 60, 60)
    return f"{sign}{hours:02}:{minutes:02}"


def _what(happening: Happening, names: Names) -> Json:
    """The lots with their units; units are pieces, which EPCIS gives without a unit of measure."""
    if happening.kind.is_change:
        lists = {"inputQuantityList": happening.taken, "outputQuantityList": happening.made}
        return {name: _quantities(lots, names) for name, lots in lists.items() if lots}
    action = "DELETE" if happening.kind is Kind.DISCARD else "OBSERVE"
    if happening.kind in (Kind.HOLD, Kind.UNHOLD):  # all of the lot, wherever it stands
        return {
            "action": action,
            "quantityList": [{"epcClass": names.lot(lot_id)} for lot_id, _ in happening.taken],
        }
    lots = happening.taken
    if happening.kind is Kind.COUNT:
        lots = tuple((lot_id, happening.stands) for lot_id, _ in lots)
    return {"action": action, "quantityList": _quantities(lots, names)}


def _quantities(lots: Iterable[tuple[str, int]], names: Names) -> list[Json]:
    return [{"epcClass": names.lot(lot_id), "quantity": units} for lot_id, units in lots]


def _why(happening: Happening, goods: Mapping[str, Goods], part: str) -> Json:
    """The disposition: the condition of the goods from then on; left out where it says nothing."""
    simple = {
        Kind.LOAD: "in_transit",
        Kind.MOVE: "" if part else "in_transit",
        Kind.RETURN: "returned",
        Kind.DELIVER: "dispensed",
        Kind.DISCARD: "destroyed",
        Kind.UNHOLD: "available",
        Kind.COUNT: "mismatch_quantity",
    }.get(happening.kind, "")
    said: Json = {"disposition": simple} if simple else {}
    if happening.kind is Kind.HOLD:
        said["persistentDisposition"] = {"set": ["unavailable"]}
    elif happening.kind is Kind.UNHOLD:
        said["persistentDisposition"] = {"unset": ["unavailable"]}
    elif happening.kind is Kind.COUNT:
        said[f"{PREFIX}:difference"] = happening.difference
    elif happening.kind is Kind.DISCARD and _was_expired(happening, goods):
        said["persistentDisposition"] = {"set": ["expired"]}
    return said


def _was_expired(happening: Happening, goods: Mapping[str, Goods]) -> bool:
    known = [goods[lot_id] for lot_id in happening.lot_ids if lot_id in goods]
    return any(lot.expired(happening.exactly_at, happening.exactly_at.date()) for lot in known)


def _where(happening: Happening, names: Names, part: str) -> Json:
    """Where it was seen, where the goods are from then on, and from whom to whom."""
    kind, source, target = happening.kind, happening.source, happening.target
    here, there = _uri(source, names), _uri(target, names)
    if kind in (Kind.HOLD, Kind.UNHOLD):
        return {}
    if kind is Kind.RECEIVE:
        giver = [{"type": "owning_party", "source": here}]
        return _at_place(there) | {"sourceList": giver}
    if kind is Kind.DELIVER:
        taker = [{"type": "owning_party", "destination": there}]
        return {"readPoint": {"id": here}, "destinationList": taker}
    if kind is Kind.DISCARD:
        return {"readPoint": {"id": here}}
    if kind is Kind.COUNT or kind.is_change:
        return _at_place(here if source.kind is AccountKind.SITE else there)
    way = {
        "sourceList": [{"type": "location", "source": here}],
        "destinationList": [{"type": "location", "destination": there}],
    }
    if kind is Kind.LOAD:
        return {"readPoint": {"id": here}, "bizLocation": {"id": there}} | way
    if kind is Kind.MOVE and not part:
        return {"readPoint": {"id": here}} | way
    return _at_place(there) | way


def _at_place(uri: str) -> Json:
    return {"readPoint": {"id": uri}, "bizLocation": {"id": uri}}


def _uri(account: Account, names: Names) -> str:
    """An account for the world outside; households have one name for all."""
    makers = {
        AccountKind.DONOR: names.organisation,
        AccountKind.SITE: names.site,
        AccountKind.VEHICLE: names.vehicle,
    }
    maker = makers.get(account.kind)
    return maker(account.id) if maker is not None else names.household
