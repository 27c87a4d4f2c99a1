"""What the administrator of the demo company has set: the pool, a field of its own, the form on the website."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from contracts.organization import choice_id

from .asking import Desk, demo_id
from .people import staff_id

POOL = (
    ("线索公海", {"applies_to": "customer.lead", "idle_days": 365, "picks_a_day": 5, "most_held": 400}),
    ("客户公海", {"applies_to": "customer.customer", "picks_a_day": 2, "most_held": 300}),
)
EQUIPMENT = ("自有设备", "租用设备", "委托检测")
EQUIPMENT_EN = ("Own equipment", "Rented equipment", "Sends samples out")


def load(desk: Desk, today: date) -> None:
    """Rows under `root`, who runs the system."""
    desk.create("root", "customer.pool_rule", {demo_id("pool", n): {"name": n, **v} for n, v in POOL})
    _load_own_field(desk)
    desk.create("root", "customer.web_form", {demo_id("form", "contact"): _web_form()})


def _load_own_field(desk: Desk) -> None:
    field = demo_id("field", "equipment")
    desk.create("root", "organization.own_field", {field: {
        "entity_name": "customer.customer", "name": "检测方式", "name_en": "How it tests", "code": "testing", "kind": "choice",
        "help": "客户现在怎样做检测。",
        "help_en": "How the customer tests today.",
    }})  # fmt: skip
    choices: dict[UUID, dict[str, Any]] = {
        demo_id("choice", name): {"field_id": str(field), "name": name, "name_en": english, "position": at}
        for at, (name, english) in enumerate(zip(EQUIPMENT, EQUIPMENT_EN, strict=True))
    }
    desk.create("root", "organization.own_choice", choices)


def _web_form() -> dict[str, Any]:
    return {
        "code": "contact", "name": "联系我们", "name_en": "Contact us",
        "text": "请告诉我们您要测什么，一个工作日内有工程师与您联系。",
        "text_en": "Tell us what you want to measure; an engineer will call you within one working day.",
        "source_id": str(choice_id("lead_source", "internet")), "staff_id": str(staff_id("alice")),
    }  # fmt: skip
