"""Tags on what people look after."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "service_desk_0003"
down_revision = "service_desk_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ticket", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_ticket_tags", "ticket", ["tags"], postgresql_using="gin")
    op.add_column(
        "article", sa.Column("tags", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False)
    )
    op.create_index("ix_article_tags", "article", ["tags"], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_ticket_tags", "ticket")
    op.drop_column("ticket", "tags")
    op.drop_index("ix_article_tags", "article")
    op.drop_column("article", "tags")
