"""Where people worked before may be no customer of ours; what hangs on whoever changed her job stands where it belongs."""

import sqlalchemy as sa
from alembic import op

revision = "customer_0032"
down_revision = "customer_0031"
branch_labels = None
depends_on = None

HERS = "FROM contact AS who WHERE who.id = {table}.contact_id AND who.customer_id <> {table}.customer_id AND {table}.archived_at IS NULL"
ENDS = "ver = {table}.ver + 1, archived_at = now()"
GOES_ALONG = (
    "ver = {table}.ver + 1, customer_id = who.customer_id, owner_id = who.owner_id, department_id = who.department_id, "
    "branch_id = who.branch_id"
)


def upgrade() -> None:
    op.add_column("employment", sa.Column("employer", sa.String(length=200), nullable=True))
    op.execute(
        "UPDATE employment SET employer = name_of.name FROM customer AS name_of WHERE name_of.id = employment.customer_id"
    )
    for column in ("customer_id", "until_on"):
        op.alter_column("employment", column, nullable=True)
    for table, change, which in (
        ("stakeholder", ENDS, ""),
        ("contact_link", ENDS, " AND contact_link.kind = 'reports_to'"),
        ("contact_link", GOES_ALONG, ""),
        ("wish", GOES_ALONG, ""),
    ):
        op.execute(
            f"UPDATE {table} SET " + change.format(table=table) + " " + HERS.format(table=table) + which
        )


def downgrade() -> None:
    op.execute("DELETE FROM employment WHERE customer_id IS NULL OR until_on IS NULL")
    for column in ("customer_id", "until_on"):
        op.alter_column("employment", column, nullable=False)
    op.drop_column("employment", "employer")
