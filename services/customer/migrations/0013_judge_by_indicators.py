"""The value model: indicators, scores and the lifetime value."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0013"
down_revision = "customer_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "value_indicator",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=True),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=True),
        sa.Column("worst", sa.Numeric(), nullable=False),
        sa.Column("best", sa.Numeric(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_indicator")),
    )
    op.create_index(
        "ix_value_indicator_created_at_id",
        "value_indicator",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
    )
    op.create_index("ix_value_indicator_grams", "value_indicator", ["grams"], postgresql_using="gin")
    op.create_index(
        "ix_value_indicator_own", "value_indicator", ["own"], postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"}, postgresql_where=sa.text("own <> '{}'"),
    )  # fmt: skip
    op.add_column("rules_applied", sa.Column("indicators", postgresql.JSONB(), nullable=True))
    op.add_column("customer", sa.Column("value_score", sa.Numeric(precision=4, scale=1), nullable=True))
    op.add_column("customer", sa.Column("propensity_score", sa.Numeric(precision=4, scale=1), nullable=True))
    op.add_column("customer", sa.Column("value_group", sa.String(length=20), nullable=True))
    op.add_column(
        "customer", sa.Column("lifetime_value", sa.Numeric(18, 2), server_default="0", nullable=False)
    )
    op.create_index("ix_customer_lifetime_value_id", "customer", ["lifetime_value", "id"])
    op.drop_index("ix_customer_contracts_amount_id", "customer")
    op.execute("UPDATE customer SET lifetime_value = contracts_amount + open_amount")


def downgrade() -> None:
    op.create_index("ix_customer_contracts_amount_id", "customer", ["contracts_amount", "id"])
    op.drop_index("ix_customer_lifetime_value_id", "customer")
    for column in ("lifetime_value", "value_group", "propensity_score", "value_score"):
        op.drop_column("customer", column)
    op.drop_column("rules_applied", "indicators")
    op.drop_table("value_indicator")
