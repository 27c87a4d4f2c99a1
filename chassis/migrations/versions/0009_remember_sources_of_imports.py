"""Keep with an import all its columns and what becomes of unknown values, and remember both for the next file like it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "chassis_0009"
down_revision = "chassis_0008"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(astext_type=sa.Text())
LISTS, MAPS = ("titles", "places"), ("values", "unknown")
MOMENTS = ("staged_at", "read_at")


def upgrade() -> None:
    for name in LISTS:
        op.add_column("import_job", sa.Column(name, JSON, server_default="[]", nullable=False))
    for name in MAPS:
        op.add_column("import_job", sa.Column(name, JSON, server_default="{}", nullable=False))
    op.add_column(
        "import_job", sa.Column("counts_unknown", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("import_job", sa.Column("added", sa.Integer(), server_default="0", nullable=False))
    op.add_column("import_job", sa.Column("sheet", sa.String(length=200), nullable=True))
    op.add_column("import_job", sa.Column("expected", sa.Integer(), nullable=True))
    for name in MOMENTS:
        op.add_column("import_job", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE import_job SET read_at = created_at WHERE state <> 'staging'")
    for name in (*LISTS, *MAPS, "counts_unknown", "added"):
        op.alter_column("import_job", name, server_default=None)
    op.create_table(
        "import_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column("duplicates", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_source")),
    )
    own = ["person_id", "entity", "fingerprint"]
    op.create_index("ix_import_source_person_id", "import_source", own, unique=True)
    op.create_index("ix_import_source_entity", "import_source", own[1:])


def downgrade() -> None:
    op.drop_table("import_source")
    for name in (*LISTS, *MAPS, "counts_unknown", "added", "sheet", "expected", *MOMENTS):
        op.drop_column("import_job", name)
