"""The audit passes a sound book and names what was done to one behind the program's back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from logistics import store
from logistics.inventory import OutcomeKind
from logistics.inventory.mutual import Match
from logistics.model.problem import DEFAULT_MARGIN_DAYS
from logistics.store import mutual, transfers
from logistics.store.engine import reading, reshaping
from logistics.store.migrations.guards import VERBS
from logistics.store.tables import APPEND_ONLY, metadata
from tests.inventory import world
from tests.inventory.test_outcomes import NOTED, told
from tests.inventory.world import NOW

LATER: dict[str, Any] = {"noted_at": NOTED + timedelta(hours=1)}


@pytest.fixture
def book(url: str) -> Engine:
    """Lot L1: received 20, reserved 6, 2 handed out (settle, deliver); lot L2: received 5."""
    engine = store.init_book(url)
    problem = world.week([world.lot("L1", 20), world.lot("L2", 5)])
    store.import_week(engine, problem, now=NOW)
    store.publish(engine, problem, world.plan(problem, [("A", "L1", "V", 6)]), [], now=NOW)
    store.record(engine, [told("A", "V", OutcomeKind.DELIVERED, 2)], now=NOW)
    return engine


def tamper(engine: Engine, *statements: str) -> None:
    """What somebody with the database's own tools could do: triggers away, change, nothing restored."""
    with reshaping(engine) as connection:
        postgres = engine.dialect.name == "postgresql"
        for table in APPEND_ONLY:
            for verb in VERBS:
                on = f" ON {table}" if postgres else ""
                connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb.lower()}{on}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def codes(engine: Engine) -> list[str]:
    return [found.code for found in store.audit(engine, now=NOW).findings]


def test_a_sound_book_is_sealed_and_the_seal_grows_with_it(book: Engine) -> None:
    first = store.audit(book, now=NOW)
    assert (first.entries, first.lots, first.findings) == (5, 2, ())
    assert len(first.hash) == 64
    assert store.audit(book, now=NOW).hash == first.hash  # nothing has happened since
    assert store.record(book, [told("A", "V", OutcomeKind.DELIVERED, 1, **LATER)], now=NOW).recorded
    assert store.audit(book, now=NOW).hash != first.hash


@pytest.mark.parametrize(
    ("statement", "code", "seq"),
    [
        ("UPDATE entries SET units = 3 WHERE seq = 5", "entry_changed", 5),
        ("UPDATE entries SET target_id = 'B' WHERE seq = 5", "entry_changed", 5),
        (
            "UPDATE entries SET effective_at = '2026-11-24 00:00:00' WHERE seq = 1",
            "entry_changed",
            1,
        ),
        ("DELETE FROM entries WHERE seq = 3", "entry_missing", 4),
    ],
)
def test_the_first_bad_entry_is_named(book: Engine, statement: str, code: str, seq: int) -> None:
    tamper(book, statement)
    found = store.audit(book, now=NOW).findings
    assert (found[0].code, found[0].row) == (code, seq)


def test_two_entries_that_change_places_are_found(book: Engine) -> None:
    tamper(
        book,
        "UPDATE entries SET place = 99 WHERE seq = 4",
        "UPDATE entries SET place = 3 WHERE seq = 5",
        "UPDATE entries SET place = 4 WHERE seq = 4",
    )
    assert codes(book)[0] == "entry_changed"


def test_an_end_that_was_taken_off_shows_in_the_head(book: Engine) -> None:
    tamper(book, "DELETE FROM entries WHERE seq = 5")
    assert "head_differs" in codes(book)


def test_an_end_taken_off_with_its_head_shows_in_the_seals(book: Engine) -> None:
    assert codes(book) == []  # sealed here
    tamper(
        book,
        "DELETE FROM entries WHERE seq IN (4, 5)",
        "UPDATE heads SET entries = 2, hash = (SELECT hash FROM entries WHERE seq = 3) "
        "WHERE lot_id = 'L1'",
    )
    assert codes(book) == ["sealed_entry_gone", "outcome_differs"]


def test_a_changed_seal_shows(book: Engine) -> None:
    tamper(book, "UPDATE seals SET hash = 'x' WHERE number = 1")
    assert codes(book) == ["seal_broken"]


def test_a_change_that_makes_more_than_it_takes_shows(book: Engine) -> None:
    store.repack(book, "L2", "HUB", 2, "BAG", 4, 250, now=NOW)  # 2 x 500 g = 4 x 250 g
    assert codes(book) == []
    tamper(book, "UPDATE lots SET unit_g = 300 WHERE id = 'BAG'")  # 1,200 g out of 1,000 g
    assert codes(book) == ["mass_created"]


