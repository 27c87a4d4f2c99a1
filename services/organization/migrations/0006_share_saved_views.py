"""Saved views belong to somebody and say whom they are for; each person says which opens first."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "organization_0006"
down_revision = "organization_0005"
branch_labels = None
depends_on = None

ORDER: list[Any] = [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")]
OWNERSHIP = ("owner_id", "department_id", "branch_id")


def upgrade() -> None:
    op.create_table(
        "first_view",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("list_of", sa.String(length=60), nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=True),
        sa.Column("query", sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint("staff_id", "list_of", name=op.f("pk_first_view")),
    )
    op.add_column(
        "saved_view", sa.Column("audience", sa.String(length=20), server_default="myself", nullable=False)
    )
    for column in OWNERSHIP:
        op.add_column("saved_view", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_index(f"ix_saved_view_{column}_created_at", "saved_view", [column, *ORDER])
    op.execute("UPDATE saved_view SET audience = 'everybody' WHERE is_shared")
    op.execute(
        "UPDATE saved_view SET owner_id = staff.id, department_id = staff.department_id, branch_id = staff.branch_id "
        "FROM staff WHERE staff.id = saved_view.created_by"
    )
    op.alter_column("saved_view", "audience", server_default=None)
    op.drop_column("saved_view", "is_shared")


def downgrade() -> None:
    op.add_column("saved_view", sa.Column("is_shared", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE saved_view SET is_shared = true WHERE audience = 'everybody'")
    op.alter_column("saved_view", "is_shared", server_default=None)
    for column in OWNERSHIP:
        op.drop_index(f"ix_saved_view_{column}_created_at", table_name="saved_view")
    for column in ("audience", *OWNERSHIP):
        op.drop_column("saved_view", column)
    op.drop_table("first_view")
