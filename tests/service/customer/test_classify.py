"""Value classes (CUS-05) and the loyalty ladder (CUS-06): by rules that are looked at before they count, or by hand."""

from __future__ import annotations

from importlib import import_module

import pytest
from sqlalchemy import text

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import CustomerListed
from contracts.errors import ChangedMeanwhile, Forbidden, Invalid, NotFound
from contracts.organization import ChoiceListed
from contracts.receivables import ContractCancelled, ContractSigned
from contracts.sales import OpportunityOpened
from contracts.shipped import shipped_id
from services.customer.actions.classes import ask_again
from services.customer.seed import seed
from tests.cards import card
from tests.cast import id_of, person
from tests.desk import NOON
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT
from tests.service.customer.test_import import bring  # noqa: F401, a fixture


@pytest.fixture(autouse=True)
def shipped(office):
    """The rules that the service is born with."""
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), office.house, door="seed"))


def sign(office, customer, number=1, amount="600000.00"):
    office.hear(
        ContractSigned(
            contract_id=id_of(820 + number), number=f"HT-{number}", name="机房", customer_id=customer["id"],
            amount=amount, signed_on=office.now.date(), receivable_id=id_of(840 + number),
        )
    )  # fmt: skip


def get(office, customer):
    return office.ask(ROOT, "get", entity="customer", id=customer["id"])["row"]


def standing(office, customer):
    row = get(office, customer)
    return row["value_class"], row["loyalty"]


def ask(office):
    with office.house.sessions.begin() as session:
        ask_again(Work(session, Actor.system("night"), office.house, door="ask_again"))


def rule(code):
    return str(shipped_id("customer.value_rule", code))


def test_facts_move_a_customer_up_the_ladder_and_down_again(office, customer):
    assert standing(office, customer) == ("potential", "target")
    office.ask(ALICE, "log_activity", kind_id=str(CALL), subject="回访", customer_id=customer["id"])
    ask(office)
    assert standing(office, customer) == ("potential", "potential")
    office.hear(
        OpportunityOpened(
            opportunity_id=id_of(830),
            name="机房",
            customer_id=customer["id"],
            stage_id=id_of(1),
            opened_at=NOON,
        )
    )
    assert standing(office, customer) == ("target", "prospect")
    sign(office, customer)
    assert standing(office, customer) == ("key", "closed")
    sign(office, customer, 2, "5.00")
    assert standing(office, customer) == ("key", "loyal")
    row = get(office, customer)
    assert (row["value_rule_id"], row["loyalty_rule_id"]) == (rule("key_by_contracts"), rule("loyal"))
    assert office.emitted(CustomerListed)[-1].data["loyalty"] == "loyal"
    office.later(days=731)
    ask(office)
    assert standing(office, customer) == ("key", "closed")
    office.hear(
        ContractCancelled(
            contract_id=id_of(821),
            number="HT-1",
            customer_id=customer["id"],
            amount="1",
            was_signed=True,
            reason="x",
        )
    )
    assert standing(office, customer) == ("target", "closed")
    log = office.ask(ALICE, "history", entity="customer", id=customer["id"])["changes"]
    assert log[0]["changes"]["value_class"] == ["key", "target"]


def test_a_person_decides_with_a_reason_until_a_day_or_until_the_rules_are_to_decide_again(office, customer):
    chosen = {"value_class": "key", "until": "2026-03-31", "note": "行业标杆"}
    row = office.ask(BOB, "classify_customer", id=customer["id"], ver=customer["ver"], **chosen)["row"]
    told = ("value_class", "is_classified_by_hand", "classified_until", "classified_because", "value_rule_id")
    assert [row[name] for name in told] == ["key", True, "2026-03-31", "行业标杆", None]
    assert (
        office.ask(ALICE, "history", entity="customer", id=customer["id"])["changes"][0]["note"] == "行业标杆"
    )
    sign(office, customer, amount="1.00")
    assert standing(office, customer) == ("key", "closed"), "facts still move what nobody has decided"
    row = office.ask(BOB, "declassify_customer", id=customer["id"])["row"]
    assert (row["value_class"], row["loyalty"], row["is_classified_by_hand"]) == ("target", "closed", False)
    office.ask(BOB, "classify_customer", id=customer["id"], **chosen)
    office.later(days=22)
    ask(office)
    assert standing(office, customer) == ("target", "closed")
    assert get(office, customer)["is_classified_by_hand"] is False


