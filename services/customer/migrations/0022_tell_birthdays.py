"""Customers who are persons have a birthday and a mobile; how long before a birthday somebody is told."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0022"
down_revision = "customer_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer", sa.Column("mobile", sa.String(length=60), nullable=True))
    op.add_column("customer", sa.Column("birthday", sa.Date(), nullable=True))
    op.create_table(
        "birthday_rule",
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_birthday_rule")),
    )
    newest_first: list[Any] = [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")]
    op.create_index("ix_birthday_rule_created_at_id", "birthday_rule", newest_first, unique=False)


def downgrade() -> None:
    op.drop_table("birthday_rule")
    op.drop_column("customer", "birthday")
    op.drop_column("customer", "mobile")
