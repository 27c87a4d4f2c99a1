"""What became of leads is found by the customer, for its page and its trail."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0031"
down_revision = "customer_0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_lead_customer_id",
        "lead",
        ["customer_id"],
        postgresql_where=sa.text("customer_id is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_lead_customer_id", table_name="lead")
