"""Of two cards of one version the one that was told later counts."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0015"
down_revision = "chassis_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("replica", sa.Column("retold", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("replica", "retold")
