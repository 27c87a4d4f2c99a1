"""Lists that people keep as tabs."""

import sqlalchemy as sa
from alembic import op

revision = "organization_0002"
down_revision = "organization_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("list_of", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(
        "ix_saved_view_created_at_id",
        "saved_view",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_saved_view_list_of", "saved_view", ["list_of"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_saved_view_list_of", table_name="saved_view")
    op.drop_index("ix_saved_view_created_at_id", table_name="saved_view")
    op.drop_table("saved_view")
