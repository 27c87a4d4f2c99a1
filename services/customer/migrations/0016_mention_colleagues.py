"""Colleagues whom remarks mention."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0016"
down_revision = "customer_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "comment", sa.Column("mentions", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_comment_mentions", "comment", ["mentions"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_comment_mentions", "comment")
    op.drop_column("comment", "mentions")
