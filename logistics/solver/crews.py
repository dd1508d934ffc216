"""Who may make a visit, and how well they suit the household."""

from __future__ import annotations

from collections.abc import Iterable

from logistics.model.people import Household, Visit
from logistics.model.problem import WeekProblem

HOME_LANGUAGE = "ja"
"""Spoken by every crew of which no languages are known."""


def may_visit(problem: WeekProblem, volunteer_ids: tuple[str, ...], visit: Visit) -> bool:
    """Whether the people of a shift are enough for a visit, and one of them qualified.

    A shift that names nobody has one person without qualifications.
    """
    if max(1, len(volunteer_ids)) < visit.crew:
        return False
    return not visit.qualification or any(
        visit.qualification in problem.volunteers[name].qualifications
        for name in volunteer_ids
        if name in problem.volunteers
    )


def came_last(visits: Iterable[Visit], volunteer_ids: Iterable[str]) -> bool | None:
    """Whether one of these people came last time; `None` if nobody did."""
    names = {name for visit in visits for name in visit.last_visitor_ids}
    return bool(names & set(volunteer_ids)) if names else None


def speaks(problem: WeekProblem, volunteer_ids: Iterable[str], household: Household) -> bool:
    """Whether one of these people speaks the household's language."""
    known = {
        language
        for name in volunteer_ids
        if name in problem.volunteers
        for language in problem.volunteers[name].languages
    }
    return household.language in (known or {HOME_LANGUAGE})
