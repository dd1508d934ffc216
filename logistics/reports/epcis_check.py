"""Checks of an EPCIS 2.0 document: our own, always, and GS1's JSON schema, where its library is there.

GS1's schema takes any text for a business step or a disposition, because anybody may bring words of his
own as URIs. We use none but those of CBV 2.0, so a word that is not in the table is a slip.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from logistics.model.errors import Finding, OsusowakeError

Json = Mapping[str, Any]

SCHEMA = Path(__file__).parent / "gs1" / "EPCIS-JSON-Schema.json"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
URI = re.compile(r"[a-z][a-z0-9+.\-]*:([A-Za-z0-9\-._~:/?#@!$&'()*+,;=\[\]]|%[0-9A-Fa-f]{2})+")
FIELDS = {"bizStep": "biz_steps", "disposition": "dispositions", "action": "actions"}


class NoValidator(OsusowakeError):
    """The library that reads JSON schemas is not installed."""


@cache
def vocabulary() -> Mapping[str, frozenset[str]]:
    """The values of CBV 2.0 by the name of their list."""
    text = (resources.files("logistics.reports") / "cbv.toml").read_text("utf-8")
    return {name: frozenset(values) for name, values in tomllib.loads(text).items()}


def vocabulary_findings(document: Json) -> list[Finding]:
    """What our own check finds: words that are not CBV's, and what no schema can see.

    An event's identifier is used once, and once more by each declaration of an error; what a declaration
    names as its correction is in the document, and an event that did not occur has none; every prefix is
    declared in the context.
    """
    events = document.get("epcisBody", {}).get("eventList", [])
    findings = [finding for event in events for finding in _event_findings(event)]
    findings += _identity_findings(events)
    prefixes = _prefixes(document)
    if CONTEXT not in document.get("@context", []):
        findings.append(_finding("context", "", "@context", "GS1's context is missing", CONTEXT))
    for event in events:
        for key in event:
            if ":" in key and key.partition(":")[0] not in prefixes:
                findings.append(_finding("prefix", _id(event), key, "prefix is not declared", ""))
    return findings


def schema_findings(document: Json) -> list[Finding]:
    """What GS1's JSON schema refuses.

    Raises:
        NoValidator: if the Python package `jsonschema` is not installed.
    """
    try:
        from jsonschema import Draft7Validator, FormatChecker
    except ImportError as error:
        raise NoValidator(
            "GS1's schema is checked with the Python package jsonschema, which is not installed: "
            "python -m pip install jsonschema"
        ) from error
    formats = FormatChecker(formats=())
    formats.checks("uri")(_is_uri)
    formats.checks("date-time")(_is_moment)
    validator = Draft7Validator(_schema(), format_checker=formats)
    return [
        _finding("schema", "", "/".join(map(str, error.absolute_path)), error.message[:300], "")
        for error in sorted(validator.iter_errors(document), key=lambda e: list(map(str, e.path)))
    ]


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return schema


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or URI.fullmatch(value) is not None


def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _event_findings(event: Json) -> Iterator[Finding]:
    for name, value, kind in _words(event):
        if value not in vocabulary()[kind]:
            yield _finding(
                "not_in_cbv", _id(event), name, f"{value!r} is no value of CBV 2.0", str(value)
            )
    error = event.get("errorDeclaration", {})
    if error.get("reason") == "did_not_occur" and error.get("correctiveEventIDs"):
        yield _finding(
            "corrected_nothing", _id(event), "reason", "what did not occur has no correction", ""
        )
    for name in ("quantityList", "inputQuantityList", "outputQuantityList"):
        for element in event.get(name, ()):
            if element.get("quantity", 0) < 0:
                yield _finding(
                    "negative", _id(event), name, "a quantity is below zero", element["quantity"]
                )


def _words(event: Json) -> Iterator[tuple[str, object, str]]:
    """Each word of the vocabulary in an event: field, value, list that it must be in."""
    for name, kind in FIELDS.items():
        if name in event:
            yield name, event[name], kind
    for change in event.get("persistentDisposition", {}).values():
        for value in change:
            yield "persistentDisposition", value, "dispositions"
    for name in ("sourceList", "destinationList"):
        for element in event.get(name, ()):
            yield name, element.get("type"), "source_destination_types"
    reason = event.get("errorDeclaration", {}).get("reason")
    if reason is not None:
        yield "reason", reason, "error_reasons"


def _identity_findings(events: list[Json]) -> Iterator[Finding]:
    told: set[tuple[str, bool]] = set()
    known = {_id(event) for event in events}
    for event in events:
        mark = (_id(event), "errorDeclaration" in event)
        if not mark[0] or mark in told:
            yield _finding("event_id", mark[0], "eventID", "is missing or used twice", mark[0])
        told.add(mark)
        for later in event.get("errorDeclaration", {}).get("correctiveEventIDs", ()):
            if later not in known:
                yield _finding(
                    "no_correction", mark[0], "correctiveEventIDs", "no such event here", later
                )


def _prefixes(document: Json) -> frozenset[str]:
    parts = document.get("@context", [])
    return frozenset(name for part in parts if isinstance(part, dict) for name in part)


def _id(event: Json) -> str:
    return str(event.get("eventID", ""))


def _finding(code: str, event: str, column: str, message: str, value: object) -> Finding:
    where = f"Event {event}: " if event else ""
    return Finding(
        f"epcis_{code}",
        f"{where}{column}: {message}",
        column=column,
        value=str(value),
        ids=(event,) if event else (),
    )
