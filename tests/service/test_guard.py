"""Read-only, this machine only, and said so: routes, hosts, headers, imports, failures."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts

from service.app import create_app
from service.guard import HEADERS, is_this_machine
from service.settings import NotLoopback, Settings
from tests.service.web import Client, client_of, good_shown

NOT_IN_THE_WEB = ("ortools", "pandas", "numpy", "logistics.solver", "logistics.week")


def test_every_route_only_reads() -> None:
    routes = list(iter_route_contexts(create_app(good_shown()).routes))
    assert len(routes) >= 12
    for route in routes:
        assert route.methods, route.path
        assert set(route.methods) <= {"GET", "HEAD"}, route.path


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/api/v1/plan", "/sheets/x.pdf"])
def test_a_request_to_change_anything_is_refused(method: str, path: str) -> None:
    answer = client_of(good_shown()).ask(method, path)
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"


def test_the_web_process_never_loads_the_solver() -> None:
    code = (
        "import sys; from tests.service.web import client_of, good_shown; "
        "client = client_of(good_shown()); "
        "assert client.get('/').status_code == client.get('/api/v1/plan').status_code == 200; "
        f"print([name for name in {NOT_IN_THE_WEB!r} if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
def test_this_machine_is_answered_under_its_names(host: str) -> None:
    client = client_of(good_shown())
    assert client.get("/api/v1/verify", {"host": host}).status_code == 200
    assert client.get("/api/v1/verify", {"host": f"{host}:9000"}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost:x", "", "::1", "0"],
)
def test_other_names_are_refused(host: str) -> None:
    assert not is_this_machine(host)
    answer = client_of(good_shown()).get("/", {"host": host})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "foreign_host"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", "", "127.0.0.1.x"])
def test_it_will_not_listen_where_others_could_reach_it(host: str) -> None:
    with pytest.raises(NotLoopback, match="this machine alone"):
        Settings(Path("week"), Path("plan.json"), Path("."), host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_it_listens_on_loopback(host: str) -> None:
    assert Settings(Path("week"), Path("plan.json"), Path("."), host=host).host == host


@pytest.mark.parametrize(
    "path", ["/", "/static/style.css", "/maps/week.svg", "/api/v1/plan", "/nowhere"]
)
def test_every_answer_carries_the_safe_headers(path: str) -> None:
    answer = client_of(good_shown()).get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    client = client_of(good_shown())
    page, style = client.get("/").text, client.get("/static/style.css").text
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert len(addresses) > 10
    assert all(address.startswith(("/", "#")) for address in addresses)
    assert not re.search(r"<script|<style| style=| on\w+=|javascript:", page)
    assert "url(" not in style
    assert "@import" not in style


def test_a_fault_of_the_program_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("OSUSOWAKE_DEBUG", raising=False)
    app = create_app(good_shown())

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("secret of H1")

    with caplog.at_level(logging.ERROR):
        answer = Client(app).get("/broken")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"
    (record,) = caplog.records
    assert record.getMessage() == "/broken failed: ZeroDivisionError: secret of H1"
    assert record.exc_info is None
