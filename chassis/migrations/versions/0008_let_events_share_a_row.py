"""Events of one act share a row of the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0008"
down_revision = "chassis_0007"
branch_labels = None
depends_on = None

REFUSED = sa.text("published_at is null and error is not null")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("count", sa.Integer(), server_default="1", nullable=False))
    op.drop_index("ix_outbox_refused", table_name="outbox", postgresql_where=REFUSED)
    op.alter_column(
        "outbox", "aggregate_id", new_column_name="aggregate_ids", type_=sa.ARRAY(sa.Uuid()),
        postgresql_using="ARRAY[aggregate_id]",
    )  # fmt: skip
    op.create_index(
        "ix_outbox_refused", "outbox", ["aggregate_ids"], postgresql_using="gin", postgresql_where=REFUSED
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_refused", table_name="outbox", postgresql_using="gin", postgresql_where=REFUSED)
    op.alter_column(
        "outbox", "aggregate_ids", new_column_name="aggregate_id", type_=sa.Uuid(),
        postgresql_using="aggregate_ids[1]",
    )  # fmt: skip
    op.create_index("ix_outbox_refused", "outbox", ["aggregate_id", "id"], postgresql_where=REFUSED)
    op.drop_column("outbox", "count")