def test_class_and_step_are_each_by_hand_or_by_rule(office, customer):
    """CUS-05, CUS-06: each with its day and its reason, and each is given back to the rules for itself."""
    of = {"id": customer["id"]}
    office.ask(BOB, "classify_customer", **of, value_class="key", until="2026-03-31", note="行业标杆")
    office.ask(BOB, "classify_customer", **of, loyalty="loyal", note="老朋友")
    row = get(office, customer)
    assert (row["is_classified_by_hand"], row["classified_until"], row["classified_because"]) == (
        True, "2026-03-31", "行业标杆",
    )  # fmt: skip
    assert (row["is_loyalty_by_hand"], row["loyalty_until"], row["loyalty_because"]) == (True, None, "老朋友")
    assert office.ask(ROOT, "preview_value_rules")["customers"] == 0
    office.later(days=22)
    ask(office)
    assert standing(office, customer) == ("potential", "loyal"), "only the class had an end"
    office.ask(BOB, "classify_customer", **of, value_class="key", note="x")
    row = office.ask(BOB, "declassify_customer", **of, what="loyalty")["row"]
    assert (row["value_class"], row["is_classified_by_hand"]) == ("key", True)
    assert (row["loyalty"], row["is_loyalty_by_hand"], row["loyalty_because"]) == ("target", False, None)
    assert office.ask(ROOT, "preview_value_rules")["customers"] == 1


@pytest.mark.parametrize(
    ("actor", "more", "problem"),
    [
        (BOB, {"note": ""}, Invalid),
        (BOB, {"value_class": None}, Invalid),
        (BOB, {"value_class": "loyal"}, Invalid),
        (BOB, {"until": "2026-03-09"}, Invalid),
        (BOB, {"ver": 99}, ChangedMeanwhile),
        (CAROL, {}, NotFound),
        (person(ALICE.id, "Alice", "customer.customer.* own"), {}, Forbidden),
    ],
)
def test_what_is_refused(office, customer, actor, more, problem):
    with pytest.raises(problem):
        office.ask(
            actor, "classify_customer", {"id": customer["id"], "value_class": "key", "note": "x"} | more
        )
    assert standing(office, customer) == ("potential", "target")


def test_a_class_is_not_typed_over_in_the_form(office, customer):
    with pytest.raises(Invalid):
        office.ask(ALICE, "update", entity="customer", id=customer["id"], values={"value_class": "key"})


def test_a_file_may_tell_the_class_and_is_its_reason(office, bring):  # noqa: F811
    """DAT-03: what the file does not say the rules decide, also of one that came with a class."""
    assert bring("customer", [{"name": "上海启明", "value_class": "key"}, {"name": "启利"}])["made"] == 2
    rows = {row["name"]: row for row in office.ask(ROOT, "list", entity="customer")["rows"]}
    told, plain = rows["上海启明"], rows["启利"]
    assert (told["value_class"], told["is_classified_by_hand"]) == ("key", True)
    assert told["classified_because"] == "名单.xlsx"
    assert (told["is_loyalty_by_hand"], plain["is_classified_by_hand"]) == (False, False)
    sign(office, told, amount="1.00")
    assert standing(office, told) == ("key", "closed")


def test_rules_count_when_they_are_applied_and_tell_before_what_they_would_move(office, customer):
    sign(office, customer, amount="1000.00")
    assert standing(office, customer)[0] == "target"
    assert office.ask(ROOT, "preview_value_rules")["is_changed"] is False
    stored = office.ask(ROOT, "get", entity="value_rule", id=rule("key_by_contracts"))["row"]
    values = {"query": "contracts_amount__gte=1000"}
    office.ask(ROOT, "update", entity="value_rule", id=stored["id"], ver=stored["ver"], values=values)
    sign(office, customer, 2, "1.00")
    assert standing(office, customer)[0] == "target"
    found = office.ask(ROOT, "preview_value_rules")
    assert (found["is_changed"], found["customers"], found["moving"]) == (True, 1, 1)
    assert found["moves"] == [{"field": "value_class", "before": "target", "after": "key", "count": 1}]
    elsewhere = office.ask(CAROL, "preview_value_rules")
    assert (elsewhere["customers"], elsewhere["moves"]) == (0, [])
    office.later(minutes=1)
    office.ask(ROOT, "apply_value_rules")
    ask(office)
    assert standing(office, customer)[0] == "key"
    assert office.ask(ROOT, "preview_value_rules")["moving"] == 0


def only(office, *rules):
    """These and no others, applied."""
    for row in office.ask(ROOT, "list", entity="value_rule")["rows"]:
        office.ask(ROOT, "archive", entity="value_rule", id=row["id"], ver=row["ver"])
    made = [
        office.create(ROOT, "value_rule", position=n, name=f"规则{n}", **rule) for n, rule in enumerate(rules)
    ]
    office.later(minutes=1)
    office.ask(ROOT, "apply_value_rules")
    ask(office)
    return made


