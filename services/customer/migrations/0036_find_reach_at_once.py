"""What was just written is found by how it is reached as fast as the rest: an import asks for it in each of its chunks, and would
read all that waits to be sorted in (docs/decisions/0078)."""

from alembic import op

revision = "customer_0036"
down_revision = "customer_0035"
branch_labels = None
depends_on = None

TABLES = ("lead", "customer", "contact")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER INDEX ix_{table}_reach SET (fastupdate = off)")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER INDEX ix_{table}_reach RESET (fastupdate)")
