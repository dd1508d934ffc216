"""What two sites have agreed on: units of an offer that are kept for a need."""

import sqlalchemy as sa
from alembic import op

from logistics.store.migrations.guards import guard, unguard

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEW = ("agreements",)


def upgrade() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reservation_id", sa.String(), nullable=False),
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("need_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservations.id"], name=op.f("fk_agreements_reservation_id")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["statements.id"], name=op.f("fk_agreements_offer_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["statements.id"], name=op.f("fk_agreements_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_agreements_reservation_id")),
    )
    guard(NEW)


def downgrade() -> None:
    unguard(NEW)
    op.drop_table("agreements")
