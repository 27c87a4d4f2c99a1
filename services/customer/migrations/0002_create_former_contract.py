"""Create contracts of former days."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0002"
down_revision = "customer_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_contract",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("paid", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_contract")),
    )
    op.create_index(
        "ix_former_contract_branch_id_created_at",
        "former_contract",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_former_contract_created_at_id",
        "former_contract",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_former_contract_customer_id", "former_contract", ["customer_id"], unique=False)
    op.create_index(
        "ix_former_contract_department_id_created_at",
        "former_contract",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_former_contract_grams", "former_contract", ["grams"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_former_contract_owner_id_created_at",
        "former_contract",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_former_contract_owner_id_created_at", table_name="former_contract")
    op.drop_index("ix_former_contract_grams", table_name="former_contract", postgresql_using="gin")
    op.drop_index("ix_former_contract_department_id_created_at", table_name="former_contract")
    op.drop_index("ix_former_contract_customer_id", table_name="former_contract")
    op.drop_index("ix_former_contract_created_at_id", table_name="former_contract")
    op.drop_index("ix_former_contract_branch_id_created_at", table_name="former_contract")
    op.drop_table("former_contract")
