"""A pool rule may open the pool to the whole company."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0040"
down_revision = "customer_0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pool_rule", sa.Column("spans", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("pool_rule", "spans")
