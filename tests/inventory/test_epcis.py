"""Each kind of entry as an EPCIS event, checked by hand; no event points at a household.

The lot RICE has 10 units of GIVER at HUB. Local time is UTC+9. Names are below https://id.example.org.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from logistics.inventory import Account, Entry, Kind, goods_of
from logistics.inventory.clock import JAPAN
from logistics.inventory.entries import (
    COUNT,
    FREE,
    HELD,
    WASTE,
    change,
    donor,
    household,
    site,
    vehicle,
)
from logistics.inventory.epcis import STEPS, Names, document, happenings
from tests.inventory import world

BASE = "https://id.example.org"
HUB = {"id": f"{BASE}/site/HUB"}
T1 = {"id": f"{BASE}/site/T1"}
VAN = {"id": f"{BASE}/vehicle/VAN"}
RICE = f"{BASE}/lot/RICE"
NOON = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # 12:00 in Japan
TOLD = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)  # 17:30 in Japan
LATE = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # the day after, 10:00 in Japan


def entry(
    entry_id: str, kind: Kind, source: Account, target: Account, units: int, **more: Any
) -> Entry:
    base = {"lot_id": "RICE", "effective_at": NOON, "recorded_at": TOLD}
    return Entry(entry_id, kind, source=source, target=target, units=units, **(base | more))


def undo(entry_id: str, undone: Entry, told: datetime = LATE, **more: Any) -> Entry:
    return replace(
        undone,
        id=entry_id,
        kind=Kind.REVERSAL,
        source=undone.target,
        target=undone.source,
        recorded_at=told,
        reverses=undone.id,
        **more,
    )


GOT = Entry("e1", Kind.RECEIVE, "RICE", donor("GIVER"), site("HUB"), 10, NOON, TOLD)


def goods(**more: Any) -> dict[str, Any]:
    problem = world.week([world.lot("RICE", 10, **more)])
    return {"RICE": goods_of(problem.lots["RICE"], problem)}


def events(
    *entries: Entry, before: date | None = None, names: Names | None = None, **more: Any
) -> list[dict[str, Any]]:
    found = happenings(entries, JAPAN, before)
    made = document(found, goods(**more), names or Names(), TOLD)
    listed: list[dict[str, Any]] = made["epcisBody"]["eventList"]
    return listed


def only(event: dict[str, Any]) -> dict[str, Any]:
    """An event without its identifier and what every event has."""
    common = ("eventID", "eventTime", "eventTimeZoneOffset", "recordTime")
    return {key: value for key, value in event.items() if key not in common}


def amount(units: int, lot: str = RICE) -> list[dict[str, Any]]:
    return [{"epcClass": lot, "quantity": units}]


def way(source: dict[str, str], target: dict[str, str]) -> dict[str, Any]:
    return {
        "sourceList": [{"type": "location", "source": source["id"]}],
        "destinationList": [{"type": "location", "destination": target["id"]}],
    }


def test_a_receipt_is_an_observation_with_its_giver() -> None:
    [event] = events(GOT)
    assert event["eventTime"] == "2026-11-25T12:00:00+09:00"
    assert event["eventTimeZoneOffset"] == "+09:00"
    assert event["recordTime"] == "2026-11-25T17:30:00+09:00"
    assert event["eventID"].startswith("urn:uuid:")
    assert only(event) == {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "quantityList": amount(10),
        "bizStep": "receiving",
        "readPoint": HUB,
        "bizLocation": HUB,
        "sourceList": [{"type": "owning_party", "source": f"{BASE}/organisation/GIVER"}],
    }


def test_a_move_leaves_and_arrives() -> None:
    _, gone, come = events(GOT, entry("e2", Kind.MOVE, site("HUB"), site("T1"), 4))
    both = {"type": "ObjectEvent", "action": "OBSERVE", "quantityList": amount(4), **way(HUB, T1)}
    left = {"bizStep": "shipping", "disposition": "in_transit", "readPoint": HUB}
    assert only(gone) == both | left
    assert only(come) == both | {"bizStep": "receiving", "readPoint": T1, "bizLocation": T1}
    assert gone["eventID"] != come["eventID"]


def test_driving_gathers_the_promises_of_a_trip() -> None:
    """Three units for A and two for B on one van are one loading of five."""
    loads = [
        entry(f"l{n}", Kind.LOAD, site("HUB"), vehicle("VAN"), n, reservation_id=f"r{n}")
        for n in (3, 2)
    ]
    unloads = [
        entry(f"u{n}", Kind.UNLOAD, vehicle("VAN"), site("T1"), n, reservation_id=f"r{n}")
        for n in (3, 2)
    ]
    _, load, unload = events(GOT, *loads, *unloads)
    five = {"type": "ObjectEvent", "action": "OBSERVE", "quantityList": amount(5)}
    assert only(load) == five | way(HUB, VAN) | {
        "bizStep": "loading",
        "disposition": "in_transit",
        "readPoint": HUB,
        "bizLocation": VAN,
    }
    assert only(unload) == five | way(VAN, T1) | {
        "bizStep": "unloading",
        "readPoint": T1,
        "bizLocation": T1,
    }
    assert "recordTime" not in load


def test_a_hand_over_goes_to_somebody_on_a_day() -> None:
    given = [
        entry(f"d{who}", Kind.DELIVER, site("T1"), household(who), n, reservation_id=f"r{who}")
        for who, n in (("A", 3), ("B", 2))
    ]
    event = events(GOT, *given)[-1]
    assert event["eventTime"] == "2026-11-25T23:59:59+09:00"
    assert only(event) == {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "quantityList": amount(5),
        "bizStep": "dispensing",
        "disposition": "dispensed",
        "readPoint": T1,
        "destinationList": [{"type": "owning_party", "destination": f"{BASE}/household"}],
    }


def test_a_door_bears_the_name_of_all_doors() -> None:
    given = entry("d", Kind.DELIVER, vehicle("VAN"), household("A"), 3, reservation_id="r")
    event = events(GOT, given)[-1]
    assert event["readPoint"] == {"id": f"{BASE}/household"}
    assert "VAN" not in json.dumps(event)


def test_a_return_and_a_discard() -> None:
    back = entry("b", Kind.RETURN, vehicle("VAN"), site("HUB"), 1, reservation_id="r")
    waste = entry("w", Kind.DISCARD, site("HUB"), WASTE, 2, reason="torn by Mrs Sato's dog")
    _, gone, returned = events(GOT, back, waste)
    assert only(returned) == way(VAN, HUB) | {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "quantityList": amount(1),
        "bizStep": "receiving",
        "disposition": "returned",
        "readPoint": HUB,
        "bizLocation": HUB,
    }
    assert only(gone) == {
        "type": "ObjectEvent",
        "action": "DELETE",
        "quantityList": amount(2),
        "bizStep": "destroying",
        "disposition": "destroyed",
        "readPoint": HUB,
    }


def test_what_was_past_its_date_is_said_to_be_expired() -> None:
    waste = entry("w", Kind.DISCARD, site("HUB"), WASTE, 2)
    fresh = events(GOT, waste, last_day=date(2026, 11, 25))[-1]
    stale = events(GOT, waste, last_day=date(2026, 11, 24))[-1]
    assert "persistentDisposition" not in fresh
    assert stale["persistentDisposition"] == {"set": ["expired"]}


@pytest.mark.parametrize(("found", "stands", "difference"), [(False, 8, -2), (True, 12, 2)])
def test_a_count_tells_what_stands(found: bool, stands: int, difference: int) -> None:
    ends = (COUNT, site("HUB")) if found else (site("HUB"), COUNT)
    event = events(GOT, entry("c", Kind.COUNT, *ends, 2))[-1]
    assert only(event) == {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "quantityList": amount(stands),
        "bizStep": "cycle_counting",
        "disposition": "mismatch_quantity",
        "osusowake:difference": difference,
        "readPoint": HUB,
        "bizLocation": HUB,
    }


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (Kind.SPLIT, "creating_class_instance"),
        (Kind.MERGE, "creating_class_instance"),
        (Kind.REPACK, "repackaging"),
    ],
)
def test_a_change_is_one_transformation(kind: Kind, step: str) -> None:
    into = entry("i", kind, site("HUB"), change("x1"), 6)
    out = entry("o", kind, change("x1"), site("HUB"), 3, lot_id="BAGS")
    event = events(GOT, into, out)[-1]
    assert only(event) == {
        "type": "TransformationEvent",
        "inputQuantityList": amount(6),
        "outputQuantityList": amount(3, f"{BASE}/lot/BAGS"),
        "bizStep": step,
        "readPoint": HUB,
        "bizLocation": HUB,
    }


def test_holds_set_and_lift_what_lasts() -> None:
    hold = entry("h", Kind.HOLD, FREE, HELD, 0)
    second = entry("h2", Kind.HOLD, FREE, HELD, 0, recorded_at=LATE)
    lift = entry("f", Kind.UNHOLD, HELD, FREE, 0, reverses="h", recorded_at=LATE)
    lift_all = entry(
        "f2", Kind.UNHOLD, HELD, FREE, 0, reverses="h2", effective_at=LATE, recorded_at=LATE
    )
    common = {"type": "ObjectEvent", "action": "OBSERVE", "quantityList": [{"epcClass": RICE}]}
    _, held, freed = events(GOT, hold, lift)
    assert only(held) == common | {
        "bizStep": "holding",
        "persistentDisposition": {"set": ["unavailable"]},
    }
    assert only(freed) == common | {
        "bizStep": "stocking",
        "disposition": "available",
        "persistentDisposition": {"unset": ["unavailable"]},
    }
    steps = [event["bizStep"] for event in events(GOT, hold, second, lift, lift_all)]
    assert steps == ["receiving", "holding", "holding", "stocking"]  # the first lift frees nothing


def test_promises_are_no_events() -> None:
    promise = entry("p", Kind.RESERVE, site("HUB"), household("A"), 3, reservation_id="r")
    assert len(events(GOT, promise)) == 1


def test_what_did_not_occur_is_declared_under_its_own_name() -> None:
    told, again = events(GOT, undo("x", GOT))
    assert again["recordTime"] == "2026-11-26T10:00:00+09:00"
    assert again.pop("errorDeclaration") == {
        "declarationTime": "2026-11-26T10:00:00+09:00",
        "reason": "did_not_occur",
    }
    assert again | {"recordTime": told["recordTime"]} == told


def test_what_was_partly_wrong_is_told_anew() -> None:
    """A got 3 and B got 2; B's were not handed over: 5, wrong, and 3 instead."""
    three, two = (
        entry(f"d{who}", Kind.DELIVER, site("T1"), household(who), n, reservation_id=f"r{who}")
        for who, n in (("A", 3), ("B", 2))
    )
    _, *given = events(GOT, three, two, undo("x", two))
    quantities = {(e["eventID"], "errorDeclaration" in e): e["quantityList"] for e in given}
    [wrong] = [event for event in given if "errorDeclaration" in event]
    [right] = wrong["errorDeclaration"]["correctiveEventIDs"]
    assert wrong["errorDeclaration"]["reason"] == "incorrect_data"
    assert wrong["errorDeclaration"]["declarationTime"] == "2026-11-26T23:59:59+09:00"
    assert quantities == {
        (wrong["eventID"], False): amount(5),
        (wrong["eventID"], True): amount(5),
        (right, False): amount(3),
    }


