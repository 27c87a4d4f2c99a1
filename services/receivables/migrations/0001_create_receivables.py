"""Contracts, receivables, instalments, and payments that nobody can change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "receivables_0001"
down_revision = None
branch_labels = ("receivables",)
depends_on = None

KEEP_PAYMENTS = """
CREATE FUNCTION keep_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a payment is never changed: take it back by another one';
END $$
"""
"""Money is a sum of facts: not even a mistake of ours may change or lose one."""


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("former_number", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_contract_number")),
    )
    op.create_index(
        "ix_contract_branch_id_created_at",
        "contract",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_contract_created_at_id",
        "contract",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_contract_customer_id_created_at", "contract", ["customer_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_contract_department_id_created_at",
        "contract",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_contract_grams", "contract", ["grams"], unique=False, postgresql_using="gin")
    op.create_index("ix_contract_opportunity_id", "contract", ["opportunity_id"], unique=False)
    op.create_index(
        "ix_contract_owner_id_created_at",
        "contract",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_contract_signed_on", "contract", ["signed_on"], unique=False)
    op.create_index("ix_contract_state_created_at", "contract", ["state", "created_at"], unique=False)
    op.create_table(
        "contract_line",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("discount", sa.Numeric(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_line_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_line")),
    )
    op.create_index(op.f("ix_contract_line_contract_id"), "contract_line", ["contract_id"], unique=False)
    op.create_table(
        "execution_step",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("executor_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Numeric(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_execution_step_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution_step")),
    )
    op.create_index(op.f("ix_execution_step_contract_id"), "execution_step", ["contract_id"], unique=False)
    op.create_index(op.f("ix_execution_step_executor_id"), "execution_step", ["executor_id"], unique=False)
    op.create_table(
        "planned_instalment",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("method_id", sa.Uuid(), nullable=True),
        sa.Column("reminder_days", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_planned_instalment_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_instalment")),
    )
    op.create_index(
        op.f("ix_planned_instalment_contract_id"), "planned_instalment", ["contract_id"], unique=False
    )
    op.create_table(
        "receivable",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("remaining", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("overdue_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("paid >= 0 AND paid <= amount", name=op.f("ck_receivable_paid_at_most_once")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_receivable_contract_id_contract")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receivable")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_receivable_contract_id")),
        sa.UniqueConstraint("number", name=op.f("uq_receivable_number")),
    )
    op.create_index(
        "ix_receivable_branch_id_created_at",
        "receivable",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_receivable_created_at_id",
        "receivable",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_receivable_customer_id_created_at", "receivable", ["customer_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_receivable_department_id_created_at",
        "receivable",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_receivable_due_on_id", "receivable", ["due_on", "id"], unique=False)
    op.create_index("ix_receivable_grams", "receivable", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_receivable_overdue",
        "receivable",
        ["overdue_amount"],
        unique=False,
        postgresql_where=sa.text("overdue_amount > 0"),
    )
    op.create_index(
        "ix_receivable_owner_id_created_at",
        "receivable",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_receivable_state_due_on", "receivable", ["state", "due_on", "id"], unique=False)
    op.create_table(
        "instalment",
        sa.Column("number", sa.String(length=50), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("receivable_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("remaining", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("method_id", sa.Uuid(), nullable=True),
        sa.Column("reminder_days", sa.Integer(), nullable=True),
        sa.Column("fell_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("paid >= 0 AND paid <= amount", name=op.f("ck_instalment_paid_at_most_once")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_instalment_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(
            ["receivable_id"], ["receivable.id"], name=op.f("fk_instalment_receivable_id_receivable")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
        sa.UniqueConstraint("number", name=op.f("uq_instalment_number")),
    )
    op.create_index(
        "ix_instalment_branch_id_created_at",
        "instalment",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(op.f("ix_instalment_contract_id"), "instalment", ["contract_id"], unique=False)
    op.create_index(
        "ix_instalment_created_at_id",
        "instalment",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_instalment_customer_id_due_on", "instalment", ["customer_id", "due_on"], unique=False)
    op.create_index(
        "ix_instalment_department_id_created_at",
        "instalment",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_instalment_due_on_id", "instalment", ["due_on", "id"], unique=False)
    op.create_index("ix_instalment_grams", "instalment", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_instalment_open_due_on",
        "instalment",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_instalment_open_owner_id",
        "instalment",
        ["owner_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_instalment_owner_id_created_at",
        "instalment",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(op.f("ix_instalment_receivable_id"), "instalment", ["receivable_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("receivable_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("home", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(amount < 0) = (reverses_id IS NOT NULL) AND amount <> 0", name=op.f("ck_payment_sign")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_payment_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(
            ["receivable_id"], ["receivable.id"], name=op.f("fk_payment_receivable_id_receivable")
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["payment.id"], name=op.f("fk_payment_reverses_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_number")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_payment_reverses_id")),
    )
    op.create_index(
        "ix_payment_branch_id_created_at",
        "payment",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(op.f("ix_payment_contract_id"), "payment", ["contract_id"], unique=False)
    op.create_index(
        "ix_payment_created_at_id",
        "payment",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_payment_customer_id_paid_on", "payment", ["customer_id", "paid_on"], unique=False)
    op.create_index(
        "ix_payment_department_id_created_at",
        "payment",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_payment_grams", "payment", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_payment_owner_id_created_at",
        "payment",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_payment_paid_on_id", "payment", ["paid_on", "id"], unique=False)
    op.create_index(op.f("ix_payment_receivable_id"), "payment", ["receivable_id"], unique=False)
    op.execute(KEEP_PAYMENTS)
    op.execute(
        "CREATE TRIGGER keep_payment BEFORE DELETE OR UPDATE OF id, contract_id, receivable_id, customer_id, amount, "
        "currency, paid_on, reverses_id ON payment FOR EACH ROW EXECUTE FUNCTION keep_payment()"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_payment_receivable_id"), table_name="payment")
    op.drop_index("ix_payment_paid_on_id", table_name="payment")
    op.drop_index("ix_payment_owner_id_created_at", table_name="payment")
    op.drop_index("ix_payment_grams", table_name="payment", postgresql_using="gin")
    op.drop_index("ix_payment_department_id_created_at", table_name="payment")
    op.drop_index("ix_payment_customer_id_paid_on", table_name="payment")
    op.drop_index("ix_payment_created_at_id", table_name="payment")
    op.drop_index(op.f("ix_payment_contract_id"), table_name="payment")
    op.drop_index("ix_payment_branch_id_created_at", table_name="payment")
    op.drop_table("payment")
    op.execute("DROP FUNCTION keep_payment")
    op.drop_index(op.f("ix_instalment_receivable_id"), table_name="instalment")
    op.drop_index("ix_instalment_owner_id_created_at", table_name="instalment")
    op.drop_index(
        "ix_instalment_open_owner_id", table_name="instalment", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index(
        "ix_instalment_open_due_on", table_name="instalment", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index("ix_instalment_grams", table_name="instalment", postgresql_using="gin")
    op.drop_index("ix_instalment_due_on_id", table_name="instalment")
    op.drop_index("ix_instalment_department_id_created_at", table_name="instalment")
    op.drop_index("ix_instalment_customer_id_due_on", table_name="instalment")
    op.drop_index("ix_instalment_created_at_id", table_name="instalment")
    op.drop_index(op.f("ix_instalment_contract_id"), table_name="instalment")
    op.drop_index("ix_instalment_branch_id_created_at", table_name="instalment")
    op.drop_table("instalment")
    op.drop_index("ix_receivable_state_due_on", table_name="receivable")
    op.drop_index("ix_receivable_owner_id_created_at", table_name="receivable")
    op.drop_index(
        "ix_receivable_overdue", table_name="receivable", postgresql_where=sa.text("overdue_amount > 0")
    )
    op.drop_index("ix_receivable_grams", table_name="receivable", postgresql_using="gin")
    op.drop_index("ix_receivable_due_on_id", table_name="receivable")
    op.drop_index("ix_receivable_department_id_created_at", table_name="receivable")
    op.drop_index("ix_receivable_customer_id_created_at", table_name="receivable")
    op.drop_index("ix_receivable_created_at_id", table_name="receivable")
    op.drop_index("ix_receivable_branch_id_created_at", table_name="receivable")
    op.drop_table("receivable")
    op.drop_index(op.f("ix_planned_instalment_contract_id"), table_name="planned_instalment")
    op.drop_table("planned_instalment")
    op.drop_index(op.f("ix_execution_step_executor_id"), table_name="execution_step")
    op.drop_index(op.f("ix_execution_step_contract_id"), table_name="execution_step")
    op.drop_table("execution_step")
    op.drop_index(op.f("ix_contract_line_contract_id"), table_name="contract_line")
    op.drop_table("contract_line")
    op.drop_index("ix_contract_state_created_at", table_name="contract")
    op.drop_index("ix_contract_signed_on", table_name="contract")
    op.drop_index("ix_contract_owner_id_created_at", table_name="contract")
    op.drop_index("ix_contract_opportunity_id", table_name="contract")
    op.drop_index("ix_contract_grams", table_name="contract", postgresql_using="gin")
    op.drop_index("ix_contract_department_id_created_at", table_name="contract")
    op.drop_index("ix_contract_customer_id_created_at", table_name="contract")
    op.drop_index("ix_contract_created_at_id", table_name="contract")
    op.drop_index("ix_contract_branch_id_created_at", table_name="contract")
    op.drop_table("contract")
