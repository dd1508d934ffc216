"""The table of households: who gets what, where they stood and stand, and why not more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from logistics.model.people import Household
from logistics.model.plan import Fill, Line, Unmet
from logistics.model.units import clock
from service.pages.reasons import Said, said_in
from service.pages.words import PageWords, meals_text, percent
from service.shown import Shown


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a household stood and stands, as shares of a bar 100 wide; `before` `None` if new."""

    before: float | None
    after: float


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One household on the page."""

    id: str
    where: str
    meals: str
    short: str
    level: str
    weight: str
    bar: Bar | None
    gifts: tuple[str, ...]
    reasons: tuple[Said, ...]
    is_short: bool


def household_rows(shown: Shown, words: PageWords) -> tuple[HouseholdRow, ...]:
    """Every household: those who stand lowest after this week first, those who want nothing last."""
    allocation = shown.plan.allocation
    fills = {fill.household_id: fill for fill in allocation.fill}
    unmet = {entry.household_id: entry for entry in allocation.unmet}
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in allocation.lines:
        lines[line.household_id].append(line)

    def order(household: Household) -> tuple[bool, Fraction, str]:
        fill = fills.get(household.id)
        return fill is None, fill.level if fill else Fraction(0), household.id

    return tuple(
        _row(
            words, household, fills.get(household.id), unmet.get(household.id), lines[household.id]
        )
        for household in sorted(shown.problem.households.values(), key=order)
    )


def _row(
    words: PageWords,
    household: Household,
    fill: Fill | None,
    unmet: Unmet | None,
    lines: list[Line],
) -> HouseholdRow:
    received = fill.received if fill else Fraction(0)
    reasons = unmet.reasons if unmet else ()
    return HouseholdRow(
        id=household.id,
        where=_where(words, household, {line.day for line in lines}),
        meals=words.say(
            "received_of", received=meals_text(received), wanted=household.meals_wanted
        ),
        short=words.say("short_by", n=meals_text(unmet.meals_short)) if unmet else "",
        level=_level(words, fill),
        weight=words.say("weight_note", weight=household.weight) if household.weight != 1 else "",
        bar=_bar(fill) if fill else None,
        gifts=tuple(
            words.say("load_line", item=words.problem.lots[line.lot_id].item, units=line.units)
            for line in sorted(lines, key=lambda line: line.lot_id)
        ),
        reasons=said_in(words.language, reasons, words.problem),
        is_short=unmet is not None,
    )


def _where(words: PageWords, household: Household, days: set[int]) -> str:
    """The household's acceptable sessions, or the window of its visit, on a day of its lines."""
    if household.visit is not None:
        at = [visit for visit in household.visits if visit.day in days]
        visit = at[0] if at else household.visit
        return words.say(
            "visit_window",
            day=words.day(visit.day),
            open=clock(visit.open_s),
            close=clock(visit.close_s),
        )
    sessions = [words.problem.sessions[session_id] for session_id in household.session_ids]
    places = [
        words.say("at_session", session=s.id, site=words.problem.sites[s.site_id].name)
        for s in sessions
    ]
    return words.listing(places, most=2)


def level_before(fill: Fill) -> Fraction | None:
    """The level before this week: past received / past wanted / weight; `None` without a past."""
    return fill.past_received / fill.past_wanted / fill.weight if fill.past_wanted else None


def _level(words: PageWords, fill: Fill | None) -> str:
    if fill is None:
        return words.say("level_left_out")
    before, after = level_before(fill), percent(fill.level)
    if before is None:
        return words.say("level_new", after=after)
    return words.say("level_from_to", before=percent(before), after=after)


def _bar(fill: Fill) -> Bar:
    before = level_before(fill)
    return Bar(None if before is None else _width(before), _width(fill.level))


def _width(level: Fraction) -> float:
    """A level on a bar from 0 to 100; more than all is drawn as all."""
    return round(100 * float(min(level, Fraction(1))), 1)
