"""Who has the form of a record open just now; after a crash nobody has, so it need not be safe."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0014"
down_revision = "chassis_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_form",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "person_id", name=op.f("pk_open_form")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_open_form_seen_at", "open_form", ["seen_at"])


def downgrade() -> None:
    op.drop_table("open_form")
