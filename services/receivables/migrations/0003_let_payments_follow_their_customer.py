"""Let payments follow their customer when two customers turn out to be one; all else of a payment stays as it is."""

from alembic import op

revision = "receivables_0003"
down_revision = "receivables_0002"
branch_labels = None
depends_on = None

DROP = "DROP TRIGGER keep_payment ON payment"
KEEP = (
    "CREATE TRIGGER keep_payment BEFORE DELETE OR UPDATE OF id, contract_id, receivable_id, {more}amount, "
    "currency, paid_on, reverses_id ON payment FOR EACH ROW EXECUTE FUNCTION keep_payment()"
)


def upgrade() -> None:
    op.execute(DROP)
    op.execute(KEEP.format(more=""))


def downgrade() -> None:
    op.execute(DROP)
    op.execute(KEEP.format(more="customer_id, "))
