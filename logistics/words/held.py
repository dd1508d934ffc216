"""What holds a level, as a person would name it: a fridge, a session, the cars, a kind of food.

Places, sessions and cars come first, the limits of single households once each, food last; many lots are
told by their number and food groups.
"""

from __future__ import annotations

from logistics.model.plan import Cap, Level
from logistics.model.problem import WeekProblem
from logistics.model.units import date_of
from logistics.words import catalogue, day_text, listing, say
from logistics.words.reasons import lots_in_words

GROUP_SHARE = "group_share_"
OWN = ("held_cooked_per_day", "held_sessions_max", "held_nothing_fits", "held_whole_packs")
"""Limits of single households that have words of their own."""


def held_in_words(language: str, level: Level, problem: WeekProblem) -> list[str]:
    """Everything that holds a level, what a person can act on first; that it is the wish if nothing."""
    held = level.held_by
    shared = [cap for cap in held.caps if cap.id not in problem.households]
    own = [cap for cap in held.caps if cap.id in problem.households]
    said = [_place(language, cap, problem) for cap in shared]
    for session_id in held.session_ids:
        site = problem.sites[problem.sessions[session_id].site_id]
        said.append(say(language, "held_session", session=session_id, site=site.name))
    if held.vehicle_ids:
        vehicles = listing(language, list(held.vehicle_ids))
        said.append(say(language, "held_vehicles", vehicles=vehicles))
    said += [_own(language, cap) for cap in own]
    if held.lot_ids:
        lots = lots_in_words(language, held.lot_ids, problem)
        said.append(say(language, "held_lots", lots=lots))
    return list(dict.fromkeys(said)) or [say(language, "sum_wish")]


def _place(language: str, cap: Cap, problem: WeekProblem) -> str:
    """A capacity that many share: of which place, of what, when."""
    key = f"held_{cap.kind}" if f"held_{cap.kind}" in catalogue(language) else "held_other"
    site = problem.sites.get(cap.id)
    session = problem.sessions.get(cap.id)
    if site is None and session is not None:
        site = problem.sites[session.site_id]
    what = say(
        language,
        key,
        site=site.name if site is not None else cap.id,
        id=cap.id,
        kind=cap.kind,
        storage=say(language, f"storage_{cap.storage}") if cap.storage else "",
    )
    if cap.day is None:
        return what
    day = day_text(language, date_of(problem.week_start, cap.day))
    return say(language, "held_on", what=what, day=day)


def _own(language: str, cap: Cap) -> str:
    """A limit of one household, told without its name."""
    if cap.kind.startswith(GROUP_SHARE):
        group = say(language, f"group_{cap.kind.removeprefix(GROUP_SHARE)}")
        return say(language, "held_group_share", group=group)
    key = f"held_{cap.kind}"
    return say(language, key if key in OWN else "sum_own")
