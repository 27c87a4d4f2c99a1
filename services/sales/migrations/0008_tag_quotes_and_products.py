"""Tags on quotes and products."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "sales_0008"
down_revision = "sales_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "quote", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_quote_tags", "quote", ["tags"], postgresql_using="gin")
    op.add_column(
        "product", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_product_tags", "product", ["tags"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_quote_tags", "quote")
    op.drop_column("quote", "tags")
    op.drop_index("ix_product_tags", "product")
    op.drop_column("product", "tags")
