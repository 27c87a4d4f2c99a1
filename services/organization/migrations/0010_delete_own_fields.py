"""An own field that was put away can be deleted; its code is free then."""

import sqlalchemy as sa
from alembic import op

revision = "organization_0010"
down_revision = "organization_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("own_field", sa.Column("kept_as", sa.String(length=60), nullable=True))
    op.add_column(
        "own_field", sa.Column("state", sa.String(length=40), server_default="defined", nullable=False)
    )
    op.add_column("own_field", sa.Column("state_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint("uq_own_field_entity_name_code", "own_field", type_="unique")
    op.create_index(
        "ix_own_field_entity_name_code", "own_field", ["entity_name", "code"], unique=True,
        postgresql_where=sa.text("state = 'defined'"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_own_field_entity_name_code", table_name="own_field")
    op.execute("DELETE FROM own_choice WHERE field_id IN (SELECT id FROM own_field WHERE state = 'deleted')")
    op.execute("DELETE FROM own_field WHERE state = 'deleted'")
    op.create_unique_constraint("uq_own_field_entity_name_code", "own_field", ["entity_name", "code"])
    for name in ("state_at", "state", "kept_as"):
        op.drop_column("own_field", name)
