"""Entries are chained lot by lot, may undo each other and may be holds; commands are known by a key."""

import sqlalchemy as sa
from alembic import op

from logistics.store.migrations.guards import (
    guard,
    guard_against_replacing,
    unguard,
    unguard_against_replacing,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW = ("seals", "sealed", "commands")


def upgrade() -> None:
    unguard_against_replacing()
    unguard(("entries",))
    with op.batch_alter_table("entries", recreate="auto", table_kwargs=_KWARGS) as batch:
        batch.add_column(sa.Column("reverses", sa.String(), nullable=True))
        batch.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("hash", sa.String(), nullable=False, server_default=""))
        batch.drop_constraint(op.f("ck_entries_units"), type_="check")
        batch.create_check_constraint(
            op.f("ck_entries_units"), "units > 0 OR (units = 0 AND kind IN ('hold', 'unhold'))"
        )
    op.create_table(
        "heads",
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_heads_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_heads")),
    )
    op.create_table(
        "seals",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seals")),
    )
    op.create_table(
        "sealed",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_sealed_lot_id")),
        sa.ForeignKeyConstraint(["number"], ["seals.number"], name=op.f("fk_sealed_number")),
        sa.PrimaryKeyConstraint("number", "lot_id", name=op.f("pk_sealed")),
    )
    op.create_table(
        "commands",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_commands")),
    )
    _chain()
    with op.batch_alter_table("entries", recreate="auto", table_kwargs=_KWARGS) as batch:
        batch.alter_column("place", server_default=None)
        batch.alter_column("hash", server_default=None)
        batch.create_unique_constraint(op.f("uq_entries_lot_id_place"), ["lot_id", "place"])
        batch.create_unique_constraint(op.f("uq_entries_reverses"), ["reverses"])
    guard(("entries", *NEW))
    guard_against_replacing()


def downgrade() -> None:
    unguard_against_replacing()
    unguard(("entries", *NEW))
    with op.batch_alter_table("entries", recreate="auto", table_kwargs=_KWARGS) as batch:
        batch.drop_constraint(op.f("uq_entries_reverses"), type_="unique")
        batch.drop_constraint(op.f("uq_entries_lot_id_place"), type_="unique")
        batch.drop_column("hash")
        batch.drop_column("place")
        batch.drop_column("reverses")
        batch.drop_constraint(op.f("ck_entries_units"), type_="check")
        batch.create_check_constraint(op.f("ck_entries_units"), "units > 0")
    for table in ("commands", "sealed", "seals", "heads"):
        op.drop_table(table)
    guard(("entries",))
    guard_against_replacing()


_KWARGS = {"sqlite_autoincrement": True}


def _chain() -> None:
    """Chain what a book has had from before."""
    from logistics.store.chaining import chain_all

    chain_all(op.get_bind())
