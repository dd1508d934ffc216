"""Sheets and maps: only what `osusowake sheets` makes, only from its folder, never by a path."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.sheets import parts_of, read_sheets
from tests.service.web import client_of, good_shown, paper_in

OFFERED = (
    "pick-HUB-2026-04-07.ja.pdf",
    "pick-HUB-2026-04-07.en.xlsx",
    "drive-V1-2026-04-07.ja.pdf",
    "satellite-V2-2026-04-09.en.pdf",
    "map-2026-04-07.png",
)
KEPT_BACK = (
    "plan.json",
    "contacts.csv",
    "households.csv",
    "pick-HUB-2026-04-07.ja.csv",
    "pick-HUB-2026-04-07.pdf",
    "pick-HUB-2026-13-07.ja.pdf",
    "map-week.svg.bak",
    "map-home.svg",
    ".pick-HUB-2026-04-07.ja.pdf",
)


def test_only_sheets_are_offered(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    secret = paper_in(tmp_path / "outside", "secret.pdf") / "secret.pdf"
    folder = paper_in(tmp_path / "out", *OFFERED, *KEPT_BACK)
    (folder / "drive-V9-2026-04-07.ja.pdf").symlink_to(secret)
    (folder / "map-week.pdf").mkdir()
    client = client_of(good_shown(sheets=read_sheets(folder, planned_at_s=0)))
    for name in OFFERED:
        answer = client.get(f"/sheets/{name}")
        assert (answer.status_code, answer.text) == (200, name)
    for name in (*KEPT_BACK, "drive-V9-2026-04-07.ja.pdf", "map-week.pdf"):
        answer = client.get(f"/sheets/{name}")
        assert answer.status_code == 404, name
        assert answer.json()["code"] == "sheet_missing"


@pytest.mark.parametrize(
    "path",
    [
        "/sheets/../plan.json",
        "/sheets/..%2Fplan.json",
        "/sheets/%2e%2e%2fplan.json",
        "/sheets/..%5cplan.json",
        "/sheets//etc/passwd",
        "/sheets/%2Fetc%2Fpasswd",
        "/sheets/pick-..%2F..%2Fx-2026-04-07.ja.pdf",
        "/sheets/map-week.svg%00.json",
        "/static/..%2Fapp.py",
        "/static/../app.py",
        "/maps/..%2Fweek.svg",
    ],
)
def test_no_path_leads_out(tmp_path: Path, path: str) -> None:
    paper_in(tmp_path, "plan.json")
    folder = paper_in(tmp_path / "out", *OFFERED)
    client = client_of(good_shown(sheets=read_sheets(folder, planned_at_s=0)))
    assert client.get(path).status_code == 404


def test_a_sheet_that_is_gone_since_is_not_found(tmp_path: Path) -> None:
    folder = paper_in(tmp_path, *OFFERED)
    client = client_of(good_shown(sheets=read_sheets(folder, planned_at_s=0)))
    (folder / OFFERED[0]).unlink()
    assert client.get(f"/sheets/{OFFERED[0]}").status_code == 404


def test_a_pdf_is_shown_and_a_workbook_saved(tmp_path: Path) -> None:
    folder = paper_in(tmp_path, *OFFERED)
    client = client_of(good_shown(sheets=read_sheets(folder, planned_at_s=0)))
    shown = client.get(f"/sheets/{OFFERED[0]}").headers
    assert shown["content-type"] == "application/pdf"
    assert shown["content-disposition"].startswith("inline")
    assert client.get(f"/sheets/{OFFERED[1]}").headers["content-disposition"].startswith("attach")


def test_the_page_links_each_document_once_with_all_its_files(tmp_path: Path) -> None:
    folder = paper_in(tmp_path, *OFFERED)
    text = client_of(good_shown(sheets=read_sheets(folder, planned_at_s=0))).get("/?lang=en").text
    listed = text[text.index('<section id="sheets"') :]
    assert listed.count("<li>") == 3
    assert listed.index("Pick list HUB") < listed.index("Driver sheet V1")
    for name in OFFERED[:4]:
        assert f'href="/sheets/{name}"' in listed
    assert "older than the plan" not in listed


def test_paper_from_before_the_plan_is_marked_and_its_map_not_used(tmp_path: Path) -> None:
    folder = paper_in(tmp_path, OFFERED[0], "map-week.svg")
    made_at_s = os.stat(folder / OFFERED[0]).st_mtime
    fresh = client_of(good_shown(sheets=read_sheets(folder, planned_at_s=made_at_s - 1)))
    stale = client_of(good_shown(sheets=read_sheets(folder, planned_at_s=made_at_s + 1)))
    assert fresh.get("/maps/week.svg").text == "map-week.svg"
    assert stale.get("/maps/week.svg").text.startswith("<svg")
    assert "older than the plan" in stale.get("/?lang=en").text
    assert stale.get("/api/v1/sheets").json()["sheets"][0]["older_than_plan"] is True


def test_without_sheets_the_page_says_how_to_make_them(tmp_path: Path) -> None:
    shown = good_shown(sheets=read_sheets(tmp_path / "nowhere", planned_at_s=0))
    assert "osusowake sheets FOLDER PLAN.json --out DIR" in client_of(shown).get("/").text


def test_the_maps_of_busy_days_are_drawn() -> None:
    client = client_of(good_shown())
    for name in ("week", "2026-04-07", "2026-04-08", "2026-04-09"):
        assert client.get(f"/maps/{name}.svg").text.startswith("<svg"), name
    assert client.get("/maps/2026-04-10.svg").status_code == 404


def test_what_a_name_says() -> None:
    parts = parts_of("satellite-S-1-2026-04-09.en.pdf")
    assert parts is not None
    assert (parts.kind, parts.about, parts.language) == ("satellite", "S-1", "en")
    assert parts_of("satellite-2026-04-09.en.pdf") is None
