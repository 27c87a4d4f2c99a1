"""Name the field by which rows of an import find the records they change."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0005"
down_revision = "chassis_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_job", sa.Column("key", sa.String(length=60), nullable=True))


def downgrade() -> None:
    op.drop_column("import_job", "key")
