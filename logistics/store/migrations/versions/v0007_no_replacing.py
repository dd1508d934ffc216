"""SQLite's INSERT OR REPLACE takes a row away from no table that is only added to."""

from alembic import op

from logistics.store.migrations.guards import allow_replacing, refuse_replacing

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEYS = {
    "imports": (("id",),),
    "listings": (("import_id", "lot_id"),),
    "publications": (("id",), ("week_start", "number")),
    "reservations": (("id",),),
    "outcomes": (("id",),),
    "seals": (("number",),),
    "sealed": (("number", "lot_id"),),
    "commands": (("key",),),
    "statements": (("id",), ("withdraws",)),
    "transfers": (("id",), ("entry_id",)),
    "agreements": (("id",), ("reservation_id",)),
}
"""What is there once in each table; a new row that repeats one would replace the old."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, keys in KEYS.items():
            refuse_replacing(table, keys)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEYS:
            allow_replacing(table)
