"""`/api/v1`: every route, every error that its description names, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from logistics import store
from logistics.intake import read_week
from logistics.model.errors import Finding
from logistics.model.plan_json import plan_to_json
from service.problems import PROBLEM_JSON
from service.sheets import read_sheets
from tests.service.test_book_commands import FILES
from tests.service.web import Client, client_of, good_shown, paper_in

API = "/api/v1"
LONG = "x" * 201


@pytest.fixture
def book(tmp_path: Path) -> str:
    """The URL of a book with 10 units of rice at the hub."""
    week = paper_in(tmp_path / "week")
    for name, text in FILES.items():
        (week / name).write_text(text, encoding="utf-8")
    problem, _ = read_week(week)
    assert problem is not None
    url = f"sqlite:///{tmp_path / 'book.db'}"
    engine = store.init_book(url)
    store.import_week(engine, problem)
    engine.dispose()
    return url


@pytest.fixture
def client() -> Client:
    return client_of(good_shown())


def test_the_week(client: Client) -> None:
    week = client.get(f"{API}/week").json()
    assert week["week_start"] == "2026-04-06"
    assert [household["id"] for household in week["households"]] == list("ABCDEF")
    session = next(entry for entry in week["sessions"] if entry["id"] == "V1")
    assert (session["date"], session["open"], session["close"]) == ("2026-04-07", "15:00", "17:00")
    rice = next(lot for lot in week["lots"] if lot["id"] == "RICE")
    assert (rice["units"], rice["hold_units"], rice["unit_meals"]) == (20, 2, 1)


def test_the_plan_is_plan_json_with_the_crew_as_a_number(client: Client) -> None:
    shown = good_shown()
    told = client.get(f"{API}/plan").json()
    kept = plan_to_json(shown.plan, shown.problem.week_start)
    crews = [len(route.pop("volunteer_ids")) for route in kept["routes"]]
    assert [route.pop("crew") for route in told["routes"]] == crews
    assert told == kept


def test_one_household(client: Client) -> None:
    told = client.get(f"{API}/households/C").json()
    assert told["meals_short"] == 1
    assert [line["lot_id"] for line in told["lines"]] == ["BISCUIT", "CRACKER"]
    assert [reason["code"] for reason in told["reasons"]] == ["lots_exhausted", "group_share"]
    # E wants nothing and never did: it is known, but left out of the levels
    assert client.get(f"{API}/households/E").json()["fill"] is None


def test_the_judges_word(client: Client) -> None:
    none = {"levels": 4, "certified": 0, "exact": 0, "full": 0}
    told = {"accepted": True, "findings": [], "certificates": none}
    assert client.get(f"{API}/verify").json() == told
    doubted = client_of(good_shown(verdict=(Finding("stock_short", "rice: 2 missing"),)))
    told = doubted.get(f"{API}/verify").json()
    assert told["accepted"] is False
    assert [finding["code"] for finding in told["findings"]] == ["stock_short"]


def test_stock_and_trace(book: str) -> None:
    client = client_of(good_shown(db=book))
    (row,) = client.get(f"{API}/stock").json()["stock"]
    assert (row["lot_id"], row["on_hand"], row["reserved"], row["free"]) == ("RICE", 10, 0, 10)
    assert row["place"] == {"kind": "site", "id": "HUB"}
    assert client.get(f"{API}/stock?site=HUB").json()["stock"] == [row]
    trace = client.get(f"{API}/trace/RICE").json()
    assert [step["kind"] for step in trace["forward"]] == ["receive"]
    assert trace["back"][0]["account"] == {"kind": "site", "id": "HUB"}
    assert trace["back"][0]["units"] == 10
    assert trace["reserved_units"] == 0


def test_sheets_are_listed(tmp_path: Path) -> None:
    folder = paper_in(tmp_path, "map-week.png", "pick-HUB-2026-04-07.ja.pdf", "plan.json")
    client = client_of(good_shown(sheets=read_sheets(folder, planned_at_s=0)))
    assert [sheet["url"] for sheet in client.get(f"{API}/sheets").json()["sheets"]] == [
        "/sheets/map-week.png",
        "/sheets/pick-HUB-2026-04-07.ja.pdf",
    ]


def test_every_documented_answer_happens_and_no_other(book: str, tmp_path: Path) -> None:
    """Each route is asked in every way that goes wrong; what came back is what is described."""
    with_book = client_of(good_shown(db=book))
    no_book = client_of(good_shown())
    lost_book = client_of(good_shown(db=f"sqlite:///{tmp_path / 'gone.db'}"))
    asked = {
        "/week": [(with_book, "/week")],
        "/plan": [(with_book, "/plan")],
        "/verify": [(with_book, "/verify")],
        "/sheets": [(with_book, "/sheets")],
        "/households/{household_id}": [
            (with_book, "/households/A"),
            (with_book, "/households/nobody"),
            (with_book, f"/households/{LONG}"),
        ],
        "/stock": [
            (with_book, "/stock"),
            (with_book, "/stock?site=nowhere"),
            (with_book, "/stock?site="),
            (no_book, "/stock"),
            (lost_book, "/stock"),
        ],
        "/trace/{lot_id}": [
            (with_book, "/trace/RICE"),
            (with_book, "/trace/nothing"),
            (with_book, f"/trace/{LONG}"),
            (no_book, "/trace/RICE"),
            (lost_book, "/trace/RICE"),
        ],
    }
    described = with_book.get(f"{API}/openapi.json").json()["paths"]
    assert set(described) == {API + path for path in asked}
    for path, requests in asked.items():
        answers = [client.get(API + address) for client, address in requests]
        answers.append(with_book.get(API + requests[0][1], {"host": "evil.example"}))
        documented = described[API + path]["get"]["responses"]
        assert {str(answer.status_code) for answer in answers} == set(documented), path
        for answer in answers:
            content = documented[str(answer.status_code)]["content"]
            assert answer.headers["content-type"] in content, (path, answer.status_code)
            if answer.is_error:
                assert answer.headers["content-type"] == PROBLEM_JSON
                assert answer.json()["status"] == answer.status_code


def test_the_description_is_whole(client: Client) -> None:
    """OpenAPI 3.1; every reference resolves, every object says what it may hold."""
    described = client.get(f"{API}/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    schemas = described["components"]["schemas"]
    assert {"Problem", "PlanAnswer", "WeekAnswer", "StockAnswer", "TraceAnswer"} <= set(schemas)
    references = set(_references(described))
    assert references == {f"#/components/schemas/{name}" for name in schemas}
    for name, schema in schemas.items():
        if name.endswith("Answer"):
            assert schema["additionalProperties"] is False, name
            assert schema["description"], name
    for methods in described["paths"].values():
        assert list(methods) == ["get"]
        assert methods["get"]["description"]


def _references(node: object) -> Iterator[str]:
    """Every `$ref` in a JSON document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_nothing_about_people_but_their_reference(client: Client) -> None:
    """The week holds homes, members, diets and allergies; none of them is told."""
    told = client.get(f"{API}/week").text + client.get(f"{API}/households/D").text
    for word in ('"lat"', '"lon"', '"members"', '"diet"', '"avoid"', '"kitchen"', "volunteer_ids"):
        assert word not in told
    household = client.get(f"{API}/week").json()["households"][0]
    assert set(household) == {"id", "meals_wanted", "channel", "session_ids"}
