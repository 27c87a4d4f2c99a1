"""Create the tables of the mechanisms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "chassis_0001"
down_revision = None
branch_labels = ("chassis",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answered")),
    )
    op.create_index("ix_answered_at", "answered", ["at"], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("policy", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_approver_id_state", "approval", ["approver_id", "state"], unique=False)
    op.create_index("ix_approval_record_id", "approval", ["record_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("door", sa.String(length=100), nullable=False),
        sa.Column("call_id", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index("ix_change_at", "change", ["at"], unique=False)
    op.create_index("ix_change_record_id_ver", "change", ["record_id", "ver"], unique=False)
    op.create_table(
        "import_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("duplicates", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("actor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("call_id", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    op.create_index("ix_import_job_created_at", "import_job", ["created_at"], unique=False)
    op.create_index(
        "ix_import_job_open",
        "import_job",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state in ('checking','running','taking_back')"),
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("door", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=160), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("history", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("envelope", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("event_id", "door", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_done_at", "inbox", ["done_at"], unique=False)
    op.create_index(
        "ix_inbox_due",
        "inbox",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_inbox_open",
        "inbox",
        ["aggregate_id", "position"],
        unique=False,
        postgresql_where=sa.text("state in ('waiting','held','parked')"),
    )
    op.create_table(
        "inbox_binding",
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("source", "type", name=op.f("pk_inbox_binding")),
    )
    op.create_table(
        "number_sequence",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_number_sequence")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_outbox_event_id")),
    )
    op.create_index("ix_outbox_published_at", "outbox", ["published_at"], unique=False)
    op.create_index("ix_outbox_sequence", "outbox", ["sequence"], unique=True)
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("published_at is null"),
    )
    op.create_table(
        "replica",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replica")),
    )
    op.create_index("ix_replica_entity_label", "replica", ["entity", "label"], unique=False)
    op.create_index("ix_replica_entity_number", "replica", ["entity", "number"], unique=False)
    op.create_table(
        "schedule_run",
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("job", "due_at", name=op.f("pk_schedule_run")),
    )
    op.create_index("ix_schedule_run_due_at", "schedule_run", ["due_at"], unique=False)
    op.create_table(
        "share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint(
            "staff_id", "entity", "record_id", name=op.f("uq_share_staff_id_entity_record_id")
        ),
    )
    op.create_index(op.f("ix_share_record_id"), "share", ["record_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("given", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("made", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["import_job.id"], name=op.f("fk_import_row_job_id_import_job"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "position", name=op.f("pk_import_row")),
    )
    op.create_index(
        "ix_import_row_bad",
        "import_row",
        ["job_id", "position"],
        unique=False,
        postgresql_where=sa.text("state = 'bad'"),
    )


def downgrade() -> None:
    op.drop_index("ix_import_row_bad", table_name="import_row", postgresql_where=sa.text("state = 'bad'"))
    op.drop_table("import_row")
    op.drop_index(op.f("ix_share_record_id"), table_name="share")
    op.drop_table("share")
    op.drop_index("ix_schedule_run_due_at", table_name="schedule_run")
    op.drop_table("schedule_run")
    op.drop_index("ix_replica_entity_number", table_name="replica")
    op.drop_index("ix_replica_entity_label", table_name="replica")
    op.drop_table("replica")
    op.drop_index(
        "ix_outbox_unpublished", table_name="outbox", postgresql_where=sa.text("published_at is null")
    )
    op.drop_index("ix_outbox_sequence", table_name="outbox")
    op.drop_index("ix_outbox_published_at", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("number_sequence")
    op.drop_table("inbox_binding")
    op.drop_index(
        "ix_inbox_open", table_name="inbox", postgresql_where=sa.text("state in ('waiting','held','parked')")
    )
    op.drop_index("ix_inbox_due", table_name="inbox", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index("ix_inbox_done_at", table_name="inbox")
    op.drop_table("inbox")
    op.drop_index(
        "ix_import_job_open",
        table_name="import_job",
        postgresql_where=sa.text("state in ('checking','running','taking_back')"),
    )
    op.drop_index("ix_import_job_created_at", table_name="import_job")
    op.drop_table("import_job")
    op.drop_index("ix_change_record_id_ver", table_name="change")
    op.drop_index("ix_change_at", table_name="change")
    op.drop_table("change")
    op.drop_index("ix_approval_record_id", table_name="approval")
    op.drop_index("ix_approval_approver_id_state", table_name="approval")
    op.drop_table("approval")
    op.drop_index("ix_answered_at", table_name="answered")
    op.drop_table("answered")
