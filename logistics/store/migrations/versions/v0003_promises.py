"""Promises may come without a plan, be for another site, and expire."""

import sqlalchemy as sa
from alembic import op

from logistics.store.migrations.guards import guard, unguard

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unguard(("reservations",))
    with op.batch_alter_table("reservations") as batch:
        batch.alter_column("publication_id", existing_type=sa.String(), nullable=True)
        batch.add_column(sa.Column("to_site_id", sa.String(), nullable=True))
        batch.add_column(sa.Column("expires_at", sa.DateTime(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_reservations_to_site_id"), "sites", ["to_site_id"], ["id"]
        )
    guard(("reservations",))


def downgrade() -> None:
    unguard(("reservations",))
    with op.batch_alter_table("reservations") as batch:
        batch.drop_constraint(op.f("fk_reservations_to_site_id"), type_="foreignkey")
        batch.drop_column("expires_at")
        batch.drop_column("to_site_id")
        batch.alter_column("publication_id", existing_type=sa.String(), nullable=False)
    guard(("reservations",))
