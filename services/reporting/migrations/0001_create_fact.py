"""Facts: what happened, credited to a staff member."""

import sqlalchemy as sa
from alembic import op

revision = "reporting_0001"
down_revision = None
branch_labels = ("reporting",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.String(length=60), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("remaining", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("takes_back_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=False),
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
        sa.CheckConstraint("count IN (1, -1)", name=op.f("ck_fact_once")),
        sa.ForeignKeyConstraint(["takes_back_id"], ["fact.id"], name=op.f("fk_fact_takes_back_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("takes_back_id", name=op.f("uq_fact_takes_back_id")),
    )
    op.create_index("ix_fact_about_id_recorded_at", "fact", ["about_id", "recorded_at"], unique=False)
    op.create_index(
        "ix_fact_branch_id_created_at",
        "fact",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_fact_created_at_id",
        "fact",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_fact_department_id_created_at",
        "fact",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_fact_happened_at_id", "fact", ["happened_at", "id"], unique=False)
    op.create_index("ix_fact_happened_on_kind", "fact", ["happened_on", "kind"], unique=False)
    op.create_index(
        "ix_fact_owner_id_created_at",
        "fact",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_fact_owner_id_happened_on", "fact", ["owner_id", "happened_on"], unique=False)
    op.create_index("ix_fact_record_id_kind", "fact", ["record_id", "kind"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_fact_record_id_kind", table_name="fact")
    op.drop_index("ix_fact_owner_id_happened_on", table_name="fact")
    op.drop_index("ix_fact_owner_id_created_at", table_name="fact")
    op.drop_index("ix_fact_happened_on_kind", table_name="fact")
    op.drop_index("ix_fact_happened_at_id", table_name="fact")
    op.drop_index("ix_fact_department_id_created_at", table_name="fact")
    op.drop_index("ix_fact_created_at_id", table_name="fact")
    op.drop_index("ix_fact_branch_id_created_at", table_name="fact")
    op.drop_index("ix_fact_about_id_recorded_at", table_name="fact")
    op.drop_table("fact")
