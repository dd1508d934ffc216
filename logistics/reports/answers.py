"""Files of the judgement of each offer: a table for those who coordinate, a reply to each donor."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from logistics.model.problem import WeekProblem
from logistics.words.triage import Answer, reply

COLUMNS = (
    "lot",
    "item",
    "org",
    "site",
    "offer",
    "answer",
    "accepted",
    "rest",
    "reason",
    "pass_on",
    "until",
)


def write_answers(problem: WeekProblem, answers: Sequence[Answer], out: Path) -> list[Path]:
    """`triage.csv` with the codes of the reasons, and a reply to each donor in both languages."""
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / "triage.csv"]
    with paths[0].open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([answer[column] for column in COLUMNS] for answer in answers)
    offers: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer["offer"]:
            offers.setdefault(answer["org"], []).append(answer)
    for org_id, own in sorted(offers.items()):
        for lang in ("ja", "en"):
            paths.append(out / f"reply-{quote(org_id, safe='')}.{lang}.txt")
            paths[-1].write_text(reply(lang, own, problem), encoding="utf-8")
    return paths
