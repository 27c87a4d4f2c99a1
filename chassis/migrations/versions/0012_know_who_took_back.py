"""Know who took a batch back, so that her name reads in the reader's language."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0012"
down_revision = "chassis_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batch", sa.Column("undone_by_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("batch", "undone_by_id")