def test_undoing_what_had_undone_it_tells_it_again() -> None:
    first = undo("x", GOT)
    second = replace(undo("y", first, LATE.replace(hour=2)), reverses="x")
    told, wrong, anew = events(GOT, first, second)
    if "errorDeclaration" not in wrong:  # identifiers order what happened in one second
        told, wrong, anew = wrong, anew, told
    assert wrong["errorDeclaration"]["reason"] == "did_not_occur"
    assert anew["eventID"] != told["eventID"]
    assert anew["quantityList"] == amount(10)


def test_todays_hand_overs_wait_until_the_day_is_over() -> None:
    given = entry("d", Kind.DELIVER, site("HUB"), household("A"), 3, reservation_id="r")
    assert len(events(GOT, given, before=date(2026, 11, 25))) == 1
    assert len(events(GOT, given, before=date(2026, 11, 26))) == 2


def test_the_same_units_to_other_households_are_the_same_document() -> None:
    """Who got what, in which order and row by row or at once: nothing of it can be seen."""

    def told(*households: str) -> list[dict[str, Any]]:
        return events(
            GOT,
            replace(GOT, id="m1", lot_id="MILK"),
            *(
                entry(
                    f"d{lot}{who}",
                    Kind.DELIVER,
                    site("T1"),
                    household(who),
                    2,
                    lot_id=lot,
                    reservation_id=f"r{lot}{who}",
                    recorded_at=TOLD.replace(minute=minute),
                )
                for minute, who in enumerate(households)
                for lot in ("RICE", "MILK")
            ),
        )

    assert told("A", "B", "C") == told("C", "Q", "B")
    handed = [e["quantityList"] for e in told("A", "B", "C") if e["bizStep"] == "dispensing"]
    assert sorted(handed, key=str) == [amount(6, f"{BASE}/lot/MILK"), amount(6)]
    assert '"A"' not in json.dumps(told("A", "B", "C"))


def test_identifiers_follow_from_the_base_and_nothing_else() -> None:
    assert events(GOT) == events(replace(GOT, id="other"))
    elsewhere = events(GOT, names=Names("https://pantry.example"))
    assert elsewhere[0]["eventID"] != events(GOT)[0]["eventID"]


def test_every_kind_has_a_step_or_is_told_by_another() -> None:
    assert set(Kind) - set(STEPS) == {Kind.RESERVE, Kind.SETTLE, Kind.RELEASE, Kind.REVERSAL}
