"""What paper reads besides the week: contacts and the boundary, and plans of another week."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from logistics.model.plan import Line
from logistics.reports import BoundaryUnreadable, ContactsUnreadable, PlanForeign
from logistics.reports.boundary import read_boundary
from logistics.reports.contacts import Contact, read_contacts
from logistics.reports.itinerary import require_known
from tests.reports.sample import FOLDER, sample_plan, sample_problem


def test_a_week_without_contacts_has_none(tmp_path: Path) -> None:
    assert read_contacts(tmp_path) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_contacts_are_read_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    text = "id,name,phone,note\nH09,山田, 090-1 ,裏口\n"
    (tmp_path / "contacts.csv").write_bytes(text.encode(encoding))
    assert read_contacts(tmp_path) == {"H09": Contact("山田", "090-1", "", "裏口")}


def test_contacts_may_have_japanese_headings_and_blank_rows(tmp_path: Path) -> None:
    text = "ID,名前,電話,住所,備考\nH09 ,山田,090-1,津之江町,裏口\n,,,,\n"
    (tmp_path / "contacts.csv").write_text(text, encoding="utf-8")
    assert read_contacts(tmp_path) == {"H09": Contact("山田", "090-1", "津之江町", "裏口")}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"id,name\n,a\n", "row 2: whose row this is must stand under 'id'"),
        (b"name,phone\nx,1\n", "expected a column 'id', found name, phone"),
        (b"id,name\nH1,a\nH1,b\n", "row 3: H1 is there twice"),
        (b"id,name\nH1,\x81 \n", "neither UTF-8 nor cp932"),
        (b"", "found nothing"),
    ],
)
def test_contacts_that_cannot_be_trusted_are_refused(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "contacts.csv").write_bytes(data)
    with pytest.raises(ContactsUnreadable, match=why):
        read_contacts(tmp_path)


def test_the_boundary_knows_whom_to_credit(tmp_path: Path) -> None:
    boundary = read_boundary(FOLDER / "boundary.geojson")
    assert boundary is not None
    assert boundary.is_n03
    assert [len(ring) for ring in boundary.rings] == [44]  # 43 corners, the first again at the end
    square = [[[135.0, 34.0], [135.1, 34.0], [135.1, 34.1], [135.0, 34.0]]]
    two = {"type": "MultiPolygon", "coordinates": [square, square], "credit": "Land Registry"}
    (tmp_path / "two.geojson").write_text(json.dumps(two))
    other = read_boundary(tmp_path / "two.geojson")
    assert other is not None
    assert (len(other.rings), other.credit, other.is_n03) == (2, "Land Registry", False)
    assert other.rings[0][1] == (34.0, 135.1)
    assert read_boundary(tmp_path / "none.geojson") is None


@pytest.mark.parametrize(
    "text", ["no json", "[]", "{}", '{"type":"Point","coordinates":[1,2]}', '{"type":"Polygon"}']
)
def test_a_boundary_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "boundary.geojson").write_text(text)
    with pytest.raises(BoundaryUnreadable, match=r"boundary\.geojson"):
        read_boundary(tmp_path / "boundary.geojson")


def test_a_plan_of_another_week_is_refused_by_name() -> None:
    problem, plan = sample_problem(), sample_plan()
    require_known(problem, plan)
    foreign = (*plan.allocation.lines, Line("H99", "L01", "SE9", 2, 1))
    broken = replace(plan, allocation=replace(plan.allocation, lines=foreign))
    with pytest.raises(PlanForeign, match="2 things this week lacks: H99, SE9"):
        require_known(problem, broken)


def test_a_trip_without_ends_is_refused_in_words() -> None:
    plan = sample_plan()
    route = plan.routes[0]
    headless = replace(route, trips=(replace(route.trips[0], stops=()),))
    with pytest.raises(PlanForeign, match="a trip of V1 lists no start and end stop"):
        require_known(sample_problem(), replace(plan, routes=(headless,)))
