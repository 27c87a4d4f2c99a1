"""Tags on what people look after."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0009"
down_revision = "customer_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lead", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False))
    op.create_index("ix_lead_tags", "lead", ["tags"], postgresql_using="gin")
    op.add_column(
        "customer", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_customer_tags", "customer", ["tags"], postgresql_using="gin")
    op.add_column(
        "contact", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_contact_tags", "contact", ["tags"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_lead_tags", "lead")
    op.drop_column("lead", "tags")
    op.drop_index("ix_customer_tags", "customer")
    op.drop_column("customer", "tags")
    op.drop_index("ix_contact_tags", "contact")
    op.drop_column("contact", "tags")
