"""Steps of a contract's execution lead customers on in their lifecycle."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0038"
down_revision = "customer_0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dealing",
        sa.Column("taken", postgresql.JSONB(astext_type=sa.Text(), none_as_null=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("dealing", "taken")
