"""The head of each lot also keeps how the lot stands, so that a promise need not add up its life.

Two things keep writers of different lots out of each other's way in PostgreSQL, which lets a
serializable transaction fail if others write to a page of an index that it has read: heads have room
on their page to grow, so that their index does not change; and that an entry's reservation exists is
looked up when all is written, at the end.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from logistics.store.migrations.guards import (
    guard,
    guard_against_replacing,
    unguard,
    unguard_against_replacing,
)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("heads") as batch:
        batch.add_column(sa.Column("standing", sa.Text(), nullable=False, server_default=""))
    _stand()
    with op.batch_alter_table("heads") as batch:
        batch.alter_column("standing", server_default=None)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE heads SET (fillfactor = 20)")
    _look_up(deferrable=True, initially="DEFERRED")


def downgrade() -> None:
    _look_up()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE heads RESET (fillfactor)")
    with op.batch_alter_table("heads") as batch:
        batch.drop_column("standing")


def _look_up(**when: Any) -> None:
    """Make the reference of entries to reservations anew, looked up at once or later."""
    name, kwargs = op.f("fk_entries_reservation_id"), {"sqlite_autoincrement": True}
    unguard_against_replacing()
    unguard(("entries",))
    with op.batch_alter_table("entries", recreate="auto", table_kwargs=kwargs) as batch:
        batch.drop_constraint(name, type_="foreignkey")
        batch.create_foreign_key(name, "reservations", ["reservation_id"], ["id"], **when)
    guard(("entries",))
    guard_against_replacing()


def _stand() -> None:
    """Add up what a book has had from before."""
    from logistics.store.chaining import stand_all

    stand_all(op.get_bind())
