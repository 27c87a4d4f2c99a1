"""What owners were told about records without a plan and next steps; when the pool rules say so."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0018"
down_revision = "customer_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nudged",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "about", "since", name=op.f("pk_nudged")),
    )
    op.add_column("pool_rule", sa.Column("remind_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("pool_rule", "remind_days")
    op.drop_table("nudged")