def test_a_rule_asks_whatever_a_list_can_be_asked(office, customer):
    """The government is a key customer, whatever it has bought; so is who has its head office in the capital."""
    government, capital = str(id_of(501)), str(id_of(502))
    for id, kind in ((government, "industry"), (capital, "region")):
        office.hear(card(ChoiceListed, id, kind, list=kind, code=kind))
    only(
        office,
        {"value_class": "key", "query": f"industry_id={government}&open_tickets__lte=3"},
        {
            "value_class": "target",
            "query": f"match=any&region_id={capital}&contact.customer_id.job_title=厂长",
        },
        {"loyalty": "loyal", "query": "value_score__gte=0&q=启利"},
        {"loyalty": "closed"},
    )
    assert standing(office, customer) == ("potential", "loyal"), "scores are made before rules ask for them"
    office.ask(
        ALICE,
        "update",
        entity="customer",
        id=customer["id"],
        values={"name": "别的", "industry_id": government},
    )
    office.create(ALICE, "contact", name="王工", customer_id=customer["id"], job_title="厂长")
    ask(office)
    assert standing(office, customer) == ("key", "closed"), "what was typed counts at once, not only tomorrow"
    office.ask(ALICE, "update", entity="customer", id=customer["id"], values={"industry_id": None})
    ask(office)
    assert standing(office, customer)[0] == "target"
    assert office.ask(ROOT, "preview_value_rules")["moving"] == 0


def test_a_preview_counts_as_the_rules_will(office, customer):
    """What stands beside customers counts though whoever looks may not see it."""
    office.create(ALICE, "contact", name="王工", customer_id=customer["id"], job_title="厂长")
    looks = person(ROOT.id, "Root", "customer.customer.read all", "customer.preview_value_rules all")
    only(office)
    office.create(
        ROOT,
        "value_rule",
        position=1,
        name="厂长",
        value_class="key",
        query="contact.customer_id.job_title=厂长",
    )
    assert [move["after"] for move in office.ask(looks, "preview_value_rules")["moves"]] == ["key"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("owner_id=me", "nobody_is_me"),
        ("value_class=key", "decided_by_rules"),
        ("1.loyalty=loyal&1.kind=partner", "decided_by_rules"),
        ("nosuch=1", "wrong_condition"),
        ("contracts_count__gte=many", "wrong_condition"),
    ],
)
def test_what_no_rule_can_ask_is_refused_where_it_is_written(office, query, code):
    with pytest.raises(Invalid) as refused:
        office.create(ROOT, "value_rule", position=5, name="规则", value_class="key", query=query)
    assert [(wrong.field, wrong.code) for wrong in refused.value.fields] == [("query", code)]


def test_a_rule_whose_field_is_gone_fits_nobody_and_is_told(office, customer):
    (rule,) = only(office, {"value_class": "key", "query": "kind=end_customer"})
    assert standing(office, customer)[0] == "key"
    with office.house.sessions.begin() as session:
        session.execute(text("UPDATE value_rule SET query = 'own_gone=1' WHERE id = :id"), {"id": rule["id"]})
    office.later(minutes=1)
    office.ask(ROOT, "apply_value_rules")
    ask(office)
    assert standing(office, customer)[0] == "potential"
    assert [one["name"] for one in office.ask(ROOT, "preview_value_rules")["outdated"]] == ["规则0"]


@pytest.mark.parametrize(
    ("figures", "query"),
    [
        ({}, None),
        ({"contracts_count_from": 2, "contract_within_days": 730}, "contracts_count__gte=2&last_contract_on__gte=730_days_ago"),
        ({"paid_amount_from": "5000.00", "contact_within_days": 30}, "paid_amount__gte=5000&last_activity_at__gte=30_days_ago"),
        ({"strategic_value_from": "0.50"}, "strategic_value__gte=0.50"),
    ],
)  # fmt: skip
def test_rules_of_former_days_ask_the_same_as_a_question(figures, query):
    moved = import_module("services.customer.migrations.0024_let_rules_ask_questions")
    rule = dict.fromkeys(moved.COLUMNS) | figures
    assert moved.asked(rule) == query
    assert {name: value for name, value in moved.figures(query).items() if value is not None} == {
        name: str(value).removesuffix(".00") if name.endswith("_from") else value
        for name, value in figures.items()
    }


def test_a_rule_gives_one_thing(office):
    for gives in ({}, {"value_class": "key", "loyalty": "loyal"}):
        with pytest.raises(Invalid):
            office.create(ROOT, "value_rule", name="规则", position=5, **gives)
