"""What was done in a time is found by an index: the ranking of points and the facts of plans ask for nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0020"
down_revision = "customer_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_activity_done_at", "activity", ["done_at"], postgresql_where=sa.text("state = 'done'")
    )


def downgrade() -> None:
    op.drop_index("ix_activity_done_at", "activity")
