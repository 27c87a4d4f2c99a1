"""Rules for value classes and loyalty steps ask a question, as a list does, instead of eight fixed figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "customer_0024"
down_revision = "customer_0023"
branch_labels = None
depends_on = None

LEAST = {
    "contracts_count": sa.Integer(), "contracts_amount": sa.Numeric(18, 2), "paid_amount": sa.Numeric(18, 2),
    "open_opportunities": sa.Integer(), "open_amount": sa.Numeric(18, 2), "strategic_value": sa.Numeric(18, 2),
}  # fmt: skip
WITHIN = {"contract_within_days": "last_contract_on", "contact_within_days": "last_activity_at"}
COLUMNS: dict[str, Any] = {f"{name}_from": kind for name, kind in LEAST.items()} | dict.fromkeys(
    WITHIN, sa.Integer()
)
RULE = sa.table(
    "value_rule",
    sa.column("id", sa.Uuid()),
    sa.column("query"),
    *(sa.column(n, k) for n, k in COLUMNS.items()),
)
APPLIED = sa.table("rules_applied", sa.column("id"), sa.column("rules", JSONB()))


def upgrade() -> None:
    op.add_column("value_rule", sa.Column("query", sa.String(2000), nullable=True))
    session = op.get_bind()
    for row in session.execute(sa.select(RULE)).mappings().all():
        session.execute(sa.update(RULE).where(RULE.c.id == row["id"]).values(query=asked(row)))
    _rewrite(lambda rule: {**_gives(rule), "query": asked(rule)})
    for name in COLUMNS:
        op.drop_column("value_rule", name)


def downgrade() -> None:
    """What the figures of former days cannot say is no longer asked."""
    for name, kind in COLUMNS.items():
        op.add_column("value_rule", sa.Column(name, kind, nullable=True))
    session = op.get_bind()
    for row in session.execute(sa.select(RULE)).mappings().all():
        session.execute(sa.update(RULE).where(RULE.c.id == row["id"]).values(figures(row["query"])))
    _rewrite(lambda rule: {**_gives(rule), **figures(rule["query"])})
    op.drop_column("value_rule", "query")


def _rewrite(turned: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The rules that decide are kept as they were written."""
    session = op.get_bind()
    for id, rules in session.execute(sa.select(APPLIED)).all():
        session.execute(
            sa.update(APPLIED).where(APPLIED.c.id == id).values(rules=[turned(rule) for rule in rules])
        )


def _gives(rule: dict[str, Any]) -> dict[str, Any]:
    return {name: rule[name] for name in ("id", "value_class", "loyalty")}


def asked(rule: Any) -> str | None:
    """As a question."""
    found = {f"{name}__gte": _written(least) for name in LEAST if (least := rule[f"{name}_from"]) is not None}
    found |= {
        f"{field}__gte": f"{days}_days_ago"
        for name, field in WITHIN.items()
        if (days := rule[name]) is not None
    }
    return urlencode(found) or None


def _written(least: Any) -> str:
    return str(least).removesuffix(".00")


def figures(query: str | None) -> dict[str, Any]:
    """Of a question what the figures can say."""
    said = dict(parse_qsl(query or ""))
    found: dict[str, Any] = {f"{name}_from": said.get(f"{name}__gte") for name in LEAST}
    for name, field in WITHIN.items():
        days = said.get(f"{field}__gte", "").removesuffix("_days_ago")
        found[name] = int(days) if days.isdigit() else None
    return found
