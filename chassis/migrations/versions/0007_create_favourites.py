"""Stars that people put on records."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0007"
down_revision = "chassis_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "favourite",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "record_id", name=op.f("pk_favourite")),
    )
    op.create_index("ix_favourite_person_id_at", "favourite", ["person_id", "at"])


def downgrade() -> None:
    op.drop_table("favourite")