def test_a_backup_comes_back_the_same_in_either_database(
    book: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file = tmp_path / "book.backup"
    done = store.backup(book, file)
    assert done.entries == 5
    others = [f"sqlite:///{tmp_path}/other.db", request.getfixturevalue("server").database()]
    for other in others:
        engine = store.init_book(other)
        restored, found = store.restore(engine, file)
        assert (restored, found.findings) == (done, ())
        assert store.stock(engine, now=NOW) == store.stock(book, now=NOW)
        again = tmp_path / "again.backup"
        assert store.backup(engine, again) == done
        # and life goes on: the rest of A's 6 is handed out
        rest = told("A", "V", OutcomeKind.DELIVERED, 4, **LATER)
        assert store.record(engine, [rest], now=NOW).recorded == 1
        assert codes(engine) == []
        with pytest.raises(store.BookNotEmpty):
            store.restore(engine, file)


def test_a_damaged_backup_is_refused(book: Engine, tmp_path: Path) -> None:
    file = tmp_path / "book.backup"
    store.backup(book, file)
    whole = file.read_bytes()
    empty = store.init_book(f"sqlite:///{tmp_path}/empty.db")
    for n, broken in enumerate((whole[:-40], b"no backup", whole[: len(whole) // 2])):
        file.write_bytes(broken)
        with pytest.raises(store.BadBackup, match=r"book\.backup is no whole backup"):
            store.restore(empty, file)
        assert store.stock(empty) == (), n
    tampered = tmp_path / "tampered.db"
    engine = store.init_book(f"sqlite:///{tampered}")
    store.restore(engine, _written(whole, file))
    tamper(engine, "UPDATE entries SET units = 3 WHERE seq = 5")
    store.backup(engine, file)
    with pytest.raises(store.BadBackup, match="the audit refuses its book: Entry 5"):
        store.restore(empty, file)
    assert store.stock(empty) == ()


def _written(content: bytes, file: Path) -> Path:
    file.write_bytes(content)
    return file


def helped(engine: Engine) -> None:
    """4 of L2 offered to T1, 3 agreed on, 2 of these brought; a second need withdrawn."""
    mutual.offer(engine, "HUB", "L2", 4, world.MONDAY, now=NOW)
    for _ in range(2):
        mutual.need(engine, "T1", None, 9, world.MONDAY, now=NOW)
    transfers.agree(engine, [Match("O1", "N1", 3)], DEFAULT_MARGIN_DAYS, now=NOW, key="agree")
    transfers.transfer(engine, Match("O1", "N1", 2), DEFAULT_MARGIN_DAYS, now=NOW)
    mutual.withdraw(engine, "N2", now=NOW)


@pytest.mark.parametrize(
    ("table", "statement", "code"),
    [
        ("statements", "SET withdraws = 'N9' WHERE kind = 'withdrawal'", "withdraws_nothing"),
        ("statements", "SET lot_id = 'L1' WHERE id = 'O1'", "agreement_differs transfer_differs"),
        ("statements", "SET units = 1 WHERE id = 'O1'", "offer_exceeded"),
        ("transfers", "SET entry_id = 'receive:L2'", "transfer_differs"),
        ("agreements", "SET reservation_id = '2026-11-23#1/1'", "agreement_differs"),
    ],
)
def test_mutual_help_is_held_against_the_entries(
    book: Engine, table: str, statement: str, code: str
) -> None:
    helped(book)
    assert codes(book) == []
    tamper(book, f"UPDATE {table} {statement}")
    assert codes(book) == code.split()


def test_a_backup_has_the_rows_of_every_table(
    book: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    helped(book)
    store.audit(book, now=NOW)

    def rows(engine: Engine) -> dict[str, list[Any]]:
        with reading(engine) as connection:
            tables = metadata.sorted_tables
            found = {each.name: connection.execute(select(each)).all() for each in tables}
        return {name: sorted(map(tuple, some), key=str) for name, some in found.items()}

    before = rows(book)
    assert [name for name, some in before.items() if not some] == []
    store.backup(book, tmp_path / "all.backup")
    for other in (f"sqlite:///{tmp_path}/other.db", request.getfixturevalue("server").database()):
        engine = store.init_book(other)
        store.restore(engine, tmp_path / "all.backup")
        assert rows(engine) == before
        # numbers go on where they were
        match = Match("O1", "N1", 1)
        assert transfers.transfer(engine, match, DEFAULT_MARGIN_DAYS, now=NOW) == ("T2", ())
        assert codes(engine) == []
