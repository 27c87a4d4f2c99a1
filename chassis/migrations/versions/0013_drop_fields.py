"""What became of the values of own fields that were deleted."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0013"
down_revision = "chassis_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dropped_field",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("kept_as", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("walked_to", sa.Uuid(), nullable=True),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropped_field")),
    )
    op.create_index(
        "ix_dropped_field_open", "dropped_field", ["heard_at"], postgresql_where=sa.text("done_at IS NULL")
    )


def downgrade() -> None:
    op.drop_table("dropped_field")
