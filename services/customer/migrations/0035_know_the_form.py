"""A lead knows the web form it came by and whether a program may have sent it; a form how often one address may send it."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0035"
down_revision = "customer_0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lead", sa.Column("web_form_id", sa.Uuid(), nullable=True))
    op.add_column(
        "lead", sa.Column("is_suspect", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index(
        "ix_lead_web_form_id", "lead", ["web_form_id"], postgresql_where=sa.text("web_form_id is not null")
    )
    op.add_column("web_form", sa.Column("most_a_day", sa.Integer(), server_default="100", nullable=False))
    op.create_table(
        "web_form_sender",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", "sent_on", "sender"),
    )


def downgrade() -> None:
    op.drop_table("web_form_sender")
    op.drop_column("web_form", "most_a_day")
    op.drop_index(
        "ix_lead_web_form_id", table_name="lead", postgresql_where=sa.text("web_form_id is not null")
    )
    op.drop_column("lead", "is_suspect")
    op.drop_column("lead", "web_form_id")
