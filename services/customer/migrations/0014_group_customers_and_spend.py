"""Customers in groups and families, private customers of contacts, what is spent on activities."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0014"
down_revision = "customer_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("activity", sa.Column("expense", sa.Numeric(precision=18, scale=2), nullable=True))
    op.add_column("activity", sa.Column("expense_kind_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_activity_contact_id",
        "activity",
        ["contact_id"],
        unique=False,
        postgresql_where=sa.text("contact_id is not null"),
    )
    op.add_column(
        "contact",
        sa.Column("expense_amount", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False),
    )
    op.add_column(
        "customer", sa.Column("nature", sa.String(length=20), server_default="company", nullable=False)
    )
    op.add_column("customer", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("contact_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("company_id", sa.Uuid(), nullable=True))
    op.add_column(
        "customer",
        sa.Column("expense_amount", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False),
    )
    op.create_index(
        "ix_customer_company_id",
        "customer",
        ["company_id"],
        unique=False,
        postgresql_where=sa.text("company_id is not null"),
    )
    op.create_index(
        "ix_customer_contact_id",
        "customer",
        ["contact_id"],
        unique=False,
        postgresql_where=sa.text("contact_id is not null"),
    )
    op.create_index(
        "ix_customer_parent_id",
        "customer",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text("parent_id is not null"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_customer_parent_id", table_name="customer", postgresql_where=sa.text("parent_id is not null")
    )
    op.drop_index(
        "ix_customer_contact_id", table_name="customer", postgresql_where=sa.text("contact_id is not null")
    )
    op.drop_index(
        "ix_customer_company_id", table_name="customer", postgresql_where=sa.text("company_id is not null")
    )
    op.drop_column("customer", "expense_amount")
    op.drop_column("customer", "company_id")
    op.drop_column("customer", "contact_id")
    op.drop_column("customer", "parent_id")
    op.drop_column("customer", "nature")
    op.drop_column("contact", "expense_amount")
    op.drop_index(
        "ix_activity_contact_id", table_name="activity", postgresql_where=sa.text("contact_id is not null")
    )
    op.drop_column("activity", "expense_kind_id")
    op.drop_column("activity", "expense")
