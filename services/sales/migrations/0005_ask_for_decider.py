"""From which stage on whoever decides should be known and met."""

import sqlalchemy as sa
from alembic import op

revision = "sales_0005"
down_revision = "sales_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "stage", sa.Column("asks_for_decider", sa.Boolean(), server_default="false", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("stage", "asks_for_decider")
