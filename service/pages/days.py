"""The week day by day: sessions with what they hand out, and visits at home."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from logistics.model.people import Visit
from logistics.model.places import Session
from logistics.model.plan import StopKind
from logistics.model.units import clock
from service.pages.words import PageWords, kilos, meals_text
from service.shown import Shown


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session: its place, and how many come for how much."""

    title: str
    line: str
    places: str
    households: str


@dataclass(frozen=True, slots=True)
class DayCard:
    """One day with its sessions and visits."""

    title: str
    sessions: tuple[SessionCard, ...]
    visits: tuple[str, ...]
    visits_line: str


def day_cards(shown: Shown, words: PageWords) -> tuple[DayCard, ...]:
    """The days on which something is handed out, in order."""
    planned = {
        stop.id: stop.start_s
        for route in shown.plan.routes
        for trip in route.trips
        for stop in trip.stops
        if stop.kind is StopKind.HOUSEHOLD
    }
    sessions = sorted(shown.problem.sessions.values(), key=lambda s: (s.open_s, s.id))
    homes = shown.problem.households.values()
    found = [(home.id, home.visit_at(planned.get(home.id, -1))) for home in homes]
    visits = [(name, visit) for name, visit in found if visit is not None]
    days = sorted({session.day for session in sessions} | {visit.day for _, visit in visits})
    return tuple(
        _day(shown, words, day, sessions, [v for v in visits if v[1].day == day], planned)
        for day in days
    )


def _day(
    shown: Shown,
    words: PageWords,
    day: int,
    sessions: list[Session],
    visits: list[tuple[str, Visit]],
    planned: dict[str, int],
) -> DayCard:
    visits.sort(key=lambda entry: (planned.get(entry[0], entry[1].open_s), entry[0]))
    return DayCard(
        title=words.day(day),
        sessions=tuple(_session(shown, words, s) for s in sessions if s.day == day),
        visits=tuple(_visit(words, name, visit, planned.get(name)) for name, visit in visits),
        visits_line=words.say("visits_line", n=len(visits)),
    )


def _session(shown: Shown, words: PageWords, session: Session) -> SessionCard:
    lots = shown.problem.lots
    lines = [line for line in shown.plan.allocation.lines if line.session_id == session.id]
    households = sorted({line.household_id for line in lines})
    meals = sum((lots[line.lot_id].unit_meals * line.units for line in lines), start=Fraction(0))
    most = session.households_max
    return SessionCard(
        title=words.say(
            "session_at", id=session.id, site=shown.problem.sites[session.site_id].name
        ),
        line=words.say(
            "session_line",
            open=clock(session.open_s),
            close=clock(session.close_s),
            n=len(households),
            meals=meals_text(meals),
            kg=kilos(sum(lots[line.lot_id].unit_g * line.units for line in lines)),
        ),
        places="" if most is None else words.say("session_full", n=len(households), most=most),
        households=" ".join(households) or words.say("session_nobody"),
    )


def _visit(words: PageWords, household_id: str, visit: Visit, start_s: int | None) -> str:
    """A visit with its promised window and, if it is driven, its planned start."""
    window = {"open": clock(visit.open_s), "close": clock(visit.close_s)}
    if start_s is None:
        return words.say("visit_unplanned", household=household_id, **window)
    return words.say("visit_item", household=household_id, start=clock(start_s), **window)
