"""Value classes and loyalty steps by rules; strategies for customers and contacts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0007"
down_revision = "customer_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rules_applied",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_applied")),
    )
    op.create_table(
        "value_rule",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=True),
        sa.Column("value_class", sa.String(length=40), nullable=True),
        sa.Column("loyalty", sa.String(length=40), nullable=True),
        sa.Column("contracts_count_from", sa.Integer(), nullable=True),
        sa.Column("contracts_amount_from", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("paid_amount_from", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("contract_within_days", sa.Integer(), nullable=True),
        sa.Column("open_opportunities_from", sa.Integer(), nullable=True),
        sa.Column("open_amount_from", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("contact_within_days", sa.Integer(), nullable=True),
        sa.Column("strategic_value_from", sa.Numeric(precision=18, scale=2), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_rule")),
    )
    op.create_index(
        "ix_value_rule_created_at_id",
        "value_rule",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_value_rule_grams", "value_rule", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_value_rule_own",
        "value_rule",
        ["own"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.add_column("contact", sa.Column("strategy", sa.Text(), nullable=True))
    op.add_column(
        "customer", sa.Column("loyalty", sa.String(length=40), server_default="target", nullable=False)
    )
    op.add_column("customer", sa.Column("strategic_value", sa.Numeric(precision=18, scale=2), nullable=True))
    op.add_column("customer", sa.Column("is_growth", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("customer", sa.Column("strategy", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("value_rule_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("loyalty_rule_id", sa.Uuid(), nullable=True))
    op.add_column(
        "customer", sa.Column("is_classified_by_hand", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("customer", sa.Column("classified_until", sa.Date(), nullable=True))
    op.add_column("customer", sa.Column("classified_because", sa.Text(), nullable=True))
    op.add_column("customer", sa.Column("classified_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_customer_classified_at",
        "customer",
        [sa.literal_column("classified_at NULLS FIRST")],
        unique=False,
    )
    # what somebody chose in former days is still her choice
    op.execute("UPDATE customer SET is_classified_by_hand = true WHERE value_class <> 'potential'")


def downgrade() -> None:
    op.drop_index("ix_customer_classified_at", table_name="customer")
    op.drop_column("customer", "classified_at")
    op.drop_column("customer", "classified_because")
    op.drop_column("customer", "classified_until")
    op.drop_column("customer", "is_classified_by_hand")
    op.drop_column("customer", "loyalty_rule_id")
    op.drop_column("customer", "value_rule_id")
    op.drop_column("customer", "strategy")
    op.drop_column("customer", "is_growth")
    op.drop_column("customer", "strategic_value")
    op.drop_column("customer", "loyalty")
    op.drop_column("contact", "strategy")
    op.drop_index(
        "ix_value_rule_own",
        table_name="value_rule",
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.drop_index("ix_value_rule_grams", table_name="value_rule", postgresql_using="gin")
    op.drop_index("ix_value_rule_created_at_id", table_name="value_rule")
    op.drop_table("value_rule")
    op.drop_table("rules_applied")
