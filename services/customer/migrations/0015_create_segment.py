"""Segments, their members, and which a record belongs to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0015"
down_revision = "customer_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=True),
        sa.Column("list_of", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("plan_kind_id", sa.Uuid(), nullable=True),
        sa.Column("plan_subject", sa.String(length=200), nullable=True),
        sa.Column("plan_in_days", sa.Integer(), nullable=False),
        sa.Column("plan_text", sa.Text(), nullable=True),
        sa.Column("tag_id", sa.Uuid(), nullable=True),
        sa.Column("strategy", sa.Text(), nullable=True),
        sa.Column("only_newcomers", sa.Boolean(), nullable=False),
        sa.Column("members", sa.Integer(), server_default="0", nullable=False),
        sa.Column("gathered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("trouble", sa.String(length=20), nullable=True),
        sa.Column("walked_to", sa.Uuid(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
    )
    op.create_index(
        "ix_segment_branch_id_created_at",
        "segment",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_segment_created_at_id",
        "segment",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_segment_department_id_created_at",
        "segment",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_segment_grams", "segment", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_segment_own",
        "segment",
        ["own"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.create_index(
        "ix_segment_owner_id_created_at",
        "segment",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "segment_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unhandled", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_member")),
    )
    op.create_index("ix_segment_member_since", "segment_member", ["segment_id", "since"], unique=False)
    op.create_index(
        "ix_segment_member_there",
        "segment_member",
        ["segment_id", "record_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index(
        "ix_segment_member_until",
        "segment_member",
        ["segment_id", "until"],
        unique=False,
        postgresql_where=sa.text("until IS NOT NULL"),
    )
    op.create_index(
        "ix_segment_member_waiting",
        "segment_member",
        ["since", "id"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL AND until IS NULL"),
    )
    op.add_column("activity", sa.Column("segment_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_activity_segment_id",
        "activity",
        ["segment_id"],
        unique=False,
        postgresql_where=sa.text("segment_id is not null"),
    )
    op.add_column(
        "contact", sa.Column("segments", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_contact_segments", "contact", ["segments"], unique=False, postgresql_using="gin")
    op.add_column(
        "customer", sa.Column("segments", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_customer_segments", "customer", ["segments"], unique=False, postgresql_using="gin")
    op.add_column(
        "lead", sa.Column("segments", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_lead_segments", "lead", ["segments"], unique=False, postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_lead_segments", table_name="lead", postgresql_using="gin")
    op.drop_column("lead", "segments")
    op.drop_index("ix_customer_segments", table_name="customer", postgresql_using="gin")
    op.drop_column("customer", "segments")
    op.drop_index("ix_contact_segments", table_name="contact", postgresql_using="gin")
    op.drop_column("contact", "segments")
    op.drop_index(
        "ix_activity_segment_id", table_name="activity", postgresql_where=sa.text("segment_id is not null")
    )
    op.drop_column("activity", "segment_id")
    op.drop_index(
        "ix_segment_member_waiting",
        table_name="segment_member",
        postgresql_where=sa.text("handled_at IS NULL AND until IS NULL"),
    )
    op.drop_index(
        "ix_segment_member_until", table_name="segment_member", postgresql_where=sa.text("until IS NOT NULL")
    )
    op.drop_index(
        "ix_segment_member_there", table_name="segment_member", postgresql_where=sa.text("until IS NULL")
    )
    op.drop_index("ix_segment_member_since", table_name="segment_member")
    op.drop_table("segment_member")
    op.drop_index("ix_segment_owner_id_created_at", table_name="segment")
    op.drop_index(
        "ix_segment_own",
        table_name="segment",
        postgresql_using="gin",
        postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )
    op.drop_index("ix_segment_grams", table_name="segment", postgresql_using="gin")
    op.drop_index("ix_segment_department_id_created_at", table_name="segment")
    op.drop_index("ix_segment_created_at_id", table_name="segment")
    op.drop_index("ix_segment_branch_id_created_at", table_name="segment")
    op.drop_table("segment")
