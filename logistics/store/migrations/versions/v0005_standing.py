"""The head of each lot also keeps how the lot stands, so that a promise need not add up its life."""

import sqlalchemy as sa
from alembic import op

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


def downgrade() -> None:
    with op.batch_alter_table("heads") as batch:
        batch.drop_column("standing")


def _stand() -> None:
    """Add up what a book has had from before."""
    from logistics.store.chaining import stand_all

    stand_all(op.get_bind())
