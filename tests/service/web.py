"""The service in a test: a week without a solver, and a client that speaks to it without a network.

The week is the judge's good week (tests/judge/good_week.py): A and B get all they want, C is short
of one meal by the share of one food group, D is visited, E wants nothing, F had 2 of 4 last week.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import httpx
from fastapi import FastAPI

from logistics.judge import verify
from logistics.model.plan import Reason, Unmet
from service.app import create_app
from service.shown import Shown
from tests.judge.good_week import good_week

HERE = "http://127.0.0.1:8000"

PLANNED_IN_ENGLISH = (
    Reason(
        "lots_exhausted",
        {
            "household": "C",
            "items": ["CRACKER"],
            "meals": "1",
            "kinds": [],
            "codes": [],
            "fix": {
                "code": "fix_more",
                "meals": "1",
                "kinds": ["kind_without", "kind_kitchen_none"],
                "codes": ["wheat", "milk"],
                "when": "when_session",
                "session": "V2",
                "date": "2026-04-09",
            },
        },
        "All 1 meals of food that can reach C are given out (crackers (CRACKER)).",
        "1 more meals of food (declared free of wheat, milk, ready to eat) for session V2 on "
        "Thu 9 Apr should fill the gap (not checked).",
    ),
    Reason(
        "group_share",
        {
            "household": "C",
            "groups": ["other"],
            "meals": "2",
            "fix": {"code": "fix_share", "groups": ["other"]},
        },
        "C already gets as much other food as the share for one food group allows; "
        "2 meals of it are left.",
        "A donation of another food group than other food could help (not checked).",
    ),
)


def good_shown(**change: object) -> Shown:
    """The good week as it is shown, its reasons as a plan made in English has them."""
    week = good_week()
    allocation = replace(week.plan.allocation, unmet=(Unmet("C", Fraction(1), PLANNED_IN_ENGLISH),))
    plan = replace(week.plan, allocation=allocation)
    shown = Shown(week.problem, plan, verdict=tuple(verify(week.problem, week.travel, plan)))
    return replace(shown, **change)  # type: ignore[arg-type]


class Client:
    """Asks an application as a browser on this machine would."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """One GET."""
        return self.ask("GET", path, headers)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """One request of any kind; a failure of the application comes back as an answer."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
                return await client.request(method, path, headers=headers)

        return asyncio.run(send())


def client_of(shown: Shown) -> Client:
    """A client of a week."""
    return Client(create_app(shown))


def paper_in(folder: Path, *names: str) -> Path:
    """A folder with files of these names, each saying its own name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
    return folder
