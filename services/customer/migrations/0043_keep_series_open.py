"""Series of activities without an end."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0043"
down_revision = "customer_0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=False), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=False), nullable=False),
        sa.Column("moved_by", sa.Interval(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_series")),
    )


def downgrade() -> None:
    op.drop_table("open_series")
