"""Books that an older program made, with a week lived through in them, brought up to today's schema.

The old book is made by its own migrations and filled with the rows of a book of today, as far as its
tables have room for them: what was there before must be there afterwards, and the audit must be clean.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, column, insert, inspect, select, table

from logistics import store
from logistics.inventory import OutcomeKind
from logistics.store.databases import address, engine_of
from logistics.store.engine import reading, reshaping, writing
from logistics.store.schema import _config, head, version
from logistics.store.tables import metadata
from tests.inventory import world
from tests.inventory.test_outcomes import told
from tests.store.test_verbs import all_entries

OLD = [f"{number:04d}" for number in range(1, int(head()))]


def lived(url: str) -> Engine:
    """A week of today: 20 units, 6 promised to A, of which 2 were handed over and the rest came back."""
    book = store.init_book(url)
    problem = world.week([world.lot("L1", 20), world.lot("L2", 5)])
    store.import_week(book, problem, now=world.NOW)
    plan = world.plan(problem, [("A", "L1", "V", 6), ("B", "L2", "V", 2)])
    store.publish(book, problem, plan, [], now=world.NOW)
    store.record(book, [told("A", "V", OutcomeKind.DELIVERED, 2)], now=world.NOW)
    return book


def made_by(schema: str, url: str, today: Engine) -> None:
    """A book of an old schema with the rows of a book of today."""
    old = engine_of(address(url))
    with reshaping(old) as connection:
        command.upgrade(_config(connection), schema)
    with reading(old) as connection:
        known = inspect(connection)
        columns = {
            name: {column["name"] for column in known.get_columns(name)}
            for name in known.get_table_names()
        }
    with reading(today) as source, writing(old) as target:
        for now in metadata.sorted_tables:
            kept = [each for each in now.columns if each.name in columns.get(now.name, ())]
            rows = [dict(row._mapping) for row in source.execute(select(*kept))] if kept else []
            if rows:
                was = table(now.name, *(column(each.name, each.type) for each in kept))
                target.execute(insert(was), rows)
    old.dispose()


@pytest.mark.parametrize("schema", OLD)
def test_what_an_older_book_says_it_says_still(schema: str, url: str, tmp_path: Path) -> None:
    today = lived(f"sqlite:///{tmp_path}/today.db")
    made_by(schema, url, today)
    with pytest.raises(store.WrongSchema, match=f"the book has schema {schema}"):
        store.open_book(url)
    book = store.init_book(url)
    assert all_entries(book) == all_entries(today)
    assert store.stock(book, now=world.NOW) == store.stock(today, now=world.NOW)
    assert store.audit(book, now=world.NOW).findings == ()
    again = store.record(book, [told("A", "V", OutcomeKind.DELIVERED, 2)], now=world.NOW)
    assert (again.recorded, again.known) == (0, 1)
    assert store.reserve(book, "L1", "HUB", 1, household_id="C", now=world.NOW).open == 1
    with reading(book) as connection:
        assert version(connection) == head()
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
