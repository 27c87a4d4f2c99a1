"""Steps of a contract's execution begin on a day of their own."""

import sqlalchemy as sa
from alembic import op

revision = "receivables_0006"
down_revision = "receivables_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("execution_step", sa.Column("begun_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("execution_step", "begun_on")
