"""The week as an answer: what planning starts from, with the least about people.

A household is its reference, its wish and how it receives. Where it lives, its members, what it
avoids and how it eats stay in the week folder.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from logistics.model.problem import WeekProblem
from logistics.model.units import (
    Channel,
    FoodGroup,
    Label,
    Sector,
    SiteKind,
    Storage,
    clock,
    date_of,
    exact_json,
)
from service.api.fields import Answer, Exact, FindingAnswer, finding_answer
from service.shown import Shown


class OrganisationAnswer(Answer):
    """A member of the network."""

    id: str
    name: str
    sector: Sector


class SiteAnswer(Answer):
    """A place where goods are stored or handed over."""

    id: str
    org_id: str
    name: str
    kind: SiteKind
    capacity_g: dict[Storage, int]


class LotAnswer(Answer):
    """A donation of one item."""

    id: str
    site_id: str
    org_id: str
    item: str
    food_group: FoodGroup
    storage: Storage
    units: int
    hold_units: int
    unit_g: int
    unit_meals: Exact
    pack: int
    label: Label
    last_day: date | None


class SessionAnswer(Answer):
    """An opening of a satellite."""

    id: str
    site_id: str
    date: date
    open: str = Field(description="Local time, HH:MM")
    close: str = Field(description="Local time, HH:MM")
    households_max: int | None


class HouseholdAnswer(Answer):
    """A registered household by reference."""

    id: str
    meals_wanted: int
    channel: Channel
    session_ids: list[str]


class RunAnswer(Answer):
    """A planned run of hot meals."""

    id: str
    date: date
    site_id: str
    meals: int


class WeekAnswer(Answer):
    """The facts of the week that is shown."""

    name: str
    week_start: date
    timezone: str
    digest: str
    organisations: list[OrganisationAnswer]
    sites: list[SiteAnswer]
    lots: list[LotAnswer]
    sessions: list[SessionAnswer]
    households: list[HouseholdAnswer]
    vehicle_ids: list[str]
    runs: list[RunAnswer]
    warnings: list[FindingAnswer] = Field(description="What `osusowake check` warns of")


def week_answer(shown: Shown) -> WeekAnswer:
    """The week as an answer."""
    problem = shown.problem
    return WeekAnswer(
        name=problem.name,
        week_start=problem.week_start,
        timezone=problem.timezone,
        digest=problem.digest,
        organisations=[
            OrganisationAnswer(id=org.id, name=org.name, sector=org.sector)
            for org in problem.organisations.values()
        ],
        sites=[
            SiteAnswer(
                id=site.id,
                org_id=site.org_id,
                name=site.name,
                kind=site.kind,
                capacity_g=dict(site.capacity_g),
            )
            for site in problem.sites.values()
        ],
        lots=_lots(problem),
        sessions=_sessions(problem),
        households=[
            HouseholdAnswer(
                id=household.id,
                meals_wanted=household.meals_wanted,
                channel=household.channel,
                session_ids=list(household.session_ids),
            )
            for household in problem.households.values()
        ],
        vehicle_ids=list(problem.vehicles),
        runs=[
            RunAnswer(
                id=run.id,
                date=date_of(problem.week_start, run.day),
                site_id=run.site_id,
                meals=run.meals,
            )
            for run in problem.runs
        ],
        warnings=[finding_answer(finding) for finding in shown.warnings],
    )


def _lots(problem: WeekProblem) -> list[LotAnswer]:
    return [
        LotAnswer(
            id=lot.id,
            site_id=lot.site_id,
            org_id=lot.org_id,
            item=lot.item,
            food_group=lot.food_group,
            storage=lot.storage,
            units=lot.units,
            hold_units=lot.hold_units,
            unit_g=lot.unit_g,
            unit_meals=exact_json(lot.unit_meals),
            pack=lot.pack,
            label=lot.label,
            last_day=lot.last_day,
        )
        for lot in problem.lots.values()
    ]


def _sessions(problem: WeekProblem) -> list[SessionAnswer]:
    return [
        SessionAnswer(
            id=session.id,
            site_id=session.site_id,
            date=date_of(problem.week_start, session.day),
            open=clock(session.open_s),
            close=clock(session.close_s),
            households_max=session.households_max,
        )
        for session in problem.sessions.values()
    ]
