"""Activities again and again, and when their owners are reminded."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0011"
down_revision = "customer_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "activity", sa.Column("remind", sa.String(length=40), server_default="by_kind", nullable=False)
    )
    op.add_column("activity", sa.Column("repeats", sa.String(length=100), nullable=True))
    op.add_column("activity", sa.Column("series_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_activity_series_id", "activity", ["series_id"], postgresql_where=sa.text("series_id is not null")
    )
    op.create_index(
        "ix_activity_planned", "activity", ["starts_at"], postgresql_where=sa.text("state = 'planned'")
    )
    op.create_table(
        "reminder_rule",
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
    )
    op.create_index(
        "ix_reminder_rule_created_at_id",
        "reminder_rule",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
    )
    op.create_table(
        "reminded",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("activity_id", "starts_at", "minutes", name=op.f("pk_reminded")),
    )


def downgrade() -> None:
    op.drop_table("reminded")
    op.drop_table("reminder_rule")
    op.drop_index("ix_activity_planned", "activity")
    op.drop_index("ix_activity_series_id", "activity")
    for column in ("series_id", "repeats", "remind"):
        op.drop_column("activity", column)
