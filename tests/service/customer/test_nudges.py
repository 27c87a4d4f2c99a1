"""Each morning owners hear of what lies without a plan and of next steps that are due: each once, one message a person (users 13)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import ContactDue, LiesWithoutPlan, NextStepsDue
from services.customer.actions import nudges
from services.customer.actions.nudges import nudge
from services.customer.seed import seed
from tests.desk import NOON
from tests.service.customer.conftest import ALICE, CALL, CAROL, ROOT


@pytest.fixture
def rules(office):
    """Customers after 30 days, Carol's after 60; leads after 10."""
    for applies_to, staff_id, days in (
        ("customer.customer", None, 30), ("customer.customer", str(CAROL.id), 60), ("customer.lead", None, 10),
    ):  # fmt: skip
        office.create(ROOT, "pool_rule", name="r", applies_to=applies_to, staff_id=staff_id, remind_days=days)
    return office


def morning(office, times: int = 1) -> None:
    for _ in range(times):
        with office.house.sessions.begin() as session:
            nudge(Work(session, Actor.system("customer"), office.house, door="nudge"))


def told(office) -> list[tuple]:
    return [(e.owner_id, e.about, e.days, e.count, e.names) for e in office.emitted(LiesWithoutPlan)]


def test_what_has_had_neither_contact_nor_plan_is_told_once_to_its_owner(rules):
    quiet = [rules.create(ALICE, "customer", name=f"客户{n}")["id"] for n in range(7)]
    planned = rules.create(ALICE, "customer", name="有计划")["id"]
    rules.create(CAROL, "customer", name="上海的")
    rules.create(ALICE, "lead", name="线索一")
    at = (NOON + timedelta(days=400)).isoformat()
    rules.create(ALICE, "activity", subject="拜访", kind_id=str(CALL), starts_at=at, customer_id=planned)
    morning(rules)
    assert told(rules) == []
    rules.later(days=10)
    morning(rules, 3)
    assert told(rules) == [(ALICE.id, "customer.lead", 10, 1, ("线索一",))]
    rules.later(days=20)
    morning(rules, 3)
    first = ("客户0", "客户1", "客户2", "客户3", "客户4")
    assert told(rules)[1:] == [(ALICE.id, "customer.customer", 30, 7, first)]
    rules.ask(ALICE, "log_activity", kind_id=CALL, subject="问候", customer_id=quiet[0])
    rules.later(days=30)
    morning(rules, 2)
    assert [row[:4] for row in told(rules)[2:]] == [
        (ALICE.id, "customer.customer", 30, 1), (CAROL.id, "customer.customer", 60, 1),
    ], "after a contact it is another time; Carol's own rule counts for her"  # fmt: skip


def test_without_a_rule_nobody_is_told(office):
    office.create(ALICE, "customer", name="甲")
    office.later(days=1000)
    morning(office)
    assert told(office) == []


def test_next_steps_that_are_due_are_told_once_and_not_where_an_activity_reminds(office):
    today, soon = NOON.date(), (NOON + timedelta(days=2)).date()
    office.create(ALICE, "lead", name="今天", next_step_on=str(today))
    later = office.create(ALICE, "lead", name="后天", next_step_on=str(soon))
    with_plan = office.create(ALICE, "lead", name="有日程")
    office.create(
        ALICE,
        "activity",
        subject="拜访",
        kind_id=str(CALL),
        starts_at=NOON.isoformat(),
        lead_id=with_plan["id"],
    )
    morning(office, 2)
    office.later(days=1)
    morning(office)
    assert [(e.owner_id, e.names) for e in office.emitted(NextStepsDue)] == [(ALICE.id, ("今天",))]
    office.ask(ALICE, "update", entity="lead", id=later["id"], values={"next_step_on": str(today)})
    office.ask(ALICE, "drop_lead", id=later["id"], note="没有预算")
    office.later(days=3)
    morning(office)
    assert len(office.emitted(NextStepsDue)) == 1, "what was dropped is not followed any more"


def test_each_value_class_has_a_rhythm_of_its_own_in_place_of_that_for_all(rules):
    """CUS-05: key customers are called every week; the others as ever."""
    with rules.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), rules.house, door="seed"))
    rhythms = {row["value_class"]: row for row in rules.ask(ALICE, "list", entity="contact_rhythm")["rows"]}
    assert {key: row["days"] for key, row in rhythms.items()} == {
        "potential": None,
        "target": None,
        "key": None,
    }
    change = {"id": rhythms["key"]["id"], "values": {"days": 7}}
    rules.ask(ROOT, "update", entity="contact_rhythm", **change)
    key, _other = rules.create(ALICE, "customer", name="重点"), rules.create(ALICE, "customer", name="潜在")
    rules.ask(ROOT, "classify_customer", id=key["id"], value_class="key", note="x")
    called = {"kind_id": str(CALL), "subject": "回访", "customer_id": key["id"]}
    plan = {**called, "starts_at": (NOON + timedelta(days=60)).isoformat()}
    rules.ask(ALICE, "plan_activity", **plan)
    due = lambda: [(e.owner_id, e.value_class, e.days, e.names) for e in rules.emitted(ContactDue)]  # noqa: E731
    rules.later(days=6)
    morning(rules)
    assert due() == []
    rules.later(days=1)
    morning(rules, 2)
    assert due() == [(ALICE.id, "key", 7, ("重点",))], "a plan that is far away is no contact"
    rules.ask(ALICE, "log_activity", **called)
    rules.later(days=7)
    morning(rules, 2)
    assert len(due()) == 2
    rules.later(days=60)
    morning(rules)
    assert [row[-1] for row in told(rules)] == [("潜在",)], "one message for one customer"


def test_everybody_is_told_of_all_that_is_due_also_when_others_have_much_more(rules, monkeypatch):
    """Whoever holds thousands of old next steps does not keep a colleague from hearing of hers, day after day."""
    monkeypatch.setattr(nudges, "AT_ONCE", 3, raising=False)
    for number in range(4):
        rules.create(ALICE, "lead", name=f"线索{number}", next_step_on=str(NOON.date()))
        rules.create(ALICE, "customer", name=f"客户{number}")
    rules.create(CAROL, "lead", name="上海的", next_step_on=str(NOON.date() + timedelta(days=1)))
    rules.later(days=1)
    morning(rules, 2)
    assert [(e.owner_id, e.count) for e in rules.emitted(NextStepsDue)] == [(ALICE.id, 4), (CAROL.id, 1)]
    rules.later(days=30)
    morning(rules)
    assert (ALICE.id, "customer.customer", 30, 4) in [row[:4] for row in told(rules)], "one message a person"
