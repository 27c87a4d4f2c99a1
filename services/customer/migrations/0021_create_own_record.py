"""Records of the kinds that the company defined itself."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0021"
down_revision = "customer_0020"
branch_labels = None
depends_on = None

ORDER: list[Any] = [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")]


def upgrade() -> None:
    op.create_table(
        "own_record",
        sa.Column("object_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
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
        sa.Column("own", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_record")),
        sa.UniqueConstraint("number", name=op.f("uq_own_record_number")),
    )
    op.create_index("ix_own_record_created_at_id", "own_record", ORDER, unique=False)
    for column in ("object_code", "owner_id", "department_id", "branch_id"):
        op.create_index(f"ix_own_record_{column}_created_at", "own_record", [column, *ORDER], unique=False)
    op.create_index("ix_own_record_customer_id", "own_record", ["customer_id"], unique=False)
    op.create_index("ix_own_record_tags", "own_record", ["tags"], unique=False, postgresql_using="gin")
    op.create_index("ix_own_record_grams", "own_record", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_own_record_own",
        "own_record",
        ["own"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )


def downgrade() -> None:
    op.drop_table("own_record")
