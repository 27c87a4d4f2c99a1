"""Tags on activities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0042"
down_revision = "customer_0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "activity", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_activity_tags", "activity", ["tags"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_activity_tags", "activity")
    op.drop_column("activity", "tags")
