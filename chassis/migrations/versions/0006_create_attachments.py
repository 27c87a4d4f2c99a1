"""Files on records, and the parts of what is in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "chassis_0006"
down_revision = "chassis_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_part",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("file_id", "position", name=op.f("pk_file_part")),
    )
    op.create_index(
        "ix_file_part_waits_since",
        "file_part",
        ["waits_since"],
        postgresql_where=sa.text("waits_since is not null"),
    )
    op.execute(
        "ALTER TABLE file_part ALTER COLUMN data SET STORAGE EXTERNAL"
    )  # most files are compressed already
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_record_id", "attachment", ["record_id"])
    op.create_index("ix_attachment_file_id", "attachment", ["file_id"], unique=True)
    op.create_index("ix_attachment_grams", "attachment", ["grams"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_table("attachment")
    op.drop_table("file_part")
