"""The answer to an offer in words: for the coordinator, and as a letter to the donor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from logistics.model.problem import WeekProblem
from logistics.words import catalogue, day_text, say

Answer = Mapping[str, Any]
"""A judgement as plain values (`Judgement.plain` of `logistics.solver.allocation.advice.triage`)."""

GROUP_SHARE = "group_share_"


def answer_line(language: str, answer: Answer, problem: WeekProblem) -> str:
    """One lot: what, whose, the answer, why not more, and whether the rest can be passed on."""
    return say(
        language,
        "answer_line",
        lot=answer["lot"],
        item=answer["item"],
        org=giver(answer, problem),
        answer=decision(language, answer),
        why=why(language, answer, problem) if answer["rest"] else "",
        next=next_step(language, answer) if answer["rest"] else "",
    )


def decision(language: str, answer: Answer) -> str:
    """Accept all, a part, decline or pass on; of stock: use it or not."""
    kind = "answer_" if answer["offer"] else "answer_stock_"
    return say(
        language, f"{kind}{answer['answer']}", accepted=answer["accepted"], rest=answer["rest"]
    )


def why(language: str, answer: Answer, problem: WeekProblem) -> str:
    """Why the rest is given to nobody."""
    code = answer["reason"]
    key = "why_group_share" if code.startswith(GROUP_SHARE) else f"why_{code}"
    others = ""
    if answer["others"]:
        found = f"reason_{answer['others']}"
        reason = say(language, found if found in catalogue(language) else "reason_other")
        others = say(language, "why_others", reason=reason)
    place = problem.sites.get(answer["place"])
    return say(
        language,
        key if key in catalogue(language) else "why_other",
        n=answer["households"],
        others=others,
        code=code,
        storage=say(language, f"storage_{answer['storage']}"),
        place=place.name if place is not None else answer["place"],
    )


def next_step(language: str, answer: Answer) -> str:
    """Whether another network could still use the rest, and until when."""
    if not answer["pass_on"]:
        return say(language, "answer_soon")
    if not answer["until"]:
        return say(language, "answer_always")
    until = day_text(language, date.fromisoformat(answer["until"]))
    return say(language, "answer_until", until=until)


def giver(answer: Answer, problem: WeekProblem) -> str:
    """Who gives it."""
    organisation = problem.organisations.get(answer["org"])
    return organisation.name if organisation is not None else answer["org"]


def reply(language: str, answers: Sequence[Answer], problem: WeekProblem) -> str:
    """A letter to the donor of these offers: what is taken and what can be passed on, no reasons.

    Reasons count households, so they stay inside.
    """
    week = say(language, "letter_week", date=day_text(language, problem.week_start))
    lines = [
        say(
            language,
            "reply_line",
            item=answer["item"],
            lot=answer["lot"],
            answer=say(
                language,
                f"reply_{answer['answer']}",
                accepted=answer["accepted"],
                rest=answer["rest"],
            ),
            next=next_step(language, answer) if answer["rest"] and answer["pass_on"] else "",
        )
        for answer in answers
    ]
    hub = next(iter(problem.vehicles.values()), None)
    site = problem.sites[hub.home_site_id] if hub else next(iter(problem.sites.values()))
    organisation = problem.organisations.get(site.org_id)
    parts = [
        say(language, "answers_dear", org=giver(answers[0], problem)),
        say(language, "answers_open", week=week),
        "\n".join(lines),
        say(language, "answers_close", sender=organisation.name if organisation else site.name),
    ]
    return "\n\n".join(parts) + "\n"
