"""What is wrong, and why something cannot be, in the language of whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from logistics.model.errors import Finding, OsusowakeError, Refusal
from logistics.words import catalogue, say


def refusal_text(language: str, error: OsusowakeError) -> str:
    """What an error says: in Japanese where its code has a phrase, else as it was raised."""
    if language == "en" or not isinstance(error, Refusal) or not error.code:
        return str(error)
    return say(language, f"refused_{error.code}", **error.values)


def match_findings(language: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What is wrong with a match; in Japanese by its code, with the offer and the need that it names."""
    if language == "en":
        return tuple(findings)
    phrases = catalogue(language)
    return tuple(
        replace(each, message=say(language, each.code, offer=each.ids[0], need=each.ids[1]))
        if each.code in phrases
        else each
        for each in findings
    )


def finding_line(language: str, finding: Finding) -> str:
    """One line for people: place, message, value found, fix. The message is in a language already."""
    if language == "en":
        return finding.text()
    place = [finding.file] if finding.file else []
    if finding.row is not None:
        place.append(say(language, "finding_row", row=finding.row))
    if finding.column:
        place.append(say(language, "finding_column", column=finding.column))
    parts = [f"{' '.join(place)}: {finding.message}" if place else finding.message]
    if finding.value:
        parts.append(say(language, "finding_value", value=repr(finding.value)))
    if finding.fix:
        parts.append(finding.fix)
    severity = say(language, f"finding_{finding.severity}")
    return f"{severity}: [{finding.code}] " + "; ".join(parts)
