"""A remark is seen by whoever sees what it is about: it has no owner of its own. Its author may correct it."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0041"
down_revision = "customer_0040"
branch_labels = None
depends_on = None

OWNERS = ("owner_id", "department_id", "branch_id")


def upgrade() -> None:
    op.add_column("comment", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    for column in OWNERS:
        op.drop_index(f"ix_comment_{column}_created_at", table_name="comment")
        op.drop_column("comment", column)
    op.execute("DELETE FROM share WHERE entity = 'customer.comment'")


def downgrade() -> None:
    for column in OWNERS:
        op.add_column("comment", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_index(
            f"ix_comment_{column}_created_at",
            "comment",
            [column, sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        )
    op.drop_column("comment", "corrected_at")
