"""Contracts are told of once before they end."""

import sqlalchemy as sa
from alembic import op

revision = "receivables_0005"
down_revision = "receivables_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "contract", sa.Column("end_reminder_days", sa.Integer(), server_default="30", nullable=False)
    )
    op.add_column("contract", sa.Column("end_reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_contract_ends_on",
        "contract",
        ["ends_on"],
        unique=False,
        postgresql_where=sa.text("state = 'signed' and end_reminded_at is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_contract_ends_on",
        table_name="contract",
        postgresql_where=sa.text("state = 'signed' and end_reminded_at is null"),
    )
    op.drop_column("contract", "end_reminded_at")
    op.drop_column("contract", "end_reminder_days")
