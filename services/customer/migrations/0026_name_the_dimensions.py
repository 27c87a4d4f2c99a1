"""The dimensions of the value model have names and bounds, and there is a third."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0026"
down_revision = "customer_0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "value_dimension",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("high_from", sa.Integer(), nullable=False),
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
        sa.Column("own", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_dimension")),
        sa.UniqueConstraint("code", name=op.f("uq_value_dimension_code")),
    )
    newest_first: list[Any] = [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")]
    op.create_index("ix_value_dimension_created_at_id", "value_dimension", newest_first, unique=False)
    op.create_index("ix_value_dimension_grams", "value_dimension", ["grams"], postgresql_using="gin")
    op.create_index(
        "ix_value_dimension_own", "value_dimension", ["own"], postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"}, postgresql_where=sa.text("own <> '{}'"),
    )  # fmt: skip
    op.add_column("rules_applied", sa.Column("dimensions", postgresql.JSONB(), nullable=True))
    op.add_column("customer", sa.Column("third_score", sa.Numeric(precision=4, scale=1), nullable=True))


def downgrade() -> None:
    op.drop_column("customer", "third_score")
    op.drop_column("rules_applied", "dimensions")
    op.drop_table("value_dimension")
