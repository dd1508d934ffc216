"""Small versions of the figures of reliability on both databases, and mutants that each must catch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.reliability.allocation import double_allocation
from benchmarks.reliability.clients import ClientFailed, clients, until_all_end
from benchmarks.reliability.keys import same_key
from benchmarks.reliability.killing import immediate_stops, kills
from benchmarks.reliability.lived import stored_life
from benchmarks.reliability.restoring import restores
from benchmarks.reliability.server import Server, own_server, programs
from benchmarks.reliability.throughput import rate
from benchmarks.reliability.worker import tell_once


@pytest.fixture
def file(tmp_path: Path) -> Callable[[], str]:
    """Addresses of new SQLite books."""
    numbers = iter(range(100))
    return lambda: f"sqlite:///{tmp_path}/new-{next(numbers)}.db"


@pytest.fixture
def doomed() -> Iterator[Server]:
    """A server that may be stopped at any moment."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with own_server() as server:
        yield server


def test_nothing_is_promised_twice(url: str) -> None:
    # 4 clients x 12 x 4 = 192 units are asked for, 3 lots x 40 = 120 are there
    found = double_allocation(url, clients_=4, times=12, lots=3, units=40)
    assert found.reached, found.text
    assert found.details["promises"] == 30


@pytest.mark.parametrize("mutant", ["never looks", "remembers"])
def test_a_book_without_its_guard_is_caught(url: str, mutant: str) -> None:
    # 4 clients x 40 x 4 = 640 units are asked for, 3 lots x 100 = 300 are there
    found = double_allocation(url, clients_=4, times=40, lots=3, units=100, mutant=mutant)
    assert not found.reached
    assert "law_broken" in found.measured


def test_killed_clients_lose_nothing_and_tear_nothing(url: str) -> None:
    found = kills(url, 2)
    assert found.reached, found.text


def test_a_client_that_acknowledges_too_early_is_caught(file: Callable[[], str]) -> None:
    assert any(not kills(file(), 6, forgets=True, seed=seed).reached for seed in (1, 2, 3))


def test_a_server_stopped_at_once_loses_what_was_acknowledged_too_early_only(
    doomed: Server,
) -> None:
    found = immediate_stops(doomed, doomed.database(), 1, people=4)
    assert found.reached, found.text
    early = immediate_stops(doomed, doomed.database(), 2, people=4, forgets=True)
    assert not early.reached, early.text


def test_the_same_key_from_many_processes_has_one_effect(url: str) -> None:
    found = same_key(url, 16)
    assert found.reached, found.text


def test_without_keys_each_telling_counts(file: Callable[[], str]) -> None:
    assert not same_key(file(), 8, keyed=False).reached


def test_backups_under_load_restore_into_either_database(
    url: str, file: Callable[[], str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue("server")
    into = server.database if url.startswith("sqlite") else file
    found = restores(url, 2, into, tmp_path)
    assert found.reached, found.text


def test_a_backup_that_misses_something_is_caught(file: Callable[[], str], tmp_path: Path) -> None:
    # what was done while the backup was written is told as if it had been done before
    assert not restores(file(), 2, file, tmp_path, late=True).reached


def test_the_store_agrees_with_the_oracle(url: str) -> None:
    found = stored_life(url, 600, lots=4)
    assert found.reached, found.text


def test_throughput_is_counted_and_the_book_is_sound(file: Callable[[], str]) -> None:
    found = rate(file(), 0.3, hand_over=True)
    assert found.details["audit"] == []
    assert found.details["tx_per_s"] > 0


def test_a_client_that_fails_says_so(file: Callable[[], str]) -> None:
    told = [(file(), "LOT0001", 1, "k")]
    says = "BookUnavailable: there is no book"
    with clients(tell_once, told) as started, pytest.raises(ClientFailed, match=says):
        until_all_end(started)
