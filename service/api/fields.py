"""What the answers share: the base of all models, exact numbers, findings."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from logistics.model.errors import Finding, Severity

EXACT = r"^-?\d+(/\d+)?$"

Exact = Annotated[
    int | Annotated[str, Field(pattern=EXACT)],
    Field(description="An exact number: an integer, or a fraction as text such as `3/4`"),
]
ExactText = Annotated[
    str, Field(pattern=EXACT, description="An exact number as text: `1` or `3/4`")
]


class Answer(BaseModel):
    """Base of every answer: unchangeable, and nothing in it that is not described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FindingAnswer(Answer):
    """One thing wrong with data or plan."""

    code: str
    severity: Severity
    file: str
    row: int | None = Field(description="Row as a spreadsheet counts; null for the whole file")
    column: str
    value: str
    message: str
    fix: str
    ids: list[str]


def finding_answer(finding: Finding) -> FindingAnswer:
    """A finding as an answer."""
    return FindingAnswer.model_validate(finding.as_dict())
