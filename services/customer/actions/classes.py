"""Value classes and the loyalty ladder: by rules that are written, looked at and then applied; or by hand (CUS-05, CUS-06)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm.util import identity_key

from chassis import filters, scope
from chassis.derived import note
from chassis.entities import answer
from chassis.work import Work
from contracts.customer import (
    ApplyValueRules,
    ClassifyCustomer,
    DeclassifyCustomer,
    Move,
    PreviewValueRules,
    RuleName,
    ValueRulesPreview,
)
from contracts.deleted_fields import Gone
from contracts.errors import FieldProblem, Invalid
from services.customer import model
from services.customer.actions.lifecycle import place
from services.customer.model.classified import TOLD
from services.customer.model.value_indicator import counting, scores, without
from services.customer.model.value_rule import GIVES, THE_ONE, verdict

AT_ONCE = 1000
"""Customers that one run asks the rules about."""


def classify_customer(work: Work, message: ClassifyCustomer) -> dict[str, Any]:
    """A person knows better, and says why."""
    customer = work.get(model.Customer, message.id, message.ver)
    if message.value_class is None and message.loyalty is None:
        raise Invalid(FieldProblem("value_class", "required"))
    if message.until is not None and message.until < work.today:
        raise Invalid(FieldProblem("until", "before", date=work.today.isoformat()))
    chosen = {"value_class": message.value_class, "loyalty": message.loyalty}
    customer.classify(chosen, message.until, message.note)
    work.note = message.note
    work.session.flush()
    return answer(work, customer)


def declassify_customer(work: Work, message: DeclassifyCustomer) -> dict[str, Any]:
    """Back to the rules, at once."""
    customer = work.get(model.Customer, message.id, message.ver)
    customer.declassify(GIVES if message.what is None else [message.what])
    work.note = message.note
    work.session.flush()
    ask_rules(work, [customer.id])
    work.session.flush()
    return answer(work, customer)


def apply_value_rules(work: Work, message: ApplyValueRules) -> dict[str, Any]:
    """They decide from now on; customers follow some at a time."""
    work.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('value rules', 0))"))
    rules, indicators, dimensions = written_rules(work), written_indicators(work), written_dimensions(work)
    applied = work.session.get(model.RulesApplied, THE_ONE) or work.add(model.RulesApplied(id=THE_ONE))
    applied.at, applied.rules, applied.indicators, applied.dimensions = (
        work.now,
        rules,
        indicators,
        dimensions,
    )
    work.session.flush()
    return {"rules": len(rules), "indicators": len(indicators)}


def written_rules(work: Work) -> list[dict[str, Any]]:
    """As they stand in the table now."""
    return [rule.written() for rule in _in_order(work, model.ValueRule)]


def written_indicators(work: Work) -> list[dict[str, Any]]:
    """As they stand in the table now."""
    return [indicator.written(work) for indicator in _in_order(work, model.ValueIndicator)]


def written_dimensions(work: Work) -> dict[str, int]:
    """From how many points each is high, as it stands in the table now."""
    return {dimension.code: dimension.high_from for dimension in _in_order(work, model.ValueDimension)}


def _in_order(work: Work, cls: Any) -> list[Any]:
    wanted = select(cls).where(cls.archived_at.is_(None)).order_by(cls.position, cls.id)
    # as the table has them: 500000 entered a moment ago reads 500000.00 there
    return list(work.session.scalars(wanted, execution_options={"populate_existing": True}))


def preview_value_rules(work: Work, message: PreviewValueRules) -> ValueRulesPreview:
    """What applying the rules as they are written now would do to the customers one sees."""
    applied = work.session.get(model.RulesApplied, THE_ONE)
    rules, indicators, dimensions = written_rules(work), written_indicators(work), written_dimensions(work)
    seen = select(model.Customer).where(_by_rules(work), *_visible(work))
    moves: list[Move] = []
    for field in GIVES:
        decided = seen.where(_by_rule(work, field))
        counted = _counted(decided, getattr(model.Customer, field), verdict(work, rules, field))
        moves += _moves(field, rules, _as_rules_see(work, counted))
    moves += _group_moves(work, indicators, dimensions)
    moving = or_(*(_by_rule(work, field) & _would_move(work, rules, field) for field in GIVES))
    several = seen.with_only_columns(func.count(model.Customer.id), func.count().filter(moving))
    customers, count = _as_rules_see(work, several).one()
    followed = applied and (applied.rules, applied.indicators, applied.dimensions)
    is_followed = followed == (rules, indicators, dimensions)
    return ValueRulesPreview(
        applied_at=applied.at if applied is not None else None, customers=customers, moving=count,
        is_changed=not is_followed, moves=tuple(moves), outdated=_outdated(work),
        uncounted=_uncounted(work),
    )  # fmt: skip


def _counted(seen: Any, now: Any, after: Any) -> Any:
    """How many of those seen would come from where to where; worked out once for each, then counted."""
    each = seen.with_only_columns(now.label("before"), after.label("after")).subquery()
    return select(each.c.before, each.c.after, func.count()).group_by(each.c.before, each.c.after)


def _as_rules_see(work: Work, wanted: Any) -> Any:
    """Records beside the customers count as they do when the rules are applied, whoever looks."""
    with work.everything():
        return work.session.execute(wanted)


def leave_out(work: Work, gone: Gone, kept_as: str) -> None:
    """A field was deleted: a rule that is applied and asks for it fits nobody from now on, as the rule it was written from; an
    indicator that measures it does not count."""
    applied = work.session.get(model.RulesApplied, THE_ONE, with_for_update=True)
    if applied is not None:
        of = model.Customer.record.entity()
        applied.rules = [
            {**rule, "query": gone.without(rule["query"], of) if rule["query"] else None}
            for rule in applied.rules
        ]
        applied.indicators = without(applied.indicators or [], kept_as)


def _outdated(work: Work) -> tuple[RuleName, ...]:
    found = []
    for rule in _in_order(work, model.ValueRule):
        try:
            filters.conditions(work, model.Customer, rule.question())
        except Invalid:
            found.append(RuleName(name=rule.name, name_en=rule.name_en))
    return tuple(found)


def _uncounted(work: Work) -> tuple[RuleName, ...]:
    written = _in_order(work, model.ValueIndicator)
    gone = [one for one in written if not counting([one.written(work)])]
    return tuple(RuleName(name=one.name, name_en=one.name_en) for one in gone)


def _visible(work: Work) -> list[Any]:
    condition = scope.visible(model.Customer, work.actor)
    return [] if condition is None else [condition]


def _group_moves(work: Work, indicators: list[dict[str, Any]], dimensions: dict[str, int]) -> list[Move]:
    """Between the groups of the value model; nobody stands there by hand."""
    now, after = (
        model.Customer.value_group,
        scores(indicators, dimensions, work.today, work.now)["value_group"],
    )
    seen = select(model.Customer).where(model.Customer.archived_at.is_(None))
    counted = seen.with_only_columns(now, after, func.count()).where(now != after).group_by(now, after)
    found = sorted(work.session.execute(counted))
    return [Move(field="value_group", before=b, after=a, count=n) for b, a, n in found]


def _by_rules(work: Work) -> Any:
    """Customers for which the rules decide anything today."""
    return model.Customer.archived_at.is_(None) & or_(*(_by_rule(work, field) for field in GIVES))


def _by_rule(work: Work, field: str) -> Any:
    """Customers for which the rules decide this field today."""
    by_hand, until = (getattr(model.Customer, name) for name in (TOLD[field].by_hand, TOLD[field].until))
    return by_hand.is_(False) | (until < work.today)


def _would_move(work: Work, rules: list[dict[str, Any]], field: str) -> Any:
    chosen = verdict(work, rules, field)
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
        _score(work, applied, ids)  # first: rules may ask for scores
        decided = [
            column
            for field in GIVES
            for column in (_by_rule(work, field), verdict(work, applied.rules, field))
        ]
        wanted = select(model.Customer, *decided).where(model.Customer.id.in_(ids), _by_rules(work))
        by_id = {UUID(rule["id"]): rule for rule in applied.rules}
        for customer, *told in work.session.execute(wanted):
            for (field, otherwise), is_decided, rule_id in zip(
                GIVES.items(), told[::2], told[1::2], strict=True
            ):
                if is_decided:
                    customer.declassify([field])
                    rule = by_id[rule_id] if rule_id is not None else {field: otherwise}
                    _let_be(customer, **{field: rule[field], TOLD[field].rule: rule_id})
        _put(work, ids, {"classified_at": work.now})


def _let_be(row: Any, **values: Any) -> None:
    """Nothing is touched that is so already."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _score(work: Work, applied: Any, ids: list[UUID]) -> None:
    table: Any = model.Customer.__table__
    found = scores(applied.indicators or [], applied.dimensions, work.today, work.now)
    work.session.flush()
    before = select(table.c.id, table.c.value_group).where(table.c.id.in_(ids)).subquery()
    scored = update(table).where(table.c.id == before.c.id).values(found)
    moved = table.c.value_group.is_distinct_from(before.c.value_group)
    rows = work.session.connection().execute(scored.returning(table.c.id, moved)).all()
    note(work.session, model.Customer, [id for id, is_another in rows if is_another])
    _forget(work, ids, found)


def _put(work: Work, ids: list[UUID], derived: dict[str, Any]) -> None:
    table: Any = model.Customer.__table__
    work.session.flush()  # what was given before is not to be lost when rows are read anew
    work.session.execute(update(table).where(table.c.id.in_(ids)).values(derived))
    _forget(work, ids, derived)


def _forget(work: Work, ids: list[UUID], derived: dict[str, Any]) -> None:
    for id in ids:
        row = work.session.identity_map.get(identity_key(model.Customer, id))
        if row is not None:
            work.session.expire(row, list(derived))


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
        # as the index has them: with the id behind, all that wait would be sorted
        .order_by(asked.nulls_first())
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    with work.everything():
        ids = list(work.session.scalars(wanted))
        ask_rules(work, ids)
        place(work, ids)
        _tell_more(work)


def _tell_more(work: Work) -> None:
    """Cards that were told last when they said less (`Retold.retold`), some at a time."""
    untold = (
        select(model.Customer.id)
        .where(model.Customer.retold < 0)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    note(work.session, model.Customer, work.session.scalars(untold))
