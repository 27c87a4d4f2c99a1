"""Create what people have said to be different things, however much they agree."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "chassis_0011"
down_revision = "chassis_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "different",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_different")),
    )
    op.create_index("ix_different_ids", "different", ["ids"], postgresql_using="gin")
    op.create_index("ix_different_entity_at", "different", ["entity", "at"])


def downgrade() -> None:
    op.drop_table("different")
