"""The report of an intake: findings with texts from one catalogue, in English or Japanese."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from logistics.model.errors import Finding, Severity

Language = Literal["en", "ja"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of finding: its severity and, by language, message and fix."""

    severity: Severity
    texts: dict[str, tuple[str, str]]


@cache
def catalogue(name: str = "findings") -> dict[str, Entry]:
    """Every kind of finding by code, from `data/findings.toml` or another catalogue of that folder."""
    text = files("logistics.intake").joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return {
        code: Entry(
            Severity(entry.get("severity", Severity.ERROR)),
            {language: (entry[language][0], entry[language][1]) for language in ("en", "ja")},
        )
        for code, entry in tomllib.loads(text).items()
    }


class Report:
    """Collects findings in one language; the code decides severity and text."""

    def __init__(self, language: Language = "en", texts: str = "findings") -> None:
        self.language = language
        self.texts = texts
        self.findings: list[Finding] = []
        self._missing: set[tuple[str, str]] = set()

    def add(
        self,
        code: str,
        file: str = "",
        row: int | None = None,
        column: str = "",
        value: str = "",
        **words: object,
    ) -> None:
        """Add one finding; `words` fill the braces of its text, `column` is always among them."""
        entry = catalogue(self.texts)[code]
        message, fix = entry.texts[self.language]
        words["column"] = column
        self.findings.append(
            Finding(
                code=code,
                message=message.format(**words),
                fix=fix.format(**words),
                file=file,
                row=row,
                column=column,
                value=value if len(value) <= 200 else value[:199] + "…",
                severity=entry.severity,
            )
        )

    def missing_column(self, file: str, column: str) -> None:
        """Add a missing column once, however many rows would need it."""
        if (file, column) not in self._missing:
            self._missing.add((file, column))
            self.add("missing_column", file, 1, column)

    @property
    def has_errors(self) -> bool:
        """Whether any finding stops the week."""
        return any(finding.is_error for finding in self.findings)

    def in_order(self) -> list[Finding]:
        """The findings by file, row and column."""
        return sorted(self.findings, key=lambda f: (f.file, f.row or 0, f.column, f.code))
