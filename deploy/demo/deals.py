"""Chances to sell at every stage, what was quoted for them, and how some of them ended."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from contracts.organization import choice_id

from .asking import Desk, demo_id
from .customers import of_reps
from .people import STAFF, of_role

PER_REP = 15
"""Opportunities of each rep."""
PROJECTS = (
    "实验室设备采购",
    "产线检测升级",
    "示波器采购",
    "三维扫描项目",
    "数据采集系统",
    "环境试验箱采购",
    "年度维护合同",
    "计量校准服务",
)
LOST = (
    "price",
    "price",
    "relationship",
    "product",
    "competitor",
    "competitor",
    "no_budget",
    "too_early",
    "cancelled",
)
MANAGER = {person.login: person.manager for person in STAFF}


def load(desk: Desk, today: date) -> None:
    """Of each rep nine are open, four won and two lost; those far enough were quoted."""
    dice = Random(2003)
    stages = sorted(desk.rows("sales.stage"), key=lambda row: row["position"])
    products = desk.rows("sales.product")
    chances = plan(dice, desk, stages, today)
    desk.wait_known("sales", "customer.customer", {chance["customer_id"] for chance in chances})
    desk.all(
        (
            c["login"], "sales", "create",
            {"entity": "opportunity", "id": c["id"], "values": {n: c[n] for n in VALUES}}, f"opportunity/{c['id']}",
        )
        for c in chances
    )  # fmt: skip
    quote(desk, dice, [c for c in chances if c["quote"]], products, today)
    desk.all(
        (c["login"], "sales", "win_opportunity", {"id": c["id"], **amount(c)}, f"win/{c['id']}")
        for c in chances
        if c["end"] == "won"
    )
    desk.all(
        (
            c["login"], "sales", "lose_opportunity",
            {"id": c["id"], "reason_id": choice_id("loss_reason", dice.choice(LOST))}, f"lose/{c['id']}",  # type: ignore[arg-type]
        )
        for c in chances
        if c["end"] == "lost"
    )  # fmt: skip


VALUES = ("name", "customer_id", "stage_id", "expected_amount", "expected_on", "need")


def chance_ids() -> list[str]:
    """Ids of all opportunities that are planned here, rep by rep."""
    reps = (*of_role("rep", "HQ"), *of_role("rep", "SH"))
    return [str(demo_id("opportunity", f"{login}/{number}")) for login in reps for number in range(PER_REP)]


def amount(chance: dict[str, Any]) -> dict[str, Any]:
    """What was agreed, where no accepted quote says it."""
    return {} if chance["quote"] else {"amount": chance["expected_amount"]}


def plan(dice: Random, desk: Desk, stages: list[Any], today: date) -> list[dict[str, Any]]:
    """What each rep has in hand, and what is to become of it."""
    customers = of_reps(desk, "customer.customer", today)
    found = []
    for login in (*of_role("rep", "HQ"), *of_role("rep", "SH")):
        for number, customer in enumerate(dice.sample(customers(login), PER_REP)):
            end = "open" if number < 9 else "won" if number < 13 else "lost"
            stage = (
                stages[number % len(stages)] if end == "open" else stages[dice.randint(2, len(stages) - 1)]
            )
            found.append(
                {
                    "id": demo_id("opportunity", f"{login}/{number}"), "login": login, "end": end,
                    "name": f"{customer['short_name'] or customer['name']}{dice.choice(PROJECTS)}",
                    "customer_id": customer["id"], "stage_id": stage["id"],
                    "expected_amount": str(Decimal(dice.randint(6, 450)) * 1000),
                    "expected_on": today + timedelta(days=dice.randint(-10, 120)),
                    "need": "详见现场记录。" if dice.random() < 0.3 else None,
                    "quote": (end != "lost" and stage["position"] >= 4) or (end == "lost" and number % 2 == 0),
                    "number": number,
                }
            )  # fmt: skip
    return found


def quote(desk: Desk, dice: Random, chances: list[dict[str, Any]], products: list[Any], today: date) -> None:
    """One quote for each: written, submitted, approved by the superior, sent, answered; not all got so far."""
    for chance in chances:
        chance["quote_id"] = demo_id("quote", str(chance["id"]))
        far = 5 if chance["end"] == "won" else 4 if chance["end"] == "lost" else dice.choice((0, 1, 2, 3, 3))
        chance["far"] = far
    desk.all(
        (
            c["login"], "sales", "create",
            {
                "entity": "quote", "id": c["quote_id"],
                "values": {
                    "name": f"{c['name']}报价", "opportunity_id": c["id"],
                    "valid_until": today + timedelta(days=dice.randint(20, 60)),
                    "lines": [
                        {"product_id": product["id"], "quantity": dice.randint(1, 4), "discount": dice.choice((0, 0, 5, 8))}
                        for product in dice.sample(products, dice.choice((1, 2, 3)))
                    ],
                },
            },
            f"quote/{c['quote_id']}",
        )
        for c in chances
    )  # fmt: skip
    steps = (
        ("submit_quote", {1, 2, 3, 4, 5}, False),
        ("approve_quote", {2, 3, 4, 5}, True),
        ("send_quote", {3, 4, 5}, False),
        ("accept_quote", {5}, False),
        ("decline_quote", {4}, False),
    )
    for verb, wanted, by_superior in steps:
        desk.all(
            (
                MANAGER[c["login"]] if by_superior else c["login"], "sales", verb, {"id": c["quote_id"]},
                f"{verb}/{c['quote_id']}",
            )
            for c in chances
            if c["far"] in wanted
        )  # fmt: skip
