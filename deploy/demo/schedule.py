"""What the reps did with customers and leads lately, what they plan for this week and the next, and what the managers
say about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from contracts.organization import choice_id

from .asking import Desk, demo_id
from .customers import of_reps
from .people import STAFF, of_role

ZONE = ZoneInfo("Asia/Shanghai")
DONE = {
    "phone": ("电话回访", "对方表示本季度有预算，下周再约。"),
    "material_sent": ("寄送产品样本", "样本与报价目录已寄出。"),
    "first_visit": ("首次拜访", "见到了设备科负责人，介绍了产品线。"),
    "visit": ("上门拜访", "看了现场，现有设备已用八年，故障较多。"),
    "presentation": ("产品演示", "演示顺利，技术人员认可精度，关心售后。"),
    "negotiation": ("商务谈判", "价格差距约百分之五，付款方式待定。"),
    "meeting": ("方案讨论会", "确定了技术方案的三处修改。"),
    "care": ("节日问候", "客户感谢，顺带提到扩产计划。"),
}
EXPENSES = {
    "first_visit": ("travel", 86), "visit": ("travel", 120), "presentation": ("samples", 240), "negotiation": ("meal", 368),
    "meeting": ("event", 500), "care": ("gift", 158),
}  # fmt: skip
"""What such a thing costs now and then: the kind of expense, and about how much."""
PLANNED = {
    "phone": "电话跟进", "visit": "上门拜访", "presentation": "产品演示", "negotiation": "商务谈判",
    "meeting": "项目会议", "material_sent": "寄送方案",
}  # fmt: skip
DROPPED = ("已选用其他品牌。", "项目取消。", "电话多次无人接听。", "需求与我们的产品不符。")
REMARKS = (
    "下次请把决策人约上。", "很好，报价前先确认预算归口。", "注意竞争对手也在接触，尽快安排演示。",
    "付款条件别松，首付不低于三成。", "请补上对方的组织结构。",
)  # fmt: skip


def load(desk: Desk, today: date) -> None:
    """Each rep about as much; the managers' remarks on what was done."""
    dice = Random(2002)
    customers = of_reps(desk, "customer.customer", today)
    leads = of_reps(desk, "customer.lead", today)
    done: list[tuple[str, str, dict[str, Any]]] = []
    plans: list[tuple[str, str, dict[str, Any]]] = []
    for login in (*of_role("rep", "HQ"), *of_role("rep", "SH")):
        done += list(_done(dice, login, customers(login), leads(login), today))
        plans += list(_plans(dice, login, customers(login), today))
    desk.all((login, "customer", "log_activity", message, key) for login, key, message in done)
    desk.all((login, "customer", "plan_activity", message, key) for login, key, message in plans)
    managers = {p.login: p.manager for p in STAFF}
    desk.all(
        (
            managers[login], "customer", "add_comment",
            {
                "id": demo_id("remark", key), "about": "customer.activity", "record_id": message["id"],
                "text": dice.choice(REMARKS),
            },
            f"remark/{key}",
        )
        for login, key, message in done[::9]
    )  # fmt: skip
    decide(desk, dice, done, today)


def decide(desk: Desk, dice: Random, done: list[tuple[str, str, dict[str, Any]]], today: date) -> None:
    """Of the leads somebody spoke with, one in four becomes a customer, one in four is dropped."""
    spoken = {message["lead_id"]: login for login, _, message in done if "lead_id" in message}
    for number, (lead_id, login) in enumerate(spoken.items()):
        if number % 4 == 0:
            converted = {
                "id": lead_id, "expected_amount": dice.randint(20, 300) * 1000,
                "expected_on": today + timedelta(days=dice.randint(30, 120)), "is_another": True,
            }  # fmt: skip
            desk.all([(login, "customer", "convert_lead", converted, f"convert/{lead_id}")])
        elif number % 4 == 1:
            dropped = {"id": lead_id, "note": dice.choice(DROPPED)}
            desk.all([(login, "customer", "drop_lead", dropped, f"drop/{lead_id}")])


def _done(
    dice: Random, login: str, customers: list[Any], leads: list[Any], today: date
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for number in range(16):
        kind = dice.choice(list(DONE))
        subject, outcome = DONE[kind]
        about = (
            {"lead_id": dice.choice(leads)["id"]}
            if leads and number % 3 == 0
            else {"customer_id": dice.choice(customers)["id"]}
        )
        day = today - timedelta(days=1 + number * 2 + dice.randint(0, 1))
        key = f"done/{login}/{number}"
        yield (
            login,
            key,
            {
                "id": demo_id("activity", key), "kind_id": choice_id("activity_kind", kind),  # type: ignore[arg-type]
                "subject": subject, "outcome": outcome, "happened_at": at(day, dice.randint(9, 17)), **about,
                **_expense(kind, number),
            },
        )  # fmt: skip


def _expense(kind: str, number: int) -> dict[str, Any]:
    """Of two such visits one was paid for."""
    if kind not in EXPENSES or number % 2:
        return {}
    category, about = EXPENSES[kind]
    return {
        "expense": f"{about + 13 * number}.50", "expense_kind_id": choice_id("expense_kind", category),  # type: ignore[arg-type]
    }  # fmt: skip


def _plans(
    dice: Random, login: str, customers: list[Any], today: date
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    for number, day in enumerate(days):
        if dice.random() < 0.2:
            continue
        kind = dice.choice(list(PLANNED))
        hour = dice.randint(9, 16)
        key = f"plan/{login}/{number}"
        yield (
            login,
            key,
            {
                "id": demo_id("activity", key), "kind_id": choice_id("activity_kind", kind),  # type: ignore[arg-type]
                "subject": PLANNED[kind], "customer_id": dice.choice(customers)["id"],
                "starts_at": at(day, hour), "ends_at": at(day, hour + dice.choice((1, 2))),
            },
        )  # fmt: skip


def at(day: date, hour: int) -> datetime:
    """That hour of the day in the office."""
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)
