"""The value class and the loyalty step are each by hand or by rule; where both were by hand, both still are."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0034"
down_revision = "customer_0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "customer", sa.Column("is_loyalty_by_hand", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("customer", sa.Column("loyalty_until", sa.Date(), nullable=True))
    op.add_column("customer", sa.Column("loyalty_because", sa.Text(), nullable=True))
    op.execute(
        """
        UPDATE customer SET is_loyalty_by_hand = true, loyalty_until = classified_until, loyalty_because = classified_because
        WHERE is_classified_by_hand
        """
    )


def downgrade() -> None:
    op.execute(
        """
        UPDATE customer SET is_classified_by_hand = true, classified_until = loyalty_until, classified_because = loyalty_because
        WHERE is_loyalty_by_hand AND NOT is_classified_by_hand
        """
    )
    for column in ("loyalty_because", "loyalty_until", "is_loyalty_by_hand"):
        op.drop_column("customer", column)
