"""When there was contact with each person last, and what is planned with her (CON-01)."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0025"
down_revision = "customer_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contact", sa.Column("next_activity_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contact", sa.Column("open_activities", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        """
        UPDATE contact SET last_activity_at = told.last, next_activity_at = told.next, open_activities = told.planned
        FROM (
            SELECT contact_id, max(done_at) FILTER (WHERE state = 'done') AS last,
                min(starts_at) FILTER (WHERE state = 'planned') AS next, count(*) FILTER (WHERE state = 'planned') AS planned
            FROM activity WHERE contact_id IS NOT NULL AND archived_at IS NULL GROUP BY contact_id
        ) AS told
        WHERE told.contact_id = contact.id
        """
    )
    op.create_index(
        "ix_contact_last_activity_at_id",
        "contact",
        [sa.literal_column("last_activity_at DESC NULLS LAST"), sa.literal_column("id DESC")],
    )


def downgrade() -> None:
    op.drop_index("ix_contact_last_activity_at_id", table_name="contact")
    op.drop_column("contact", "open_activities")
    op.drop_column("contact", "next_activity_at")
    op.drop_column("contact", "last_activity_at")
