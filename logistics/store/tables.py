"""The tables of the book. Rows are written once; what may never change is guarded by triggers."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """A moment: aware in Python, naive UTC in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """To UTC, without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """From UTC, with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("sector", String, nullable=False),
)

sites = Table(
    "sites",
    metadata,
    Column("id", String, primary_key=True),
    Column("org_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
)

lots = Table(
    "lots",
    metadata,
    Column("id", String, primary_key=True),
    Column("org_id", String, nullable=False),
    Column("item", String, nullable=False),
    Column("food_group", String, nullable=False),
    Column("storage", String, nullable=False),
    Column("unit_g", Integer, nullable=False),
    Column("unit_meals", String, nullable=False),
    Column("label", String, nullable=False),
    Column("last_day", Date),
    Column("made_on", Date),
    Column("eat_by", Moment),
    Column("contains", String, nullable=False),
    Column("checked", String, nullable=False),
    Column("kitchen_needed", String, nullable=False),
    Column("tags", String, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("week_start", Date, nullable=False),
    Column("name", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Index(None, "week_start"),
)

listings = Table(
    "listings",
    metadata,
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("lot_id", ForeignKey("lots.id"), primary_key=True),
    Column("site_id", ForeignKey("sites.id"), nullable=False),
    Column("units", Integer, nullable=False),
    CheckConstraint("units >= 0", name="units"),
    Index(None, "lot_id"),
)

publications = Table(
    "publications",
    metadata,
    Column("id", String, primary_key=True),
    Column("week_start", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("import_id", ForeignKey("imports.id"), nullable=False),
    Column("plan_sha256", String, nullable=False),
    Column("plan", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    UniqueConstraint("week_start", "number"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", String, primary_key=True),
    Column("publication_id", ForeignKey("publications.id")),
    Column("household_id", String, nullable=False),
    Column("to_site_id", ForeignKey("sites.id")),
    Column("expires_at", Moment),
    Column("lot_id", ForeignKey("lots.id"), nullable=False),
    Column("session_id", String),
    Column("day", Date, nullable=False),
    Column("units", Integer, nullable=False),
    Column("site_id", ForeignKey("sites.id"), nullable=False),
    Column("rest_site_id", ForeignKey("sites.id"), nullable=False),
    Column("handover_at", Moment, nullable=False),
    Column("ways", Text, nullable=False),
    CheckConstraint("units > 0", name="units"),
    Index(None, "publication_id"),
    Index(None, "lot_id"),
)

entries = Table(
    "entries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("lot_id", ForeignKey("lots.id"), nullable=False),
    Column("source_kind", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("target_kind", String, nullable=False),
    Column("target_id", String, nullable=False),
    Column("units", Integer, nullable=False),
    Column("effective_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column(
        "reservation_id",
        ForeignKey("reservations.id", deferrable=True, initially="DEFERRED"),
    ),
    Column("reason", String, nullable=False),
    Column("reverses", String, unique=True),
    Column("place", Integer, nullable=False),
    Column("hash", String, nullable=False),
    CheckConstraint("units > 0 OR (units = 0 AND kind IN ('hold', 'unhold'))", name="units"),
    UniqueConstraint("lot_id", "place"),
    Index(None, "lot_id"),
    sqlite_autoincrement=True,  # a number once given is never given again
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("id", String, primary_key=True),
    Column("reservation_id", ForeignKey("reservations.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("units", Integer),
    Column("to_site_id", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("noted_at", DateTime, nullable=False),
    Column("recorded_at", Moment, nullable=False),
)

heads = Table(
    "heads",
    metadata,
    Column("lot_id", ForeignKey("lots.id"), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("hash", String, nullable=False),
    Column("standing", Text, nullable=False),
)
"""The end of each lot's chain: how many entries it has, the hash of the last, and how the lot stands
after it. The one row that changes; whoever writes entries of a lot holds it."""

seals = Table(
    "seals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("hash", String, nullable=False),
    Column("recorded_at", Moment, nullable=False),
)

sealed = Table(
    "sealed",
    metadata,
    Column("number", ForeignKey("seals.number"), primary_key=True),
    Column("lot_id", ForeignKey("lots.id"), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("hash", String, nullable=False),
)
"""The heads that have changed since the seal before."""

commands = Table(
    "commands",
    metadata,
    Column("key", String, primary_key=True),
    Column("verb", String, nullable=False),
    Column("body_sha256", String, nullable=False),
    Column("answer", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("site_id", ForeignKey("sites.id")),
    Column("lot_id", ForeignKey("lots.id")),
    Column("food_group", String),
    Column("units", Integer),
    Column("pack", Integer),
    Column("day", Date),
    Column("withdraws", String, unique=True),
    Column("recorded_at", Moment, nullable=False),
    CheckConstraint("kind IN ('offer', 'need', 'withdrawal')", name="kind"),
)
"""Mutual help: what a site offers (`units` of a lot until a day), what it needs (`units` are meals,
for a day), and which of these was withdrawn."""

transfers = Table(
    "transfers",
    metadata,
    Column("id", String, primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), nullable=False, unique=True),
    Column("offer_id", ForeignKey("statements.id"), nullable=False),
    Column("need_id", ForeignKey("statements.id"), nullable=False),
)
"""Which entry moved units of an offer for a need; it counts unless its entry was reversed."""

agreements = Table(
    "agreements",
    metadata,
    Column("id", String, primary_key=True),
    Column("reservation_id", ForeignKey("reservations.id"), nullable=False, unique=True),
    Column("offer_id", ForeignKey("statements.id"), nullable=False),
    Column("need_id", ForeignKey("statements.id"), nullable=False),
)
"""Which reservation keeps units of an offer for a need until they are moved."""

APPEND_ONLY = (
    "imports", "listings", "publications", "reservations", "entries", "outcomes",
    "seals", "sealed", "commands", "statements", "transfers",
    "agreements",
)  # fmt: skip
"""Tables in which rows are only ever added; the migrations guard them by triggers."""
