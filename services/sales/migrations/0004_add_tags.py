"""Tags on what people look after."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sales_0004"
down_revision = "sales_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "opportunity", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_opportunity_tags", "opportunity", ["tags"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_opportunity_tags", "opportunity")
    op.drop_column("opportunity", "tags")
