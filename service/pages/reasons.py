"""A household's reasons in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from logistics.model.plan import Reason
from logistics.model.problem import WeekProblem
from logistics.words.reasons import worded


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in words: why, and what would help."""

    text: str
    fix: str


def said_in(language: str, reasons: Sequence[Reason], problem: WeekProblem) -> tuple[Said, ...]:
    """The reasons in a language, each once; one that cannot be worded stays as the plan has it."""
    said = []
    for reason in reasons:
        text, fix = worded(language, reason.code, reason.params, problem)
        known = text != reason.code
        said.append(Said(text, fix) if known else Said(reason.text or reason.code, reason.fix))
    return tuple(dict.fromkeys(said))
