"""When a lead may be decided."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0023"
down_revision = "customer_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lead", sa.Column("expected_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("lead", "expected_on")
