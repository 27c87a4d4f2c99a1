"""The people at customers and what ties them: who decides, who reports to whom, what they wish; groups of companies, a family,
tags, and colleagues called to a customer by name."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from contracts.organization import choice_id

from .asking import Desk, demo_id
from .people import STAFF, of_role
from .schedule import at
from .words import Words

PER_REP = 5
"""Opportunities of each rep whose buying centre is written down."""
CENTRE = (
    ("decider", "总经理", 5, "neutral"),
    ("influencer", "总工程师", 4, "for_us"),
    ("user", "实验室主任", 3, "for_us"),
    ("buyer", "采购部经理", 3, "neutral"),
    ("gatekeeper", "总经理秘书", 2, "against_us"),
)
"""Role, job title, influence and stance; everybody reports to the first."""
UNITS = {"user": "一分厂", "influencer": "二分厂"}
"""Who plays her part for one unit of the client only."""
WISHES = (
    ("time", "请在上午十点以后联系"),
    ("channel", "习惯用微信沟通，少打电话"),
    ("taboo", "不收礼品，不参加宴请"),
    ("need", "报价须含安装与两年维护"),
    ("style", "喜欢先看书面材料再开会"),
    ("gift", "爱喝龙井"),
)
TAGS = ("key_account", "follow_closely", "referred", "at_risk")
GROUPS = ("华北仪器集团", "东方检测集团", "新锐装备集团", "江南精密集团")


def load(desk: Desk, today: date) -> None:
    """Of every rep's first opportunities; the more of a buying centre is known, the longer ago it was begun."""
    dice, words = Random(2007), Words(2007)
    reps = (*of_role("rep", "HQ"), *of_role("rep", "SH"))
    chances = {login: _chances(desk, login) for login in reps}
    desk.wait_known("customer", "sales.opportunity", [c["id"] for found in chances.values() for c in found])
    for login in reps:
        _centres(desk, words, login, chances[login], today)
        _wishes(desk, dice, login, chances[login])
    _groups(desk, reps, chances)
    _tags(desk, reps, chances)
    _family(desk, reps[0], chances[reps[0]][0])
    _remarks(desk, reps, chances)


def _chances(desk: Desk, login: str) -> list[dict[str, Any]]:
    ids = [str(demo_id("opportunity", f"{login}/{number}")) for number in range(PER_REP)]
    there = {row["id"]: row for row in desk.rows("sales.opportunity", id=ids)}
    return [there[id] for id in ids if id in there]


def _person(login: str, number: int, role: str) -> Any:
    return demo_id("contact", f"{login}/{number}/{role}")


def _centres(desk: Desk, words: Words, login: str, chances: list[dict[str, Any]], today: date) -> None:
    """The first knows all five, the last nobody who decides; whoever is known longest was met."""
    known = [
        (number, chance, CENTRE[: 5 - number] if number < 3 else CENTRE[1 : 5 - number])
        for number, chance in enumerate(chances)
    ]
    about = [(number, chance, *part) for number, chance, parts in known for part in parts]
    desk.create(login, "customer.contact", {
        _person(login, number, role): {
            "customer_id": chance["customer_id"], "name": words.person(), "job_title": title,
            "mobile": words.mobile(9000 + number), "birthday": date(1975 + influence, today.month, min(today.day, 28)) + timedelta(days=(number * 5 + influence) * 13),
        }
        for number, chance, role, title, influence, _ in about
    })  # fmt: skip
    desk.create(login, "customer.stakeholder", {
        demo_id("stakeholder", f"{login}/{number}/{role}"): {
            "contact_id": _person(login, number, role), "role_id": choice_id("buying_role", role),
            "opportunity_id": chance["id"], "unit": UNITS.get(role), "influence": influence, "stance": stance,
        }
        for number, chance, role, _, influence, stance in about
    })  # fmt: skip
    desk.create(login, "customer.contact_link", {
        demo_id("contact_link", f"{login}/{number}/{role}"): {
            "contact_id": _person(login, number, role), "other_id": _person(login, number, "decider"), "kind": "reports_to"
        }
        for number, _, role, *_ in about
        if role != "decider" and number < 3
    })  # fmt: skip
    met = {
        "kind_id": choice_id("activity_kind", "visit"), "subject": "拜访决策人", "outcome": "介绍了方案，对方认可方向。",
        "happened_at": at(today - timedelta(days=6), 15), "expense": "268.00", "expense_kind_id": choice_id("expense_kind", "meal"),
    }  # fmt: skip
    desk.all(
        (
            login, "customer", "log_activity",
            met | {
                "id": demo_id("activity", f"met/{login}/{number}"), "contact_id": _person(login, number, "decider"),
                "opportunity_id": chance["id"],
            },
            f"met/{login}/{number}",
        )
        for number, chance in enumerate(chances[:2])
    )  # fmt: skip


def _wishes(desk: Desk, dice: Random, login: str, chances: list[dict[str, Any]]) -> None:
    desk.create(login, "customer.wish", {
        demo_id("wish", f"{login}/{number}/{kind}"): {"customer_id": chance["customer_id"], "kind": kind, "text": text}
        for number, chance in enumerate(chances)
        for kind, text in dice.sample(WISHES, 2)
    })  # fmt: skip


def _groups(desk: Desk, reps: tuple[str, ...], chances: dict[str, list[dict[str, Any]]]) -> None:
    """The customers of a rep's first three opportunities are one group; the third stands below the second."""
    for name, login in zip(GROUPS, reps, strict=False):
        top = demo_id("customer", name)
        desk.create(login, "customer.customer", {top: {"name": name, "kind": "end_customer"}})
        first, second, third = (chance["customer_id"] for chance in chances[login][:3])
        for id, over in ((first, str(top)), (second, str(top)), (third, second)):
            _change(desk, login, id, {"parent_id": over}, f"group/{id}")


def _tags(desk: Desk, reps: tuple[str, ...], chances: dict[str, list[dict[str, Any]]]) -> None:
    for login in reps:
        for number, chance in enumerate(chances[login][: len(TAGS)]):
            tags = [str(choice_id("tag", TAGS[number]))]
            _change(desk, login, chance["customer_id"], {"tags": tags}, f"tag/{login}/{number}")


def _change(desk: Desk, login: str, id: str, values: dict[str, Any], key: str) -> None:
    message = {"entity": "customer", "id": id, "values": values}
    desk.all([(login, "customer", "update", message, key)])


def _family(desk: Desk, login: str, chance: dict[str, Any]) -> None:
    """Somebody at a customer buys for her family as well."""
    contact = _person(login, 0, "user")
    message = {"id": contact, "family_name": "实验室主任一家"}
    desk.all([(login, "customer", "sell_privately_contact", message, f"family/{contact}")])


def _remarks(desk: Desk, reps: tuple[str, ...], chances: dict[str, list[dict[str, Any]]]) -> None:
    managers = {person.login: person.manager for person in STAFF}
    desk.all(
        (
            managers[login], "customer", "add_comment",
            {
                "id": demo_id("remark", f"mention/{login}"), "about": "customer.customer",
                "record_id": chances[login][0]["customer_id"], "text": f"@{login} 下周我一起去见决策人，请先约时间。",
            },
            f"mention/{login}",
        )
        for login in reps
    )  # fmt: skip
