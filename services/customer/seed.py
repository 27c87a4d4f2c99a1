"""What the customer service is born with: rules and indicators of value, applied; stages of the lifecycle; reminders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chassis import flush
from chassis.database import Kept
from chassis.seeds import keep
from chassis.work import Work
from contracts.actor import SYSTEM_ID
from contracts.customer import ApplyValueRules, Customer
from contracts.shipped import shipped_id
from services.customer import model
from services.customer.actions.classes import apply_value_rules, written_dimensions, written_indicators
from services.customer.model.value_indicator import HIGH
from services.customer.model.value_rule import THE_ONE

RULES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("key_by_contracts", "合同额达到五十万", "Contracts of half a million", {"value_class": "key", "query": "contracts_amount__gte=500000"}),
    ("key_by_strategy", "有战略价值", "Of strategic value", {"value_class": "key", "query": "strategic_value__gte=1"}),
    ("target_by_contract", "有合同", "Has a contract", {"value_class": "target", "query": "contracts_count__gte=1"}),
    ("target_by_chance", "有销售机会", "Has an opportunity", {"value_class": "target", "query": "open_opportunities__gte=1"}),
    ("loyal", "两年内再次成交", "Bought again within two years", {"loyalty": "loyal", "query": "contracts_count__gte=2&last_contract_on__gte=730_days_ago"}),
    ("closed", "已成交", "Has bought", {"loyalty": "closed", "query": "contracts_count__gte=1"}),
    ("prospect", "有销售机会", "Has an opportunity", {"loyalty": "prospect", "query": "open_opportunities__gte=1"}),
    ("potential", "一年内有联系", "In contact within a year", {"loyalty": "potential", "query": "last_activity_at__gte=365_days_ago"}),
)  # fmt: skip

INDICATORS: tuple[tuple[str, str, str, str, str, int, int, int], ...] = (
    ("paid", "已付金额", "Paid amount", "value", "paid_amount", 0, 1_000_000, 40),
    ("contracts", "合同数", "Contracts", "value", "contracts_count", 0, 5, 20),
    ("strategy", "战略价值", "Strategic value", "value", "strategic_value", 0, 500_000, 25),
    ("rating", "满意度", "Satisfaction", "value", "average_rating", 1, 5, 15),
    ("open", "在谈金额", "Amount in talks", "propensity", "open_amount", 0, 500_000, 40),
    ("contact", "最近联系", "Last contact", "propensity", "days_since_contact", 180, 0, 35),
    ("bought", "最近成交", "Last contract", "propensity", "days_since_contract", 1095, 90, 25),
)  # fmt: skip
"""code, 中文, English, dimension, figure, no points at, full points at, weight (CUS-11, CUS-19)."""

DIMENSIONS = (
    ("value", "价值", "Value"),
    ("propensity", "购买倾向", "Buying propensity"),
    ("third", "第三维度", "Third dimension"),
)
"""code, 中文, English (CUS-11)."""

STAGES: tuple[tuple[str, str, str, str | None, int | None], ...] = (
    ("target", "目标客户", "Target", "customer_created", 90),
    ("potential", "潜在客户", "Potential", "in_contact", 60),
    ("need", "需求与立项", "Need", "opportunity_opened", 30),
    ("solution", "方案", "Solution", "quote_sent", 30),
    ("negotiation", "谈判", "Negotiation", "quote_accepted", 14),
    ("order", "成交订单", "Order", "opportunity_won", 14),
    ("customer", "正式客户", "Formal customer", "contract_signed", 60),
    ("delivery", "交付", "Delivery", "delivery_begun", 60),
    ("implementation", "实施", "Implementation", "implementation_begun", 60),
    ("training", "培训", "Training", "training_begun", 30),
    ("acceptance", "验收", "Acceptance", "contract_completed", 30),
    ("service", "服务", "Service", "service_taken_over", 365),
    ("repeat", "重复购买", "Repeat purchase", "second_contract", 365),
)
"""code, 中文, English, the fact that leads there, days until it stalls (CUS-07)."""

LADDER_REPORT = shipped_id("customer.ladder_report", "monthly")

POINTS = {
    "first_visit": 8, "visit": 5, "presentation": 6, "negotiation": 6, "meeting": 4, "care": 3, "phone": 2, "material_sent": 1,
    "email": 1,
}  # fmt: skip
"""Kind of activity → points for whoever did it and wrote it down (CON-06)."""


REMINDERS = {
    "first_visit": 60,
    "visit": 60,
    "presentation": 60,
    "negotiation": 60,
    "meeting": 15,
    "phone": 15,
}
"""Kind of activity → minutes before it begins (users 13)."""


def seed(work: Work) -> None:
    """Rules that are not there yet; applied where none ever were."""
    keep(work, model.ValueRule, rules())
    keep(work, model.ValueDimension, dimensions())
    keep(work, model.ValueIndicator, indicators())
    keep(work, model.LifecycleStage, stages())
    _let_facts_lead(work)
    keep(work, model.LadderReport, [{"id": LADDER_REPORT, "rhythm": "monthly"}])
    keep(work, model.ContactRhythm, rhythms())
    keep(work, model.ReminderRule, reminders(work))
    keep(work, model.BirthdayRule, birthday_rules(work))
    keep(work, model.PointRule, point_rules())
    # they are few: whoever has begun to listen since the last start hears of them now
    named: list[Kept] = [*work.find_all(model.LifecycleStage), *work.find_all(model.Segment)]
    for row in named:
        flush.announce(work, row, row.ver, None)
    applied = work.session.get(model.RulesApplied, THE_ONE)
    if applied is None:
        apply_value_rules(work, ApplyValueRules())
        return
    if applied.indicators is None:
        applied.at, applied.indicators = work.now, written_indicators(work)
    if applied.dimensions is None:  # none could be changed before: what is written is what held
        applied.dimensions = written_dimensions(work)


def rhythms() -> list[dict[str, Any]]:
    """One for each value class; how many days is for the company to say."""
    classes = Customer.attrs()["value_class"].choices
    return [{"id": shipped_id("customer.contact_rhythm", one), "value_class": one} for one in classes]


def _let_facts_lead(work: Work) -> None:
    """A later release hears of facts that an earlier one did not: they lead to the shipped stages that nobody touched."""
    taken = {stage.entered_by for stage in work.find_all(model.LifecycleStage, archived_at=None)}
    for shipped in stages():
        stage = work.find(model.LifecycleStage, id=shipped["id"], updated_by=SYSTEM_ID, entered_by=None)
        if stage is not None and shipped["entered_by"] not in taken:
            stage.entered_by = shipped["entered_by"]
    work.session.flush()


def reminders(work: Work) -> list[dict[str, Any]]:
    """One for each kind of activity; where the company has written rules for a kind, those stand alone."""
    written = {rule.kind_id for rule in work.find_all(model.ReminderRule)}
    found = [
        {
            "id": shipped_id("customer.reminder_rule", code), "minutes": minutes,
            "kind_id": shipped_id("organization.choice", "activity_kind", code),
        }
        for code, minutes in REMINDERS.items()
    ]  # fmt: skip
    return [row for row in found if row["kind_id"] not in written]


def birthday_rules(work: Work) -> list[dict[str, Any]]:
    """One for everybody, unless the company has written its own."""
    is_written = any(rule.staff_id is None for rule in work.find_all(model.BirthdayRule))
    return [] if is_written else [{"id": shipped_id("customer.birthday_rule", "everybody"), "days": 3}]


def rules() -> list[dict[str, Any]]:
    """The rules in their order."""
    return [
        {
            "id": shipped_id("customer.value_rule", code), "position": position * 10, "name": name,
            "name_en": name_en, **decides,
        }
        for position, (code, name, name_en, decides) in enumerate(RULES, start=1)
    ]  # fmt: skip


def dimensions() -> list[dict[str, Any]]:
    """The dimensions in their order."""
    return [
        {
            "id": shipped_id("customer.value_dimension", code), "position": position * 10, "code": code, "name": name,
            "name_en": name_en, "high_from": HIGH,
        }
        for position, (code, name, name_en) in enumerate(DIMENSIONS, start=1)
    ]  # fmt: skip


def indicators() -> list[dict[str, Any]]:
    """The indicators in their order."""
    return [
        {
            "id": shipped_id("customer.value_indicator", code), "position": position * 10, "name": name,
            "name_en": name_en, "dimension": dimension, "measure": measure, "worst": Decimal(worst),
            "best": Decimal(best), "weight": weight,
        }
        for position, (code, name, name_en, dimension, measure, worst, best, weight) in enumerate(INDICATORS, start=1)
    ]  # fmt: skip


def point_rules() -> list[dict[str, Any]]:
    """What each kind of activity is worth at first."""
    return [
        {
            "id": shipped_id("customer.point_rule", kind), "kind_id": shipped_id("organization.choice", "activity_kind", kind),
            "points": points,
        }
        for kind, points in POINTS.items()
    ]  # fmt: skip


def stages() -> list[dict[str, Any]]:
    """The stages in their order."""
    return [
        {
            "id": shipped_id("customer.lifecycle_stage", code), "position": position * 10, "name": name,
            "name_en": name_en, "entered_by": fact, "stalls_after_days": days,
        }
        for position, (code, name, name_en, fact, days) in enumerate(STAGES, start=1)
    ]  # fmt: skip
