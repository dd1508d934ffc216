"""Offers and needs between sites, and the transfers that came of them."""

import sqlalchemy as sa
from alembic import op

from logistics.store.migrations.guards import guard, unguard

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW = ("statements", "transfers")


def upgrade() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=True),
        sa.Column("lot_id", sa.String(), nullable=True),
        sa.Column("food_group", sa.String(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=True),
        sa.Column("pack", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("withdraws", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('offer', 'need', 'withdrawal')", name=op.f("ck_statements_kind")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_statements_site_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_statements_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("withdraws", name=op.f("uq_statements_withdraws")),
    )
    op.create_table(
        "transfers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("need_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_transfers_entry_id")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["statements.id"], name=op.f("fk_transfers_offer_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["statements.id"], name=op.f("fk_transfers_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_transfers_entry_id")),
    )
    guard(NEW)


def downgrade() -> None:
    unguard(NEW)
    op.drop_table("transfers")
    op.drop_table("statements")
