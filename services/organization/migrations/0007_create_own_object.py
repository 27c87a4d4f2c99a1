"""Kinds of record that the company defines itself."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "organization_0007"
down_revision = "organization_0006"
branch_labels = None
depends_on = None

ORDER: list[Any] = [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")]


def upgrade() -> None:
    op.create_table(
        "own_object",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=True),
        sa.Column("plural_en", sa.String(length=60), nullable=True),
        sa.Column("icon_name", sa.String(length=40), nullable=False),
        sa.Column("has_customer", sa.Boolean(), nullable=False),
        sa.Column("number_prefix", sa.String(length=6), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rights", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_object")),
        sa.UniqueConstraint("code", name=op.f("uq_own_object_code")),
    )
    op.create_index("ix_own_object_created_at_id", "own_object", ORDER, unique=False)
    op.create_index("ix_own_object_grams", "own_object", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_own_object_own",
        "own_object",
        ["own"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )


def downgrade() -> None:
    op.drop_table("own_object")
