"""Keep how forms are arranged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "organization_0008"
down_revision = "organization_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form",
        sa.Column("entity_name", sa.String(length=60), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_form_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
    )
    op.create_index(
        "ix_form_created_at_id",
        "form",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_form_entity_name_department_id",
        "form",
        ["entity_name", "department_id"],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "form_item",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=True),
        sa.Column("section", sa.String(length=60), nullable=True),
        sa.Column("section_en", sa.String(length=60), nullable=True),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("hint", sa.String(length=300), nullable=True),
        sa.Column("hint_en", sa.String(length=300), nullable=True),
        sa.Column("only_for", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_form_item_form_id_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_item")),
    )
    op.create_index(op.f("ix_form_item_form_id"), "form_item", ["form_id"], unique=False)


def downgrade() -> None:
    op.drop_table("form_item")
    op.drop_table("form")
