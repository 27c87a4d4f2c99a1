"""Find rows by every four digits in a row as well: each pair of digits is in a tenth of all phone numbers."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0016"
down_revision = "chassis_0015"
branch_labels = None
depends_on = None

FOUND = """SELECT table_name FROM information_schema.columns
    WHERE column_name = 'grams' AND table_schema = current_schema() ORDER BY table_name"""
ADD = """UPDATE {table} SET grams = grams || fours.found FROM (
        SELECT id, array_agg(DISTINCT substr(digits[1], place, 4)) AS found
        FROM {table}, regexp_matches(search_text, '[0-9]{{4,}}', 'g') AS digits,
            generate_series(1, length(digits[1]) - 3) AS place
        GROUP BY id
    ) AS fours WHERE fours.id = {table}.id"""
TAKE = """UPDATE {table} SET grams = (SELECT coalesce(array_agg(gram), '{{}}') FROM unnest(grams) AS gram WHERE length(gram) < 4)
    WHERE search_text ~ '[0-9]{{4}}'"""


def upgrade() -> None:
    _each(ADD)


def downgrade() -> None:
    _each(TAKE)


def _each(statement: str) -> None:
    op.execute("SET LOCAL statement_timeout = 0")
    for table in op.get_bind().scalars(sa.text(FOUND)).all():
        op.execute(statement.format(table=table))
