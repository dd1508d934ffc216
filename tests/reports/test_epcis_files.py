"""Documents against GS1's own schema, our check of its words, and whole random lives of a book."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from logistics.inventory import Entry, Kind
from logistics.inventory.clock import JAPAN
from logistics.inventory.entries import COUNT, FREE, HELD, WASTE, change, household, site, vehicle
from logistics.inventory.epcis import STEPS, Names
from logistics.reports.epcis_check import (
    SCHEMA,
    NoValidator,
    schema_findings,
    vocabulary,
    vocabulary_findings,
)
from logistics.reports.epcis_files import export, read_gtins, write_document
from tests.inventory import world
from tests.inventory.lifelike import LOTS
from tests.inventory.test_epcis import GOT, LATE, entry, goods, undo
from tests.inventory.test_life import PureBookLife

THREE = entry("d", Kind.DELIVER, site("T1"), household("A"), 3, reservation_id="r")
TWO = entry("d2", Kind.DELIVER, vehicle("VAN"), household("B"), 2, reservation_id="r2")
EVERY_KIND = (
    GOT,
    entry("p", Kind.RESERVE, site("HUB"), household("A"), 3, reservation_id="r"),
    entry("m", Kind.MOVE, site("HUB"), site("T1"), 4),
    entry("l", Kind.LOAD, site("HUB"), vehicle("VAN"), 2, reservation_id="r2"),
    entry("u", Kind.UNLOAD, vehicle("VAN"), site("T1"), 1, reservation_id="r3"),
    THREE,
    TWO,
    entry("b", Kind.RETURN, vehicle("VAN"), site("HUB"), 1, reservation_id="r4"),
    entry("w", Kind.DISCARD, site("HUB"), WASTE, 1, reason="torn"),
    entry("c", Kind.COUNT, site("HUB"), COUNT, 1),
    entry("i", Kind.SPLIT, site("HUB"), change("x"), 2),
    entry("o", Kind.SPLIT, change("x"), site("HUB"), 2, lot_id="SMALL"),
    entry("h", Kind.HOLD, FREE, HELD, 0),
    entry("f", Kind.UNHOLD, HELD, FREE, 0, reverses="h", recorded_at=LATE),
    undo("z", THREE),
    undo("y", GOT),
)


def made(entries: Iterable[Entry] = EVERY_KIND, **more: Any) -> dict[str, Any]:
    names = more.pop("names", Names())
    return export(tuple(entries), goods(), {"RICE"}, names, JAPAN, **more).document


def test_every_kind_is_valid_by_gs1s_schema_and_by_our_own_check() -> None:
    found = made()
    assert schema_findings(found) == []
    assert vocabulary_findings(found) == []
    steps = {event["bizStep"] for event in found["epcisBody"]["eventList"]}
    assert len(steps) == 10  # move and return share `receiving` with the receipt, split has its own


def test_what_is_left_out_is_counted() -> None:
    result = export(EVERY_KIND, goods(), {"RICE"}, Names(), JAPAN, before=date(2026, 11, 25))
    # recorded on the 25th: load, unload, two hand-overs, a return; on the 26th: a reversal of one
    assert (result.promises, result.later) == (1, 6)
    steps = {event["bizStep"] for event in result.document["epcisBody"]["eventList"]}
    assert not steps & {"dispensing", "loading", "unloading"}


def test_a_document_is_dated_with_the_last_entry_that_may_be_told() -> None:
    given = replace(THREE, recorded_at=LATE)
    assert made([GOT, given])["creationDate"] == "2026-11-26T10:00:00+09:00"
    assert (
        made([GOT, given], before=date(2026, 11, 26))["creationDate"] == "2026-11-25T17:30:00+09:00"
    )
    assert made([])["creationDate"] == "1970-01-01T09:00:00+09:00"


def test_a_period_holds_what_happened_in_it() -> None:
    the_day, before = date(2026, 11, 25), date(2026, 11, 24)
    assert made(period=(the_day, the_day)) == made()
    assert made(period=(before, before))["epcisBody"]["eventList"] == []


def test_the_same_book_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_document(made(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def _step(document: dict[str, Any]) -> None:
    document["epcisBody"]["eventList"][0]["bizStep"] = "recieving"


def _step_uri(document: dict[str, Any]) -> None:
    document["epcisBody"]["eventList"][0]["bizStep"] = "https://id.example.org/recieving"


def _disposition(document: dict[str, Any]) -> None:
    document["epcisBody"]["eventList"][0]["disposition"] = "on_hold"


def _type(document: dict[str, Any]) -> None:
    document["epcisBody"]["eventList"][0]["sourceList"][0]["type"] = "giver"


def _twice(document: dict[str, Any]) -> None:
    events = document["epcisBody"]["eventList"]
    events.append(copy.deepcopy(events[0]))


def _prefix(document: dict[str, Any]) -> None:
    document["@context"] = document["@context"][:1]


def _context(document: dict[str, Any]) -> None:
    document["@context"] = document["@context"][1:]


def _correction(document: dict[str, Any]) -> None:
    event = next(e for e in document["epcisBody"]["eventList"] if "errorDeclaration" in e)
    event["errorDeclaration"] = {"reason": "did_not_occur", "correctiveEventIDs": ["urn:uuid:1"]}


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (_step, {"epcis_not_in_cbv"}),
        (_step_uri, {"epcis_not_in_cbv"}),
        (_disposition, {"epcis_not_in_cbv"}),
        (_type, {"epcis_not_in_cbv"}),
        (_twice, {"epcis_event_id"}),
        (_prefix, {"epcis_prefix"}),
        (_context, {"epcis_context"}),
        (_correction, {"epcis_corrected_nothing", "epcis_no_correction"}),
    ],
)
def test_a_spoilt_document_is_refused(
    spoil: Callable[[dict[str, Any]], None], codes: set[str]
) -> None:
    document = made()
    spoil(document)
    assert {finding.code for finding in vocabulary_findings(document)} == codes


def test_the_schema_lets_a_foreign_step_pass_and_a_missing_time_not() -> None:
    document = made()
    _step_uri(document)
    assert schema_findings(document) == []
    del document["epcisBody"]["eventList"][0]["eventTime"]
    assert {finding.code for finding in schema_findings(document)} == {"epcis_schema"}


def test_without_its_library_the_schema_is_not_checked_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(NoValidator, match="pip install jsonschema"):
        schema_findings(made())


def test_an_address_with_a_space_is_no_uri() -> None:
    document = made()
    document["epcisBody"]["eventList"][0]["readPoint"]["id"] = "https://id.example.org/site/a b"
    assert schema_findings(document)


def test_our_table_has_the_words_of_the_schema() -> None:
    definitions = json.loads(SCHEMA.read_text("utf-8"))["definitions"]
    for name, list_name in (
        ("bizStep", "biz_steps"),
        ("disposition", "dispositions"),
        ("source-dest-type", "source_destination_types"),
        ("error-reason", "error_reasons"),
    ):
        [words] = [part["enum"] for part in definitions[name]["anyOf"] if "enum" in part]
        assert vocabulary()[list_name] == set(words)
    assert vocabulary()["actions"] == set(definitions["action"]["enum"])


def test_the_page_tells_what_is_so() -> None:
    """The example of the page is the document of its own words; its table has every step."""
    page = (Path(__file__).parents[2] / "docs" / "epcis.md").read_text("utf-8")
    shown = json.loads(page.partition("```json")[2].partition("```")[0])
    document = made([GOT, undo("x", GOT)])
    _, again = document["epcisBody"]["eventList"]
    assert shown == document | {"epcisBody": {"eventList": [again]}}
    for step in STEPS.values():
        assert f"`{step}`" in page


def test_a_reversal_of_a_hand_over_waits_even_without_its_promise() -> None:
    bare = replace(undo("z", THREE), reservation_id="")
    shown = made([GOT, THREE, bare], before=date(2026, 11, 26))
    assert "errorDeclaration" not in json.dumps(shown)
    assert "errorDeclaration" in json.dumps(made([GOT, THREE, bare], before=date(2026, 11, 27)))


def test_gtins_are_read_or_found_wrong(tmp_path: Path) -> None:
    path = tmp_path / "gtins.csv"
    path.write_text("lot_id,gtin\nRICE,4901234567894\nMILK,4901234567890\n", encoding="utf-8")
    found, findings = read_gtins(path)
    assert found == {"RICE": "04901234567894"}
    assert [(finding.code, finding.row) for finding in findings] == [("gtin_invalid", 3)]
    names = Names(gtins=found)
    assert schema_findings(made(names=names)) == []
    assert "/01/04901234567894/10/RICE" in json.dumps(made(names=names))


class ExportedLife(PureBookLife):
    """A book that is exported at the end of its life."""

    def teardown(self) -> None:
        if not hasattr(self, "book"):
            return
        entries = tuple(self.book.entries)
        known = self.book.goods
        result = export(entries, known, set(LOTS), Names(), JAPAN)
        assert schema_findings(result.document) == []
        assert vocabulary_findings(result.document) == []
        text = json.dumps(result.document)
        assert not any(f'"{who}"' in text or f"/{who}" in text for who in (*world.HOUSEHOLDS, "D"))
        assert result == export(entries, known, set(LOTS), Names(), JAPAN)
        given = sum(e.units for e in entries if e.kind is Kind.DELIVER)
        assert given == sum(
            element["quantity"]
            for event in result.document["epcisBody"]["eventList"]
            if event["bizStep"] == "dispensing"
            for element in event["quantityList"]
        )


TestExportedLife = ExportedLife.TestCase
TestExportedLife.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
