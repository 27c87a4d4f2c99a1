"""Customer resource plans and their lines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0019"
down_revision = "customer_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resource_plan",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sales_plan", sa.String(length=100), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("average_deal", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("for_department_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
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
        sa.Column("own", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_plan")),
    )
    op.create_index(
        "ix_resource_plan_branch_id_created_at",
        "resource_plan",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_resource_plan_created_at_id",
        "resource_plan",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_resource_plan_department_id_created_at",
        "resource_plan",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_resource_plan_grams", "resource_plan", ["grams"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_resource_plan_own",
        "resource_plan",
        ["own"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.create_index(
        "ix_resource_plan_owner_id_created_at",
        "resource_plan",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "resource_plan_line",
        sa.Column("resource_plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_plan_id"],
            ["resource_plan.id"],
            name=op.f("fk_resource_plan_line_resource_plan_id_resource_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_plan_line")),
    )
    op.create_index(
        op.f("ix_resource_plan_line_resource_plan_id"),
        "resource_plan_line",
        ["resource_plan_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_resource_plan_line_resource_plan_id"), table_name="resource_plan_line")
    op.drop_table("resource_plan_line")
    op.drop_index("ix_resource_plan_owner_id_created_at", table_name="resource_plan")
    op.drop_index(
        "ix_resource_plan_own",
        table_name="resource_plan",
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.drop_index("ix_resource_plan_grams", table_name="resource_plan", postgresql_using="gin")
    op.drop_index("ix_resource_plan_department_id_created_at", table_name="resource_plan")
    op.drop_index("ix_resource_plan_created_at_id", table_name="resource_plan")
    op.drop_index("ix_resource_plan_branch_id_created_at", table_name="resource_plan")
    op.drop_table("resource_plan")
