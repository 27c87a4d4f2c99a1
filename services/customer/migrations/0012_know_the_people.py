"""Parts in buying, links, former jobs and wishes of the people at customers."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0012"
down_revision = "customer_0011"
branch_labels = None
depends_on = None

TABLES = {
    "stakeholder": (
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("influence", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
    ),
    "contact_link": (
        sa.Column("name", sa.String(length=210), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    ),
    "employment": (
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("job_title", sa.String(length=100), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
    ),
    "wish": (
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
    ),
}
LOOKED_UP = {
    "stakeholder": ("contact_id", "customer_id", "opportunity_id"),
    "contact_link": ("contact_id", "other_id", "customer_id"),
    "employment": ("contact_id", "customer_id"),
    "wish": ("customer_id", "contact_id"),
}


def upgrade() -> None:
    for name in ("family", "education"):
        op.add_column("contact", sa.Column(name, sa.String(length=300), nullable=True))
    for table, columns in TABLES.items():
        op.create_table(
            table,
            *columns,
            *_kept(),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        for column in LOOKED_UP[table]:
            op.create_index(f"ix_{table}_{column}", table, [column])
        order: list[Any] = [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")]
        op.create_index(f"ix_{table}_created_at_id", table, order)
        for column in ("owner_id", "department_id", "branch_id"):
            op.create_index(f"ix_{table}_{column}_created_at", table, [column, *order])
    op.create_index("ix_wish_grams", "wish", ["grams"], postgresql_using="gin")
    op.create_index(
        "ix_wish_own", "wish", ["own"], postgresql_using="gin", postgresql_ops={"own": "jsonb_path_ops"},
        postgresql_where=sa.text("own <> '{}'"),
    )  # fmt: skip


def _kept() -> list[sa.Column]:
    return [
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
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
    ]


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("contact", "education")
    op.drop_column("contact", "family")
