"""Call the turn of an attempt so (a number is what people call a paper by); keep its seconds as measured."""

import sqlalchemy as sa
from alembic import op

revision = "notification_0002"
down_revision = "notification_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("attempt", "seconds", type_=sa.Numeric(), existing_nullable=True)
    op.alter_column("attempt", "number", new_column_name="turn")


def downgrade() -> None:
    op.alter_column("attempt", "turn", new_column_name="number")
    op.alter_column("attempt", "seconds", type_=sa.Numeric(10, 2), existing_nullable=True)
