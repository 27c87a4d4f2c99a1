"""Keys that only read a calendar."""

import sqlalchemy as sa
from alembic import op

revision = "organization_0004"
down_revision = "organization_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("token", sa.Column("use", sa.String(length=20), server_default="programs", nullable=False))


def downgrade() -> None:
    op.drop_column("token", "use")
