"""The board and the forecast add up from an index."""

import sqlalchemy as sa
from alembic import op

revision = "sales_0002"
down_revision = "sales_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_opportunity_open",
        "opportunity",
        ["stage_id", "owner_id"],
        unique=False,
        postgresql_include=["id", "expected_amount", "expected_on", "department_id", "branch_id"],
        postgresql_where=sa.text("state = 'open' AND archived_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_opportunity_open",
        table_name="opportunity",
        postgresql_include=["id", "expected_amount", "expected_on", "department_id", "branch_id"],
        postgresql_where=sa.text("state = 'open' AND archived_at IS NULL"),
    )
