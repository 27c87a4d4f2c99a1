"""Let web forms ask for chosen own fields, and be shown in frames of named sites."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0029"
down_revision = "customer_0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, kind in (("asked_field_ids", sa.Uuid()), ("sites", sa.Text())):
        op.add_column(
            "web_form", sa.Column(name, postgresql.ARRAY(kind), server_default="{}", nullable=False)
        )
        op.alter_column("web_form", name, server_default=None)


def downgrade() -> None:
    op.drop_column("web_form", "sites")
    op.drop_column("web_form", "asked_field_ids")
