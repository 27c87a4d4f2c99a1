"""By which kind of contact somebody is best reached."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0028"
down_revision = "customer_0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wish", sa.Column("channel_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("wish", "channel_id")
