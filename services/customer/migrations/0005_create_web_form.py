"""Forms for the website."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0005"
down_revision = "customer_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_form",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("asks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("asks_own_fields", sa.Boolean(), nullable=False),
        sa.Column("thanks", sa.String(length=300), nullable=True),
        sa.Column("thanks_en", sa.String(length=300), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_form")),
        sa.UniqueConstraint("code", name=op.f("uq_web_form_code")),
    )
    op.create_index(
        "ix_web_form_created_at_id",
        "web_form",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_web_form_grams", "web_form", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_web_form_own",
        "web_form",
        ["own"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_web_form_own",
        table_name="web_form",
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.drop_index("ix_web_form_grams", table_name="web_form", postgresql_using="gin")
    op.drop_index("ix_web_form_created_at_id", table_name="web_form")
    op.drop_table("web_form")
