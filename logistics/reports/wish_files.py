"""`wishes.json` beside a plan, and what goes out to donors: letters and a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from logistics.model.problem import WeekProblem
from logistics.words.wishes import AUDIENCES, letter, table

WISHES_FORMAT = "osusowake.wishes/1"
WISHES_FILE = "wishes.json"

Plain = Mapping[str, Any]
"""A wish as plain values (`Wish.plain`)."""


def write_wishes(problem: WeekProblem, wishes: Sequence[Plain], out: Path) -> Path:
    """Write the wish list for those who coordinate; it holds numbers of households."""
    path = out / WISHES_FILE
    content = {
        "format": WISHES_FORMAT,
        "problem_digest": problem.digest,
        "wishes": list(wishes),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def read_wishes(folder: Path, problem: WeekProblem) -> tuple[Plain, ...]:
    """The wish list in a folder; none if there is no such file or it is of other data."""
    path = folder / WISHES_FILE
    if not path.is_file():
        return ()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        same = content["format"] == WISHES_FORMAT and content["problem_digest"] == problem.digest
        return tuple(content["wishes"]) if same else ()
    except (ValueError, KeyError, TypeError):
        return ()


def write_letters(problem: WeekProblem, wishes: Sequence[Plain], out: Path) -> list[Path]:
    """Letters to companies and farms in both languages, and a table: fit to leave the house."""
    out.mkdir(parents=True, exist_ok=True)
    texts = {f"wishes.{lang}.csv": "\ufeff" + table(lang, wishes, problem) for lang in ("ja", "en")}
    for audience in AUDIENCES:
        for lang in ("ja", "en"):
            texts[f"letter-{audience}.{lang}.txt"] = letter(lang, audience, wishes, problem)
    paths = []
    for name, text in texts.items():
        if text:
            paths.append(out / name)
            paths[-1].write_text(text, encoding="utf-8")
    return paths
