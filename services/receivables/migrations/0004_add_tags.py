"""Tags on what people look after."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "receivables_0004"
down_revision = "receivables_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "contract", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_contract_tags", "contract", ["tags"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_contract_tags", "contract")
    op.drop_column("contract", "tags")
