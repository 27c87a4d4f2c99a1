"""Who else offers to the customer."""

import sqlalchemy as sa
from alembic import op

revision = "sales_0006"
down_revision = "sales_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("opportunity", sa.Column("competitors", sa.String(length=300), nullable=True))


def downgrade() -> None:
    op.drop_column("opportunity", "competitors")
