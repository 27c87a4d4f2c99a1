"""Stages of the lifecycle, what people say about them, and where each customer stands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0008"
down_revision = "customer_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lifecycle_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_mark")),
    )
    op.create_index("ix_lifecycle_mark_customer_id", "lifecycle_mark", ["customer_id"], unique=False)
    op.create_table(
        "lifecycle_stage",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=True),
        sa.Column("entered_by", sa.String(length=40), nullable=True),
        sa.Column("stalls_after_days", sa.Integer(), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_stage")),
    )
    op.create_index(
        "ix_lifecycle_stage_created_at_id",
        "lifecycle_stage",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_lifecycle_stage_grams", "lifecycle_stage", ["grams"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_lifecycle_stage_own",
        "lifecycle_stage",
        ["own"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.add_column("customer", sa.Column("stage_id", sa.Uuid(), nullable=True))
    op.add_column("customer", sa.Column("stage_since", sa.Date(), nullable=True))
    op.add_column("customer", sa.Column("stalls_on", sa.Date(), nullable=True))
    op.add_column("customer", sa.Column("is_lost", sa.Boolean(), server_default="false", nullable=False))
    op.create_index("ix_customer_stage_id", "customer", ["stage_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_customer_stage_id", table_name="customer")
    op.drop_column("customer", "is_lost")
    op.drop_column("customer", "stalls_on")
    op.drop_column("customer", "stage_since")
    op.drop_column("customer", "stage_id")
    op.drop_index(
        "ix_lifecycle_stage_own",
        table_name="lifecycle_stage",
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.drop_index("ix_lifecycle_stage_grams", table_name="lifecycle_stage", postgresql_using="gin")
    op.drop_index("ix_lifecycle_stage_created_at_id", table_name="lifecycle_stage")
    op.drop_table("lifecycle_stage")
    op.drop_index("ix_lifecycle_mark_customer_id", table_name="lifecycle_mark")
    op.drop_table("lifecycle_mark")
