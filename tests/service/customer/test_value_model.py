"""Customers judged by figures and weights that the company chooses (CUS-11, CUS-19): scores, groups, and why; CUS-12: ranks."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.derived import put
from chassis.identity import new_id
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import OwnFieldDeleted, OwnFieldListed
from services.customer import model
from services.customer.actions.classes import ask_again
from services.customer.seed import seed
from tests.desk import NOON
from tests.service.customer.conftest import ALICE, CAROL, ROOT
from tests.service.customer.test_import import bring  # noqa: F401, a fixture


@pytest.fixture(autouse=True)
def shipped(office):
    """The rules and indicators that the service is born with."""
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), office.house, door="seed"))


def know(office, id, **figures):
    """What the other services told."""
    with office.house.sessions.begin() as session:
        put(session, model.Customer, id, {**figures, "classified_at": None})


def ask(office):
    with office.house.sessions.begin() as session:
        ask_again(Work(session, Actor.system("night"), office.house, door="ask_again"))


def scores(office, id):
    row = office.ask(ROOT, "get", entity="customer", id=id)["row"]
    return row["value_score"], row["propensity_score"], row["value_group"]


def only(office, *indicators):
    """These and no others, applied."""
    for row in office.ask(ROOT, "list", entity="value_indicator")["rows"]:
        office.ask(ROOT, "archive", entity="value_indicator", id=row["id"], ver=row["ver"])
    for position, indicator in enumerate(indicators):
        office.create(ROOT, "value_indicator", position=position, **indicator)
    office.later(minutes=1)
    office.ask(ROOT, "apply_value_rules")


PAID = {
    "name": "已付",
    "dimension": "value",
    "measure": "paid_amount",
    "worst": "0",
    "best": "1000",
    "weight": 3,
}
RATED = {
    "name": "满意",
    "dimension": "value",
    "measure": "average_rating",
    "worst": "1",
    "best": "5",
    "weight": 1,
}
MET = {
    "name": "联系", "dimension": "propensity", "measure": "days_since_contact", "worst": "100", "best": "0", "weight": 1,
}  # fmt: skip


def test_a_customer_is_judged_figure_by_figure_and_told_why(office, customer):
    only(office, PAID, RATED, MET)
    know(
        office,
        customer["id"],
        paid_amount=Decimal(500),
        average_rating=Decimal(5),
        last_activity_at=NOON - timedelta(days=30),
    )
    ask(office)
    assert scores(office, customer["id"]) == ("62.5", "70.0", "core")
    told = office.ask(ALICE, "value", customer_id=customer["id"])
    value, propensity, _third = told["scores"]
    assert [(one["figure"], one["points"], one["adds"]) for one in value["judged"]] == [
        ("500.00", "50.0", "37.5"), ("5.00", "100.0", "25.0"),
    ]  # fmt: skip
    assert (value["score"], propensity["score"], told["value_group"]) == ("62.5", "70.0", "core")
    office.later(days=30)
    ask(office)
    assert scores(office, customer["id"]) == ("62.5", "40.0", "dormant"), "a day without contact counts, too"
    with pytest.raises(NotFound):
        office.ask(CAROL, "value", customer_id=customer["id"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    figure=st.decimals(-2000, 3000, places=2), worst=st.integers(-1000, 1000),
    best=st.integers(-1000, 1000), weights=st.tuples(st.integers(1, 1000), st.integers(1, 1000)),
)  # fmt: skip
def test_a_score_is_the_mean_of_the_points_by_weight(office, customer, figure, worst, best, weights):
    savepoint = office.connection.begin_nested()
    try:
        best = best if best != worst else best + 1
        one, other = (
            {**PAID, "worst": str(worst), "best": str(best), "weight": weights[0]},
            {**RATED, "weight": weights[1]},
        )
        only(office, one, other, MET)
        know(office, customer["id"], paid_amount=figure, average_rating=None)
        ask(office)
        points = min(max((figure - worst) / (best - worst), Decimal(0)), Decimal(1)) * 100
        expected = (points * weights[0] / sum(weights)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        value, propensity, group = scores(office, customer["id"])
        assert abs(Decimal(value) - expected) <= Decimal("0.1")
        assert propensity == "0.0", "what is not known earns nothing"
        assert group == ("dormant" if Decimal(value) >= 50 else "ordinary")
        told = office.ask(ALICE, "value", customer_id=customer["id"])["scores"][0]
        assert told["score"] == value
        assert abs(sum(Decimal(one["adds"]) for one in told["judged"]) - Decimal(value)) <= Decimal("0.2")
    finally:
        savepoint.rollback()


def test_indicators_count_when_they_are_applied_and_tell_before_what_they_would_move(office, customer):
    only(office, PAID, MET)
    ask(office)
    assert scores(office, customer["id"])[2] == "ordinary"
    know(office, customer["id"], paid_amount=Decimal(100))
    (row,) = (
        row
        for row in office.ask(ROOT, "list", entity="value_indicator")["rows"]
        if row["measure"] == "paid_amount"
    )
    office.ask(ROOT, "update", entity="value_indicator", id=row["id"], ver=row["ver"], values={"best": "100"})
    ask(office)
    assert scores(office, customer["id"]) == ("10.0", "0.0", "ordinary")
    found = office.ask(ROOT, "preview_value_rules")
    assert found["is_changed"] is True
    assert {"field": "value_group", "before": "ordinary", "after": "dormant", "count": 1} in found["moves"]
    office.later(minutes=1)
    office.ask(ROOT, "apply_value_rules")
    ask(office)
    assert scores(office, customer["id"]) == ("100.0", "0.0", "dormant")
    assert office.ask(ROOT, "preview_value_rules")["is_changed"] is False


def dimension(office, code):
    (row,) = (
        row for row in office.ask(ROOT, "list", entity="value_dimension")["rows"] if row["code"] == code
    )
    return row


def test_the_company_says_what_a_dimension_is_called_and_what_is_high(office, customer):
    """CUS-11: any dimensions; a bound counts when it is applied, and the preview tells before."""
    only(office, PAID, MET, {**RATED, "dimension": "third"})
    know(office, customer["id"], paid_amount=Decimal(300), average_rating=Decimal(4))
    ask(office)
    assert scores(office, customer["id"]) == ("30.0", "0.0", "ordinary")
    value, third = dimension(office, "value"), dimension(office, "third")
    office.ask(
        ROOT,
        "update",
        entity="value_dimension",
        id=value["id"],
        ver=1,
        values={"high_from": "30", "name": "收益"},
    )
    office.ask(
        ROOT,
        "update",
        entity="value_dimension",
        id=third["id"],
        ver=1,
        values={"name": "关系", "name_en": "Bond"},
    )
    ask(office)
    assert scores(office, customer["id"])[2] == "ordinary", "not applied yet"
    assert {"field": "value_group", "before": "ordinary", "after": "dormant", "count": 1} in office.ask(
        ROOT, "preview_value_rules"
    )["moves"]
    office.later(minutes=1)
    office.ask(ROOT, "apply_value_rules")
    ask(office)
    assert scores(office, customer["id"])[2] == "dormant"
    told = office.ask(ALICE, "value", customer_id=customer["id"])["scores"]
    assert [(one["name"], one["score"], one["high_from"]) for one in told] == [
        ("收益", "30.0", 30), ("购买倾向", "0.0", 50), ("关系", "75.0", 50),
    ]  # fmt: skip
    found = office.ask(ROOT, "list", entity="customer", query={"where": {"third_score__gte": 75}})["rows"]
    assert [row["third_score"] for row in found] == ["75.0"]


def test_there_are_three_dimensions_and_no_others(office):
    assert [row["code"] for row in office.ask(ROOT, "list", entity="value_dimension")["rows"]] == [
        "value",
        "propensity",
        "third",
    ]
    with pytest.raises((Invalid, Forbidden)):
        office.create(ROOT, "value_dimension", name="第四", high_from="10")
    for wrong in ("-1", "101"):
        with pytest.raises(Invalid):
            office.ask(
                ROOT,
                "update",
                entity="value_dimension",
                id=dimension(office, "value")["id"],
                values={"high_from": wrong},
            )


def test_without_indicators_of_a_dimension_there_is_no_group(office, customer):
    only(office, PAID)
    ask(office)
    assert scores(office, customer["id"]) == ("0.0", None, None)


def test_an_own_field_is_an_indicator_like_any_other(office, customer):
    field, name = new_id(), new_id()
    data = {
        "entity_name": "customer.customer", "name_en": None, "refers_to": None, "help": None, "is_required": False,
        "is_in_list": True, "is_searched": False, "position": 1,
    }  # fmt: skip
    for id, kind, code in ((field, "whole_number", "rooms"), (name, "text", "motto")):
        office.hear(
            OwnFieldListed(record_id=id, epoch=1, ver=1, label=code, data=data | {"name": code, "kind": kind, "code": code})
        )  # fmt: skip
    rooms = {**PAID, "measure": "own_field", "best": "40"}
    only(office, {**rooms, "field_id": str(field)}, MET)
    stored = office.ask(ROOT, "get", entity="customer", id=customer["id"])["row"]
    office.ask(
        ROOT, "update", entity="customer", id=stored["id"], ver=stored["ver"], values={"own_rooms": 30}
    )
    know(office, customer["id"])
    ask(office)
    assert scores(office, customer["id"])[0] == "75.0"
    for wrong in (None, str(name), str(new_id())):
        with pytest.raises(Invalid):
            office.create(ROOT, "value_indicator", position=9, **{**rooms, "field_id": wrong})


def test_an_indicator_whose_field_was_deleted_is_named_and_the_others_count_whole(office, customer):
    """CUS-11: it says nothing of anybody, so it takes no weight from those that do."""
    field = new_id()
    data = {
        "entity_name": "customer.customer", "name": "rooms", "name_en": None, "kind": "whole_number", "code": "rooms",
        "refers_to": None, "help": None, "is_required": False, "is_in_list": True, "is_searched": False, "position": 1,
    }  # fmt: skip
    office.hear(OwnFieldListed(record_id=field, epoch=1, ver=1, label="rooms", data=data))
    stored = office.ask(ROOT, "get", entity="customer", id=customer["id"])["row"]
    office.ask(
        ROOT, "update", entity="customer", id=stored["id"], ver=stored["ver"], values={"own_rooms": 40}
    )
    office.create(ALICE, "contact", customer_id=customer["id"], name="王芳")
    people = {**PAID, "name": "联系人", "measure": "contacts_count", "best": "2", "weight": 1}
    rooms = {
        **PAID,
        "name": "房间",
        "measure": "own_field",
        "field_id": str(field),
        "best": "40",
        "weight": 3,
    }
    only(office, people, rooms)
    know(office, customer["id"])
    ask(office)
    assert scores(office, customer["id"])[0] == "87.5"
    office.hear(
        OwnFieldDeleted(
            field_id=field,
            entity_name="customer.customer",
            code="rooms",
            kind="whole_number",
            kept_as="own_rooms",
        )
    )
    know(office, customer["id"])
    ask(office)
    assert scores(office, customer["id"])[0] == "50.0"
    explained = office.ask(ALICE, "value", customer_id=customer["id"])["scores"][0]["judged"]
    assert [(one["name"], one["adds"]) for one in explained] == [("联系人", "50.0")]
    preview = office.ask(ROOT, "preview_value_rules")
    assert [one["name"] for one in preview["uncounted"]] == ["房间"]
    assert preview["is_changed"] is False, "what is applied and what is written say the same"
    with pytest.raises(Invalid):
        office.create(ROOT, "value_indicator", position=9, **rooms)


def test_worst_and_best_differ(office):
    with pytest.raises(Invalid, match="same_as_worst"):
        office.create(ROOT, "value_indicator", position=9, **{**PAID, "best": "0"})


def test_customers_are_ranked_by_what_they_are_worth_over_time(office, bring):  # noqa: F811
    """CUS-12: not by the last deal only."""
    bring("customer", [{"name": name} for name in ("甲", "乙", "丙")])
    ids = {row["name"]: row["id"] for row in office.ask(ROOT, "list", entity="customer")["rows"]}
    for name, worth in (("甲", 10), ("乙", 900), ("丙", 80)):
        know(office, ids[name], lifetime_value=Decimal(worth))
    ranked = office.ask(ROOT, "list", entity="customer", query={"sort": "-lifetime_value"})["rows"]
    assert [row["name"] for row in ranked] == ["乙", "丙", "甲"]
    by_group = office.ask(ROOT, "grouped", entity="customer", query={}, by=["value_group"])
    assert by_group["sums"]["lifetime_value"] == "990.00"
