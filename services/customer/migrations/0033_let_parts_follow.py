"""What belongs to a customer or a contact has its owner, also where that one got another before parts went along."""

from alembic import op

revision = "customer_0033"
down_revision = "customer_0032"
branch_labels = None
depends_on = None

PARTS = (
    *(
        (part, "customer_id", "customer")
        for part in ("contact", "employment", "wish", "former_contract", "stakeholder", "contact_link")
    ),
    *(("comment", "record_id", whole) for whole in ("customer", "lead", "contact", "activity", "own_record")),
)
"""Table, the field by which it is a part, the table of the whole."""


def upgrade() -> None:
    for part, field, whole in PARTS:
        op.execute(
            f"""
            UPDATE {part} SET owner_id = whole.owner_id, department_id = whole.department_id, branch_id = whole.branch_id
            FROM {whole} AS whole
            WHERE whole.id = {part}.{field} AND {part}.owner_id IS DISTINCT FROM whole.owner_id
            """
        )


def downgrade() -> None:
    """Whose they were before is not known any more, nor does anything ask."""
