"""What visits cost (CON-04): exact money with its kind on the activity, summed up at customer and contact by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import Invalid
from contracts.organization import ChoiceListed
from contracts.shipped import shipped_id
from services.customer import model
from tests.desk import Desk
from tests.service.customer.conftest import ALICE, CALL, VISIT, meet_the_staff

MEAL = shipped_id("organization.choice", "expense_kind", "meal")


def know_meals(office):
    office.hear(
        ChoiceListed(
            record_id=MEAL, epoch=1, ver=1, label="餐饮招待", data={"list": "expense_kind", "code": "meal"}
        )
    )


def spent(office, row, entity="customer"):
    return office.ask(ALICE, "get", entity=entity, id=row["id"])["row"]["expense_amount"]


@pytest.fixture
def wang(office, customer):
    know_meals(office)
    return office.create(ALICE, "contact", customer_id=customer["id"], name="王芳")


def dinner(office, contact, amount="268.50", door="log_activity", **more):
    said = {"kind_id": str(VISIT), "subject": "晚餐", "contact_id": contact["id"], "expense": amount}
    return office.ask(ALICE, door, **said, expense_kind_id=str(MEAL), **more)["row"]


def test_what_was_spent_is_summed_up_at_contact_and_customer(office, customer, wang):
    done = dinner(office, wang)
    assert (done["expense"], done["expense_kind_id"]) == ("268.50", str(MEAL))
    dinner(office, wang, "31.50")
    assert (spent(office, customer), spent(office, wang, "contact")) == ("300.00", "300.00")
    where = {"entity": "customer", "query": {"where": {"expense_amount__gte": "300"}, "totals": True}}
    assert office.ask(ALICE, "list", where)["rows"][0]["id"] == customer["id"]
    office.ask(ALICE, "update", entity="activity", id=done["id"], values={"expense": "0.10"})
    assert spent(office, customer) == "31.60"
    office.ask(ALICE, "archive", entity="activity", id=done["id"])
    assert (spent(office, customer), spent(office, wang, "contact")) == ("31.50", "31.50")


def test_a_plan_costs_nothing_until_it_is_done_and_says_so_then(office, customer, wang):
    planned = office.ask(
        ALICE, "plan_activity", kind_id=str(CALL), subject="拜访", contact_id=wang["id"],
        starts_at="2026-03-11T02:00:00+00:00",
    )["row"]  # fmt: skip
    assert spent(office, customer) == "0.00"
    office.ask(ALICE, "complete_activity", id=planned["id"], expense="88", expense_kind_id=str(MEAL))
    assert (spent(office, customer), spent(office, wang, "contact")) == ("88.00", "88.00")


def test_money_is_exact_not_negative_and_of_some_kind(office, wang):
    for values, field, code in (
        ({"amount": "-1"}, "expense", "too_small"),
        ({"amount": "1.234"}, "expense", "too_many_decimals"),
        ({"amount": "viel"}, "expense", "not_a_number"),
    ):
        with pytest.raises(Invalid) as refused:
            dinner(office, wang, **values)
        assert [(p.field, p.code) for p in refused.value.fields] == [(field, code)]
    with pytest.raises(Invalid) as refused:
        office.ask(
            ALICE, "log_activity", kind_id=str(VISIT), subject="晚餐", contact_id=wang["id"], expense="5"
        )
    assert [(p.field, p.code) for p in refused.value.fields] == [("expense_kind_id", "required")]
    assert office.rows(model.Activity) == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["log", "plan", "archive", "move", "merge"])), max_size=7
    )
)
def test_the_figures_of_companies_and_people_are_those_of_what_was_done_and_planned_whatever_happens(
    databases, steps
):
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        know_meals(office)
        firms = [office.create(ALICE, "customer", name=f"公司{n}") for n in range(3)]
        people = [
            office.create(ALICE, "contact", customer_id=f["id"], name=f"人{n}") for n, f in enumerate(firms)
        ]
        made = []
        for number, (place, what) in enumerate(steps):
            if what == "log":
                made.append(dinner(office, people[place], f"{number}.10"))
            elif what == "plan":
                plan = {"starts_at": "2026-03-11T02:00:00+00:00", "kind_id": str(CALL), "subject": "x"}
                made.append(office.ask(ALICE, "plan_activity", contact_id=people[place]["id"], **plan)["row"])
            elif made and what == "archive":
                office.ask(ALICE, "archive", entity="activity", id=made.pop()["id"])
            elif made and what == "move":
                to = {"customer_id": firms[place]["id"], "contact_id": people[place]["id"]}
                office.ask(ALICE, "update", entity="activity", id=made[-1]["id"], values=to)
        if any(what == "merge" for _, what in steps):
            office.ask(ALICE, "merge", entity="customer", kept_id=firms[0]["id"], gone_ids=[firms[1]["id"]])
        for cls, name in ((model.Customer, "customer_id"), (model.Contact, "contact_id")):
            for row in office.rows(cls):
                here = office.rows(model.Activity, archived_at=None, **{name: row.id})
                done = [a for a in here if a.state == "done"]
                ahead = [a.starts_at for a in here if a.state == "planned"]
                assert row.expense_amount == sum((a.expense or 0 for a in done), Decimal(0))
                assert row.last_activity_at == max((a.done_at for a in done), default=None)
                assert (row.next_activity_at, row.open_activities) == (min(ahead, default=None), len(ahead))
    finally:
        office.close()
