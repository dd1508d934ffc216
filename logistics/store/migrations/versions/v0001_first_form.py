"""The book's first form: weeks, lots, publications, reservations, entries, outcomes."""

import sqlalchemy as sa
from alembic import op

from logistics.store.migrations.guards import (
    guard,
    guard_against_replacing,
    unguard,
    unguard_against_replacing,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("imports", "listings", "publications", "reservations", "entries", "outcomes")


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_week_start"), "imports", ["week_start"], unique=False)
    op.create_table(
        "lots",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("food_group", sa.String(), nullable=False),
        sa.Column("storage", sa.String(), nullable=False),
        sa.Column("unit_g", sa.Integer(), nullable=False),
        sa.Column("unit_meals", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("eat_by", sa.DateTime(), nullable=True),
        sa.Column("contains", sa.String(), nullable=False),
        sa.Column("checked", sa.String(), nullable=False),
        sa.Column("kitchen_needed", sa.String(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
    )
    op.create_table(
        "listings",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.CheckConstraint("units >= 0", name=op.f("ck_listings_units")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_listings_import_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_listings_lot_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_listings_site_id")),
        sa.PrimaryKeyConstraint("import_id", "lot_id", name=op.f("pk_listings")),
    )
    op.create_index(op.f("ix_listings_lot_id"), "listings", ["lot_id"], unique=False)
    op.create_table(
        "publications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("plan_sha256", sa.String(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_publications_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("week_start", "number", name=op.f("uq_publications_week_start_number")),
    )
    op.create_table(
        "reservations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("publication_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("rest_site_id", sa.String(), nullable=False),
        sa.Column("handover_at", sa.DateTime(), nullable=False),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_reservations_units")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_reservations_lot_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_reservations_publication_id")
        ),
        sa.ForeignKeyConstraint(
            ["rest_site_id"], ["sites.id"], name=op.f("fk_reservations_rest_site_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_reservations_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
    )
    op.create_index(op.f("ix_reservations_lot_id"), "reservations", ["lot_id"], unique=False)
    op.create_index(
        op.f("ix_reservations_publication_id"), "reservations", ["publication_id"], unique=False
    )
    op.create_table(
        "entries",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lot_id", sa.String(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("target_kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("effective_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("reservation_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_entries_units")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_entries_lot_id")),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservations.id"], name=op.f("fk_entries_reservation_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_entries")),
        sa.UniqueConstraint("id", name=op.f("uq_entries_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_entries_lot_id"), "entries", ["lot_id"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reservation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=True),
        sa.Column("to_site_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservations.id"], name=op.f("fk_outcomes_reservation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    guard(APPEND_ONLY)
    guard_against_replacing()


def downgrade() -> None:
    unguard_against_replacing()
    unguard(APPEND_ONLY)
    op.drop_table("outcomes")
    op.drop_index(op.f("ix_entries_lot_id"), table_name="entries")
    op.drop_table("entries")
    op.drop_index(op.f("ix_reservations_publication_id"), table_name="reservations")
    op.drop_index(op.f("ix_reservations_lot_id"), table_name="reservations")
    op.drop_table("reservations")
    op.drop_table("publications")
    op.drop_index(op.f("ix_listings_lot_id"), table_name="listings")
    op.drop_table("listings")
    op.drop_table("sites")
    op.drop_table("organisations")
    op.drop_table("lots")
    op.drop_index(op.f("ix_imports_week_start"), table_name="imports")
    op.drop_table("imports")
