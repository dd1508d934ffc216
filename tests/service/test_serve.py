"""`osusowake serve` as people start it: greeting, Ctrl-C, and every way in which it refuses."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from logistics.model.errors import PlanRefused
from service.settings import Settings
from service.shown import Shown, WeekUnreadable, read_shown
from tests.service.test_book_commands import Answer, home, write_plan

__all__ = ["home"]  # a fixture: the week in `week/`, its plan in `out/`

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The service in a process of its own, and its address."""
    command = [sys.executable, "-m", "service.cli", "serve", "week", "out/plan.json"]
    process = subprocess.Popen(
        [*command, "--port", "0", *options],
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        greeting = process.stdout.readline()
        assert greeting.startswith("tiny: http://"), greeting + process.stderr.read()
        yield process, greeting.split()[1]
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()
        process.stderr.close()


def test_it_greets_answers_and_leaves_quietly(home: Path) -> None:
    with served(home) as (process, url):
        with urlopen(url, timeout=10) as answer:
            assert "tiny" in answer.read().decode()
            assert answer.headers["server"] is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert process.returncode == 0
        assert (out, err) == ("", "stopped\n")


def test_it_listens_on_ipv6_loopback_too(home: Path) -> None:
    if not _has_ipv6():
        pytest.skip("this machine has no ::1: enable IPv6 on the loopback interface")
    with served(home, "--host", "::1") as (_, url), urlopen(url, timeout=10) as answer:
        assert url.startswith("http://[::1]:")
        assert answer.status == 200


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def serve(capsys: pytest.CaptureFixture[str], *options: str) -> Answer:
    return Answer(capsys, "serve", "week", "out/plan.json", *options)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "example.org"])
def test_it_refuses_to_be_seen_from_elsewhere(
    home: Path, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    answer = serve(capsys, "--host", host)
    assert answer.code == 1
    assert f"error: {host} is not this machine alone" in answer.err


def test_a_port_in_use_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        answer = serve(capsys, "--port", str(other.getsockname()[1]))
    assert answer.code == 1
    assert "another program uses this port; choose one with --port" in answer.err


def test_a_week_with_errors_is_not_served(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "week" / "lots.csv").unlink()
    answer = serve(capsys, "--port", "0")
    assert answer.code == 1
    assert "lots.csv" in answer.err


def test_a_file_that_is_no_plan(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "out" / "plan.json").write_text("{}", encoding="utf-8")
    answer = serve(capsys, "--port", "0")
    assert answer.code == 1
    assert "osusowake.plan/1" in answer.err


def test_a_book_that_is_not_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = serve(capsys, "--port", "0", "--db", "sqlite:///gone.db")
    assert answer.code == 1
    assert "there is no book at gone.db" in answer.err


def read(home: Path) -> Shown:
    folder = home / "out"
    return read_shown(Settings(home / "week", folder / "plan.json", folder))


def test_what_is_read_is_judged(home: Path) -> None:
    shown = read(home)
    assert shown.accepted
    assert shown.sheets.files == ()
    plan = json.loads((home / "out" / "plan.json").read_text(encoding="utf-8"))
    plan["metrics"]["waste_kg"] = 7.0
    (home / "out" / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert not read(home).accepted


def test_a_plan_for_other_data_is_refused(home: Path) -> None:
    write_plan(home, problem_digest="sha256:other")
    with pytest.raises(PlanRefused, match="made for other data"):
        read(home)


def test_a_plan_that_names_strangers_is_refused(home: Path) -> None:
    plan = json.loads((home / "out" / "plan.json").read_text(encoding="utf-8"))
    plan["allocation"]["leftover"][0]["lot_id"] = "SOUP"
    (home / "out" / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    with pytest.raises(PlanRefused, match="no lot 'SOUP'"):
        read(home)


def test_legs_of_another_plan_are_refused(home: Path) -> None:
    with (home / "out" / "travel.csv").open("a", encoding="utf-8") as stream:
        stream.write("A,B,1,1\n")
    with pytest.raises(PlanRefused, match="not the file of this plan"):
        read(home)


def test_the_findings_of_a_week_are_kept(home: Path) -> None:
    (home / "week" / "sites.csv").unlink()
    with pytest.raises(WeekUnreadable) as caught:
        read(home)
    assert [finding.file for finding in caught.value.findings if finding.is_error]
