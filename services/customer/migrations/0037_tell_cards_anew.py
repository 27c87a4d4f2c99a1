"""The cards of customers say more: those there are already are told anew, some at a time."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0037"
down_revision = "customer_0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer", sa.Column("retold", sa.Integer(), server_default="-1", nullable=False))
    op.alter_column("customer", "retold", server_default="0")
    op.create_index("ix_customer_retold", "customer", ["retold"], postgresql_where=sa.text("retold < 0"))


def downgrade() -> None:
    op.drop_index("ix_customer_retold", "customer")
    op.drop_column("customer", "retold")
