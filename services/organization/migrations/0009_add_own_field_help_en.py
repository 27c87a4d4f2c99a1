"""An own field has a hint in English, as it has a name."""

import sqlalchemy as sa
from alembic import op

revision = "organization_0009"
down_revision = "organization_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("own_field", sa.Column("help_en", sa.String(length=300), nullable=True))


def downgrade() -> None:
    op.drop_column("own_field", "help_en")
