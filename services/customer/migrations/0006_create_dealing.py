"""Keep what other services tell of customers, and the figures that follow from it."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0006"
down_revision = "customer_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dealing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("told_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("remaining", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dealing")),
    )
    op.create_index("ix_dealing_customer_id", "dealing", ["customer_id"], unique=False)
    op.create_index("ix_dealing_thing_id", "dealing", ["thing_id"], unique=False)
    op.add_column("customer", sa.Column("contracts_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "customer",
        sa.Column("contracts_amount", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False),
    )
    op.add_column("customer", sa.Column("last_contract_on", sa.Date(), nullable=True))
    op.add_column(
        "customer",
        sa.Column("paid_amount", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False),
    )
    op.add_column(
        "customer",
        sa.Column("overdue_amount", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False),
    )
    op.add_column(
        "customer", sa.Column("open_opportunities", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "customer",
        sa.Column("open_amount", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False),
    )
    op.add_column(
        "customer", sa.Column("won_opportunities", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "customer", sa.Column("lost_opportunities", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("customer", sa.Column("open_tickets", sa.Integer(), server_default="0", nullable=False))
    op.add_column("customer", sa.Column("average_rating", sa.Numeric(precision=3, scale=2), nullable=True))
    op.add_column("customer", sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("customer", sa.Column("next_activity_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("customer", sa.Column("open_activities", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_customer_contracts_amount_id", "customer", ["contracts_amount", "id"], unique=False)
    op.create_index(
        "ix_customer_last_activity_at_id",
        "customer",
        [sa.literal_column("last_activity_at DESC NULLS LAST"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.execute(
        """
        UPDATE customer SET last_activity_at = told.last, next_activity_at = told.following, open_activities = told.open
        FROM (
            SELECT customer_id, max(done_at) FILTER (WHERE state = 'done') AS last,
                min(starts_at) FILTER (WHERE state = 'planned') AS following,
                count(*) FILTER (WHERE state = 'planned') AS open
            FROM activity WHERE customer_id IS NOT NULL AND archived_at IS NULL GROUP BY customer_id
        ) AS told
        WHERE told.customer_id = customer.id
        """
    )


def downgrade() -> None:
    op.drop_index("ix_customer_last_activity_at_id", table_name="customer")
    op.drop_index("ix_customer_contracts_amount_id", table_name="customer")
    op.drop_column("customer", "open_activities")
    op.drop_column("customer", "next_activity_at")
    op.drop_column("customer", "last_activity_at")
    op.drop_column("customer", "average_rating")
    op.drop_column("customer", "open_tickets")
    op.drop_column("customer", "lost_opportunities")
    op.drop_column("customer", "won_opportunities")
    op.drop_column("customer", "open_amount")
    op.drop_column("customer", "open_opportunities")
    op.drop_column("customer", "overdue_amount")
    op.drop_column("customer", "paid_amount")
    op.drop_column("customer", "last_contract_on")
    op.drop_column("customer", "contracts_amount")
    op.drop_column("customer", "contracts_count")
    op.drop_index("ix_dealing_thing_id", table_name="dealing")
    op.drop_index("ix_dealing_customer_id", table_name="dealing")
    op.drop_table("dealing")
