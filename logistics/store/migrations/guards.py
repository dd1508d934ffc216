"""Triggers by which a table is only ever added to, on SQLite and PostgreSQL."""

from collections.abc import Iterable

from alembic import op

VERBS = ("UPDATE", "DELETE")
REFUSE = "osusowake_append_only"


def guard(tables: Iterable[str]) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE, which only PostgreSQL has) on some tables."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    if on_postgres:
        op.execute(
            f"CREATE OR REPLACE FUNCTION {REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% are append-only: % refused', TG_TABLE_NAME, TG_OP; END $$"
        )
    for table in tables:
        for verb in VERBS:
            if on_postgres:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {REFUSE}()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} are append-only: {verb} refused'); END"
                )
        if on_postgres:
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                f"EXECUTE FUNCTION {REFUSE}()"
            )


def unguard(tables: Iterable[str]) -> None:
    """Take the triggers of some tables away."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for table in tables:
        for verb in ("update", "delete", *(("truncate",) if on_postgres else ())):
            op.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if on_postgres else ""))


Keys = Iterable[Iterable[str]]
"""Columns that are there once in a table, key by key."""


def refuse_replacing(table: str, keys: Keys) -> None:
    """SQLite's INSERT OR REPLACE deletes without asking the triggers, so a known row is refused."""
    same = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in keys
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} are append-only: this one exists'); END"
    )


def allow_replacing(table: str) -> None:
    """Take that trigger away."""
    op.execute(f"DROP TRIGGER {table}_no_replace")


def guard_against_replacing() -> None:
    """The same for entries, on SQLite."""
    if op.get_bind().dialect.name == "sqlite":
        refuse_replacing("entries", (("id",), ("seq",)))


def unguard_against_replacing() -> None:
    """Take that trigger away."""
    if op.get_bind().dialect.name == "sqlite":
        allow_replacing("entries")
