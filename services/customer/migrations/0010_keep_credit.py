"""How far a customer is trusted, and what it owes."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0010"
down_revision = "customer_0009"
branch_labels = None
depends_on = None

OWED = """
WITH RECURSIVE went AS (
    SELECT gone.id::uuid AS id, merge.kept_id FROM merge, jsonb_array_elements_text(gone_ids) AS gone(id)
    WHERE undone_at IS NULL
), way AS (
    SELECT id, kept_id, 1 AS steps FROM went
    UNION ALL SELECT way.id, went.kept_id, steps + 1 FROM way JOIN went ON went.id = way.kept_id WHERE steps < 50
), kept AS (
    SELECT DISTINCT ON (id) id, kept_id FROM way ORDER BY id, steps DESC
), contract AS (
    SELECT thing_id, min(customer_id::text)::uuid AS customer_id,
        sum(amount) FILTER (WHERE what IN ('contract_signed', 'former_contract_booked'))
        - coalesce(sum(amount) FILTER (WHERE what = 'payment_recorded'), 0) AS owed
    FROM dealing GROUP BY thing_id
    HAVING bool_or(what IN ('contract_signed', 'former_contract_booked')) AND NOT bool_or(what = 'contract_cancelled')
), owed AS (
    SELECT coalesce(kept.kept_id, contract.customer_id) AS customer_id, sum(owed) AS amount
    FROM contract LEFT JOIN kept ON kept.id = contract.customer_id GROUP BY 1
)
UPDATE customer SET owed_amount = owed.amount FROM owed WHERE owed.customer_id = customer.id
"""


def upgrade() -> None:
    op.add_column(
        "customer", sa.Column("credit_standing", sa.String(length=20), server_default="good", nullable=False)
    )
    op.add_column("customer", sa.Column("credit_limit", sa.Numeric(precision=18, scale=2), nullable=True))
    op.add_column("customer", sa.Column("credit_days", sa.Integer(), nullable=True))
    op.add_column("customer", sa.Column("credit_because", sa.Text(), nullable=True))
    op.add_column(
        "customer",
        sa.Column("owed_amount", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False),
    )
    op.execute(OWED)


def downgrade() -> None:
    for column in ("owed_amount", "credit_because", "credit_days", "credit_limit", "credit_standing"):
        op.drop_column("customer", column)
