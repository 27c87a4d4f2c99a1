"""Index the events that nobody takes: what comes behind one is looked up for every batch of the relay."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0003"
down_revision = "chassis_0002"
branch_labels = None
depends_on = None

STUCK = sa.text("published_at is null and error is not null")


def upgrade() -> None:
    op.create_index("ix_outbox_refused", "outbox", ["aggregate_id", "id"], postgresql_where=STUCK)


def downgrade() -> None:
    op.drop_index("ix_outbox_refused", table_name="outbox")
