"""Lists on their way into files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "organization_0005"
down_revision = "organization_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("file_kind", sa.String(length=10), nullable=False),
        sa.Column("list_of", sa.String(length=60), nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index(
        "ix_export_branch_id_created_at",
        "export",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_export_created_at_id",
        "export",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_export_department_id_created_at",
        "export",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_export_due",
        "export",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state in ('waiting', 'running')"),
    )
    op.create_index(
        "ix_export_ended_at",
        "export",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.create_index(
        "ix_export_owner_id_created_at",
        "export",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_export_owner_id_created_at", table_name="export")
    op.drop_index("ix_export_ended_at", table_name="export", postgresql_where=sa.text("state = 'ready'"))
    op.drop_index(
        "ix_export_due", table_name="export", postgresql_where=sa.text("state in ('waiting', 'running')")
    )
    op.drop_index("ix_export_department_id_created_at", table_name="export")
    op.drop_index("ix_export_created_at_id", table_name="export")
    op.drop_index("ix_export_branch_id_created_at", table_name="export")
    op.drop_table("export")
