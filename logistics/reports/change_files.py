"""Changes in words: `changes.txt` for people, `changes.csv` for spreadsheets, plain values for JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from logistics.model.problem import WeekProblem
from logistics.model.units import clock, date_of, meals_text
from logistics.reports.changes import Change, Changes
from logistics.words import day_text, listing, say

LOTS_SHOWN = 6
"""Lots named in one sentence; changes.csv names all."""

COLUMNS = ("phone", "who", "id", "name", "date", "code", "text", "goods")


def changes_text(changes: Changes, problem: WeekProblem, language: str = "en") -> str:
    """Counts, then whom to phone, then who only needs a new sheet."""
    counts = changes.counts
    parts = [
        say(
            language,
            "changes_head",
            kept=f"{counts.share_kept:.0%}",
            **asdict(counts),
        )
    ]
    for key, phone in (("changes_phone", True), ("changes_sheet", False)):
        told = [change for change in changes.changes if change.phone is phone]
        if told:
            lines = [say(language, key, n=len(told))]
            lines += [f"  {sentence(change, problem, language)}" for change in told]
            parts.append("\n".join(lines))
    if not changes.changes:
        parts.append(say(language, "changes_none"))
    return "\n\n".join(parts) + "\n"


def sentence(change: Change, problem: WeekProblem, language: str) -> str:
    """One change in one line: day, who, what."""
    values = change.values
    goods = values.get("goods")
    words: dict[str, Any] = dict(values)
    for name in ("old", "new", "at"):
        moment = values.get(f"{name}_s")
        words[name] = clock(moment) if isinstance(moment, int) else ""
    for name in ("old_meals", "new_meals"):
        meals = values.get(name)
        words[name] = meals_text(meals) if isinstance(meals, Fraction) else ""
    lots = [f"{lot_id} {units:+d}" for lot_id, units in goods] if isinstance(goods, tuple) else []
    words["goods"] = f" ({listing(language, lots, LOTS_SHOWN)})" if lots else ""
    sessions = values.get("sessions")
    words["place"] = ", ".join(sessions) if isinstance(sessions, list) else ""
    words["crew"] = f" ({values['people']})" if values.get("people") else ""
    return say(
        language,
        "change",
        day=day_text(language, date_of(problem.week_start, change.day)),
        who=say(language, f"change_who_{change.who}", id=change.id, name=name_of(change, problem)),
        what=say(language, f"change_{change.code}", **words),
    )


def name_of(change: Change, problem: WeekProblem) -> str:
    """The name of a site; households and vehicles go by their reference."""
    site = problem.sites.get(change.id)
    return site.name if site is not None else change.id


def write_changes(
    changes: Changes, problem: WeekProblem, out: Path, language: str = "en"
) -> list[Path]:
    """Write `changes.txt` and `changes.csv` into a folder that exists."""
    text, table = out / "changes.txt", out / "changes.csv"
    text.write_text(changes_text(changes, problem, language), encoding="utf-8")
    with table.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(_rows(changes.changes, problem, language))
    return [text, table]


def _rows(
    changes: Iterable[Change], problem: WeekProblem, language: str
) -> Iterable[tuple[object, ...]]:
    for change in changes:
        goods = change.values.get("goods")
        yield (
            "yes" if change.phone else "",
            change.who,
            change.id,
            name_of(change, problem),
            date_of(problem.week_start, change.day),
            change.code,
            sentence(change, problem, language),
            ";".join(f"{lot_id}{units:+d}" for lot_id, units in goods)
            if isinstance(goods, tuple)
            else "",
        )


def plain(changes: Changes, problem: WeekProblem, language: str) -> dict[str, object]:
    """Counts and changes as plain values for JSON."""
    return {
        "counts": {**asdict(changes.counts), "share_kept": round(changes.counts.share_kept, 4)},
        "changes": [
            {
                "phone": change.phone,
                "who": change.who,
                "id": change.id,
                "date": date_of(problem.week_start, change.day).isoformat(),
                "code": change.code,
                "text": sentence(change, problem, language),
                "values": {
                    key: str(value) if isinstance(value, Fraction) else value
                    for key, value in change.values.items()
                },
            }
            for change in changes.changes
        ],
    }
