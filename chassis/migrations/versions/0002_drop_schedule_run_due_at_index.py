"""Drop the index on due moments: jobs are looked up by their name."""

from alembic import op

revision = "chassis_0002"
down_revision = "chassis_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_schedule_run_due_at", table_name="schedule_run")


def downgrade() -> None:
    op.create_index("ix_schedule_run_due_at", "schedule_run", ["due_at"])
