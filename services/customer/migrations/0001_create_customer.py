"""Create leads, customers, contacts, activities and comments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0001"
down_revision = None
branch_labels = ("customer",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(
        "ix_activity_branch_id_created_at",
        "activity",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_activity_created_at_id",
        "activity",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_activity_customer_id", "activity", ["customer_id"], unique=False)
    op.create_index(
        "ix_activity_department_id_created_at",
        "activity",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_activity_grams", "activity", ["grams"], unique=False, postgresql_using="gin")
    op.create_index("ix_activity_lead_id", "activity", ["lead_id"], unique=False)
    op.create_index(
        "ix_activity_open",
        "activity",
        ["owner_id", "starts_at"],
        unique=False,
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index(
        "ix_activity_owner_id_created_at",
        "activity",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_activity_owner_id_starts_at", "activity", ["owner_id", "starts_at"], unique=False)
    op.create_index(
        "ix_activity_starts_at_id",
        "activity",
        [sa.literal_column("starts_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "comment",
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(
        "ix_comment_branch_id_created_at",
        "comment",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_comment_created_at_id",
        "comment",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_comment_department_id_created_at",
        "comment",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_comment_owner_id_created_at",
        "comment",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_comment_record_id", "comment", ["record_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("job_title", sa.String(length=100), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("mobile", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("buying_role_id", sa.Uuid(), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("hobbies", sa.String(length=300), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(
        "ix_contact_branch_id_created_at",
        "contact",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_contact_created_at_id",
        "contact",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_contact_customer_id", "contact", ["customer_id"], unique=False)
    op.create_index(
        "ix_contact_department_id_created_at",
        "contact",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_contact_grams", "contact", ["grams"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_contact_owner_id_created_at",
        "contact",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "customer",
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value_class", sa.String(length=40), nullable=False),
        sa.Column("industry_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("website", sa.String(length=500), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("tax_number", sa.String(length=40), nullable=True),
        sa.Column("background", sa.Text(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("phone_key", sa.String(length=40), nullable=True),
        sa.Column("tax_key", sa.String(length=40), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_number")),
    )
    op.create_index(
        "ix_customer_branch_id_created_at",
        "customer",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_customer_created_at_id",
        "customer",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_customer_department_id_created_at",
        "customer",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_customer_grams", "customer", ["grams"], unique=False, postgresql_using="gin")
    op.create_index("ix_customer_name", "customer", ["name"], unique=False)
    op.create_index("ix_customer_name_key", "customer", ["name_key"], unique=False)
    op.create_index(
        "ix_customer_owner_id_created_at",
        "customer",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_customer_phone_key", "customer", ["phone_key"], unique=False)
    op.create_index("ix_customer_tax_key", "customer", ["tax_key"], unique=False)
    op.create_table(
        "lead",
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=100), nullable=True),
        sa.Column("job_title", sa.String(length=100), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("mobile", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("industry_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("website", sa.String(length=500), nullable=True),
        sa.Column("need", sa.Text(), nullable=True),
        sa.Column("expected_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("phone_key", sa.String(length=40), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sa.UniqueConstraint("number", name=op.f("uq_lead_number")),
    )
    op.create_index(
        "ix_lead_branch_id_created_at",
        "lead",
        ["branch_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_lead_created_at_id",
        "lead",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_lead_department_id_created_at",
        "lead",
        ["department_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_lead_grams", "lead", ["grams"], unique=False, postgresql_using="gin")
    op.create_index("ix_lead_name", "lead", ["name"], unique=False)
    op.create_index("ix_lead_name_key", "lead", ["name_key"], unique=False)
    op.create_index(
        "ix_lead_owner_id_created_at",
        "lead",
        ["owner_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_lead_phone_key", "lead", ["phone_key"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_lead_phone_key", table_name="lead")
    op.drop_index("ix_lead_owner_id_created_at", table_name="lead")
    op.drop_index("ix_lead_name_key", table_name="lead")
    op.drop_index("ix_lead_name", table_name="lead")
    op.drop_index("ix_lead_grams", table_name="lead", postgresql_using="gin")
    op.drop_index("ix_lead_department_id_created_at", table_name="lead")
    op.drop_index("ix_lead_created_at_id", table_name="lead")
    op.drop_index("ix_lead_branch_id_created_at", table_name="lead")
    op.drop_table("lead")
    op.drop_index("ix_customer_tax_key", table_name="customer")
    op.drop_index("ix_customer_phone_key", table_name="customer")
    op.drop_index("ix_customer_owner_id_created_at", table_name="customer")
    op.drop_index("ix_customer_name_key", table_name="customer")
    op.drop_index("ix_customer_name", table_name="customer")
    op.drop_index("ix_customer_grams", table_name="customer", postgresql_using="gin")
    op.drop_index("ix_customer_department_id_created_at", table_name="customer")
    op.drop_index("ix_customer_created_at_id", table_name="customer")
    op.drop_index("ix_customer_branch_id_created_at", table_name="customer")
    op.drop_table("customer")
    op.drop_index("ix_contact_owner_id_created_at", table_name="contact")
    op.drop_index("ix_contact_grams", table_name="contact", postgresql_using="gin")
    op.drop_index("ix_contact_department_id_created_at", table_name="contact")
    op.drop_index("ix_contact_customer_id", table_name="contact")
    op.drop_index("ix_contact_created_at_id", table_name="contact")
    op.drop_index("ix_contact_branch_id_created_at", table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_comment_record_id", table_name="comment")
    op.drop_index("ix_comment_owner_id_created_at", table_name="comment")
    op.drop_index("ix_comment_department_id_created_at", table_name="comment")
    op.drop_index("ix_comment_created_at_id", table_name="comment")
    op.drop_index("ix_comment_branch_id_created_at", table_name="comment")
    op.drop_table("comment")
    op.drop_index("ix_activity_starts_at_id", table_name="activity")
    op.drop_index("ix_activity_owner_id_starts_at", table_name="activity")
    op.drop_index("ix_activity_owner_id_created_at", table_name="activity")
    op.drop_index("ix_activity_open", table_name="activity", postgresql_where=sa.text("state = 'planned'"))
    op.drop_index("ix_activity_lead_id", table_name="activity")
    op.drop_index("ix_activity_grams", table_name="activity", postgresql_using="gin")
    op.drop_index("ix_activity_department_id_created_at", table_name="activity")
    op.drop_index("ix_activity_customer_id", table_name="activity")
    op.drop_index("ix_activity_created_at_id", table_name="activity")
    op.drop_index("ix_activity_branch_id_created_at", table_name="activity")
    op.drop_table("activity")
