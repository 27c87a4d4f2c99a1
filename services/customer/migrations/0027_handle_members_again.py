"""Segments give members to somebody, take a second step, and keep why one could not be handled as a problem."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0027"
down_revision = "customer_0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("segment", sa.Column("give_to_id", sa.Uuid(), nullable=True))
    op.add_column("segment", sa.Column("again_in_days", sa.Integer(), nullable=True))
    op.add_column("segment", sa.Column("again_kind_id", sa.Uuid(), nullable=True))
    op.add_column("segment", sa.Column("again_subject", sa.String(length=200), nullable=True))
    op.add_column("segment", sa.Column("again_text", sa.Text(), nullable=True))
    op.add_column("segment_member", sa.Column("again_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_segment_member_again_on",
        "segment_member",
        ["again_on"],
        postgresql_where=sa.text("again_on IS NOT NULL"),
    )
    op.alter_column(
        "segment_member", "unhandled", type_=postgresql.JSONB(),
        postgresql_using="CASE WHEN unhandled IS NOT NULL THEN jsonb_build_object('code', CASE unhandled WHEN 'owner_left' "
        "THEN 'SegmentOwnerLeft' ELSE unhandled END, 'params', '{}'::jsonb) END",
    )  # fmt: skip


def downgrade() -> None:
    op.alter_column(
        "segment_member",
        "unhandled",
        type_=sa.String(length=60),
        postgresql_using="left(unhandled ->> 'code', 60)",
    )
    op.drop_index("ix_segment_member_again_on", "segment_member")
    op.drop_column("segment_member", "again_on")
    for name in ("again_text", "again_subject", "again_kind_id", "again_in_days", "give_to_id"):
        op.drop_column("segment", name)
