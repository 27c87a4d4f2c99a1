"""How the people of the demo company plan ahead: customers treated alike, and how much work with them a quarter is to bring."""

from __future__ import annotations

from datetime import date, timedelta

from contracts.organization import choice_id
from contracts.shipped import shipped_id

from .asking import Desk, demo_id
from .people import staff_id

QUARTER = timedelta(days=91)
WORK = (
    ("phone", "target", 60),
    ("first_visit", "potential", 30),
    ("presentation", "solution", 12),
    ("negotiation", "negotiation", 8),
)
"""Kind of activity, lifecycle stage, how many."""


def load(desk: Desk, today: date) -> None:
    """Alice's segment of those nobody called for long, and her manager's plan for her quarter."""
    desk.create("alice", "customer.segment", {demo_id("segment", "silent"): {
        "name": "三个月未联系的客户", "name_en": "Not in touch for three months", "list_of": "customer.customer",
        "query": "last_activity_at__ne=last_90_days", "rhythm": "weekly", "only_newcomers": True,
        "purpose": "不让老客户冷下来。", "plan_kind_id": str(choice_id("activity_kind", "phone")),
        "plan_subject": "问候电话", "plan_in_days": 3,
    }})  # fmt: skip
    begin = today - QUARTER / 2
    desk.create("bob", "customer.resource_plan", {demo_id("plan", "alice"): {
        "name": "爱丽本季客户资源计划", "sales_plan": "华北季度销售计划", "staff_id": str(staff_id("alice")),
        "starts_on": begin.isoformat(), "ends_on": (begin + QUARTER).isoformat(), "average_deal": "180000",
        "lines": [
            {
                "kind_id": str(choice_id("activity_kind", kind)), "planned": planned,
                "stage_id": str(shipped_id("customer.lifecycle_stage", stage)),
            }
            for kind, stage, planned in WORK
        ],
    }})  # fmt: skip
