"""Value classes and the loyalty ladder: by rules that are written, looked at and then applied; or by hand (CUS-05, CUS-06)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, text, update

from chassis.entities import answer
from chassis.work import Work
from contracts.customer import (
    ApplyValueRules,
    ClassifyCustomer,
    DeclassifyCustomer,
    Move,
    PreviewValueRules,
    ValueRulesPreview,
)
from contracts.errors import FieldProblem, Invalid
from services.customer import model
from services.customer.actions.lifecycle import place
from services.customer.model.value_rule import GIVES, verdict

AT_ONCE = 1000
"""Customers that one run asks the rules about."""
THE_ONE = 1
"""The id of the only row of the rules that are applied."""


def classify_customer(work: Work, message: ClassifyCustomer) -> dict[str, Any]:
    """A person knows better, and says why."""
    customer = work.get(model.Customer, message.id, message.ver)
    if message.value_class is None and message.loyalty is None:
        raise Invalid(FieldProblem("value_class", "required"))
    if message.until is not None and message.until < work.today:
        raise Invalid(FieldProblem("until", "before", date=work.today.isoformat()))
    customer.classify(message.value_class, message.loyalty, message.until, message.note)
    work.note = message.note
    work.session.flush()
    return answer(work, customer)


def declassify_customer(work: Work, message: DeclassifyCustomer) -> dict[str, Any]:
    """Back to the rules, at once."""
    customer = work.get(model.Customer, message.id, message.ver)
    customer.declassify()
    work.note = message.note
    work.session.flush()
    ask_rules(work, [customer.id])
    work.session.flush()
    return answer(work, customer)


def apply_value_rules(work: Work, message: ApplyValueRules) -> dict[str, Any]:
    """They decide from now on; customers follow some at a time."""
    work.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('value rules', 0))"))
    rules = _written(work)
    applied = work.session.get(model.RulesApplied, THE_ONE) or work.add(model.RulesApplied(id=THE_ONE))
    applied.at, applied.rules = work.now, rules
    work.session.flush()
    return {"rules": len(applied.rules)}


def _written(work: Work) -> list[dict[str, Any]]:
    wanted = (
        select(model.ValueRule)
        .where(model.ValueRule.archived_at.is_(None))
        .order_by(model.ValueRule.position, model.ValueRule.id)
    )
    # as the table has them: 500000 entered a moment ago reads 500000.00 there
    rules = work.session.scalars(wanted, execution_options={"populate_existing": True})
    return [rule.written() for rule in rules]


def preview_value_rules(work: Work, message: PreviewValueRules) -> ValueRulesPreview:
    """What applying the rules as they are written now would do to the customers one sees."""
    applied, rules = work.session.get(model.RulesApplied, THE_ONE), _written(work)
    seen = select(model.Customer).where(_by_rule(work))
    moves: list[Move] = []
    for field in GIVES:
        after = verdict(rules, field, work.today, work.now)
        now = getattr(model.Customer, field)
        counted = seen.with_only_columns(now, after, func.count()).group_by(now, after)
        moves += _moves(field, rules, work.session.execute(counted))
    moving = or_(*(_would_move(work, rules, field) for field in GIVES))
    several = seen.with_only_columns(func.count(model.Customer.id), func.count().filter(moving))
    customers, count = work.session.execute(several).one()
    return ValueRulesPreview(
        applied_at=applied.at if applied is not None else None, customers=customers, moving=count,
        is_changed=applied is None or applied.rules != rules, moves=tuple(moves),
    )  # fmt: skip


def _by_rule(work: Work) -> Any:
    """Customers for which the rules decide today."""
    over = model.Customer.classified_until < work.today
    by_hand = model.Customer.is_classified_by_hand
    return model.Customer.archived_at.is_(None) & (by_hand.is_(False) | over)


def _would_move(work: Work, rules: list[dict[str, Any]], field: str) -> Any:
    chosen = verdict(rules, field, work.today, work.now)
    now = getattr(model.Customer, field)
    by_class: dict[str, list[UUID]] = {}
    for rule in rules:
        if rule[field] is not None:
            by_class.setdefault(rule[field], []).append(UUID(rule["id"]))
    stays = [(now == gives) & chosen.in_(ids) for gives, ids in by_class.items()]
    return ~or_((now == GIVES[field]) & chosen.is_(None), *stays)


def _moves(field: str, rules: list[dict[str, Any]], counted: Any) -> list[Move]:
    gives = {UUID(rule["id"]): rule[field] for rule in rules}
    found: dict[tuple[str, str], int] = {}
    for before, rule_id, count in counted:
        after = gives[rule_id] if rule_id is not None else GIVES[field]
        if before != after:
            found[before, after] = found.get((before, after), 0) + count
    return [
        Move(field=field, before=before, after=after, count=count)
        for (before, after), count in sorted(found.items())
    ]


def ask_rules(work: Work, ids: list[UUID]) -> None:
    """Give these customers what the applied rules say, except where a person decided and that still holds."""
    applied = work.session.get(model.RulesApplied, THE_ONE)
    if applied is None or not ids:
        return
    with work.everything():
        chosen = {field: verdict(applied.rules, field, work.today, work.now) for field in GIVES}
        wanted = select(model.Customer, *chosen.values()).where(model.Customer.id.in_(ids), _by_rule(work))
        by_id = {UUID(rule["id"]): rule for rule in applied.rules}
        for customer, *rule_ids in work.session.execute(wanted):
            if customer.is_classified_by_hand:
                customer.declassify()
            for (field, otherwise), name, rule_id in zip(
                GIVES.items(), ("value_rule_id", "loyalty_rule_id"), rule_ids, strict=True
            ):
                gives = by_id[rule_id][field] if rule_id is not None else otherwise
                if getattr(customer, field) != gives:
                    setattr(customer, field, gives)
                if getattr(customer, name) != rule_id:
                    setattr(customer, name, rule_id)
        table: Any = model.Customer.__table__
        work.session.execute(update(table).where(table.c.id.in_(ids)).values(classified_at=work.now))


def ask_again(work: Work) -> None:
    """Customers with new activities, those not asked about since the rules were applied, and each once a day.

    Where they stand in their lifecycle is looked at in the same go.
    """
    applied = work.session.get(model.RulesApplied, THE_ONE)
    if applied is None:
        return
    midnight = datetime.combine(work.today, time(), ZoneInfo(work.actor.timezone)).astimezone(UTC)
    asked = model.Customer.classified_at
    wanted = (
        select(model.Customer.id)
        .where(or_(asked.is_(None), asked < max(applied.at, midnight)), model.Customer.archived_at.is_(None))
        .order_by(asked.nulls_first(), model.Customer.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    with work.everything():
        ids = list(work.session.scalars(wanted))
        ask_rules(work, ids)
        place(work, ids)
