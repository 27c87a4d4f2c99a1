"""How often the ladder is told and to whom; how often customers of a value class are to be in contact with us."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0039"
down_revision = "customer_0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    newest_first: list[Any] = [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")]
    op.create_table(
        "ladder_report",
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("role_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("told_until", sa.Date(), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_report")),
    )
    op.create_index("ix_ladder_report_created_at_id", "ladder_report", newest_first, unique=False)
    op.create_table(
        "contact_rhythm",
        sa.Column("value_class", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_rhythm")),
        sa.UniqueConstraint("value_class", name=op.f("uq_contact_rhythm_value_class")),
    )
    op.create_index("ix_contact_rhythm_created_at_id", "contact_rhythm", newest_first, unique=False)


def downgrade() -> None:
    op.drop_table("contact_rhythm")
    op.drop_table("ladder_report")
