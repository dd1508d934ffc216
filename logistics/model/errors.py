"""What can go wrong, in two kinds: bad data is returned as findings, misuse is raised."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class OsusowakeError(Exception):
    """Base of every error this product raises on purpose; its text is fit for people."""


class Refusal(OsusowakeError):
    """What somebody asks for cannot be, and why; `code` and `values` say it in another language.

    Without a code there is only the text.
    """

    def __init__(self, text: str, code: str = "", **values: object) -> None:
        super().__init__(text)
        self.code = code
        self.values = values


class InvalidFact(OsusowakeError, ValueError):
    """A noun was built from values that cannot be true."""


class PlanRefused(OsusowakeError):
    """A plan was not accepted, for example because the judge found a violation."""


class BookMoved(OsusowakeError):
    """The stock book has changed since the plan was made."""


class NotFound(Refusal, LookupError):
    """A thing that was asked for by name does not exist."""


class Severity(StrEnum):
    """An error stops the week, a warning is shown and carried on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with data or plan: where, what was expected and found, how to fix it.

    `row` counts as a spreadsheet does: the header is row 1, the first data row is row 2; `None`
    when the finding concerns the whole file or plan.
    """

    code: str
    message: str
    fix: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    severity: Severity = Severity.ERROR
    ids: tuple[str, ...] = field(default=())

    @property
    def is_error(self) -> bool:
        """Whether this finding stops the week."""
        return self.severity is Severity.ERROR

    def text(self) -> str:
        """One line for people: place, message, value found, fix."""
        place = self.file
        if self.row is not None:
            place += f" row {self.row}"
        if self.column:
            place += f" column {self.column}"
        parts = [f"{place}: {self.message}" if place else self.message]
        if self.value:
            parts.append(f"found {self.value!r}")
        if self.fix:
            parts.append(self.fix)
        return f"{self.severity}: [{self.code}] " + "; ".join(parts)

    def as_dict(self) -> dict[str, object]:
        """The finding for `--json` and the web API."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
            "fix": self.fix,
            "ids": list(self.ids),
        }


def errors_in(findings: list[Finding] | tuple[Finding, ...]) -> list[Finding]:
    """Only the findings that stop the week."""
    return [finding for finding in findings if finding.is_error]


def require(condition: bool, message: str) -> None:
    """Raise `InvalidFact` with the message unless the condition holds."""
    if not condition:
        raise InvalidFact(message)
