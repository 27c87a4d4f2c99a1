"""While somebody types: do we have this company already?"""

import pytest

from contracts.errors import Forbidden
from tests.cast import person
from tests.service.customer.conftest import ALICE, BOB, CAROL


def ask(office, actor=ALICE, **typed):
    return office.ask(actor, "similar", typed)["similar"]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"name": "北京启利科技"}, "name"),
        ({"name": "北京启利科技股份有限公司"}, "name"),
        ({"phone": "+86 (010) 6234 5678"}, "phone"),
        ({"tax_number": "91110108ma01"}, "tax_number"),
        ({"name": "启利"}, "contains"),
    ],
)
def test_it_finds_the_customer(office, customer, typed, reason):
    (found,) = ask(office, **typed)
    assert (found["id"], found["reason"], found["owner"]) == (customer["id"], reason, "Alice")


def test_a_lead_counts_as_well(office, lead):
    assert [row["entity"] for row in ask(office, name="上海泰微信息技术")] == ["customer.lead"]


def test_of_a_colleagues_customer_only_its_name_and_whom_to_ask(office, customer):
    (found,) = ask(office, CAROL, name="北京启利科技有限公司")
    assert (found["id"], found["owner"], found["number"]) == (None, "Alice", customer["number"])
    assert ask(office, CAROL, name="启利") == []
    assert len(ask(office, BOB, name="启利")) == 1


def test_not_the_one_being_edited_nor_an_archived_one(office, customer):
    assert ask(office, name=customer["name"], except_id=customer["id"]) == []
    office.ask(ALICE, "archive", {"entity": "customer", "id": customer["id"]})
    assert ask(office, name=customer["name"]) == []


def test_nothing_typed_finds_nothing(office, customer):
    assert ask(office) == []
    assert ask(office, name=" ", phone="1") == []


def test_it_needs_the_right(office):
    with pytest.raises(Forbidden):
        ask(office, person(ALICE.id, "Alice"), name="启利")


@pytest.fixture
def reached(office):
    """A customer and a lead that are reached in every way there is."""
    office.create(ALICE, "customer", name="恒通精密", phone="021-6234 5678", email="info@hengtong.example")
    return office.create(
        ALICE, "lead", name="泰微信息", mobile="138 0013 8000", phone="010-62340000", email="wang@taiwei.example",
        website="https://www.taiwei.example/about",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "name", "reason"),
    [
        ({"mobile": "+86 13800138000"}, "泰微信息", "phone"),
        ({"phone": "13800138000"}, "泰微信息", "phone"),
        ({"mobile": "01062340000"}, "泰微信息", "phone"),
        ({"email": "Wang@Taiwei.example"}, "泰微信息", "email"),
        ({"email": "li@taiwei.example"}, "泰微信息", "mail_domain"),
        ({"website": "http://taiwei.example"}, "泰微信息", "website"),
        ({"mobile": "02162345678"}, "恒通精密", "phone"),
        ({"email": "sales@hengtong.example"}, "恒通精密", "mail_domain"),
    ],
)
def test_however_it_is_reached(office, reached, typed, name, reason):
    assert [(row["name"], row["reason"]) for row in ask(office, **typed)] == [(name, reason)]


def test_a_domain_names_only_what_one_may_see_and_a_mailbox_everybody_has_says_nothing(office, reached):
    assert ask(office, CAROL, email="li@taiwei.example") == []
    assert [row["id"] for row in ask(office, CAROL, email="wang@taiwei.example")] == [None]
    office.create(ALICE, "customer", name="个体户", email="laowang@qq.com")
    assert ask(office, email="laoli@qq.com") == []


def test_people_are_known_by_number_and_mail_and_by_name_where_they_work(office, customer):
    one = office.create(
        ALICE,
        "contact",
        customer_id=customer["id"],
        name="王芳",
        mobile="13800138000",
        email="wang@qili.example",
    )
    other = office.create(ALICE, "customer", name="别家")
    for typed, reason in (
        ({"phone": "138-0013-8000"}, "phone"), ({"email": "WANG@qili.example"}, "email"),
        ({"name": "王芳", "customer_id": customer["id"]}, "name"),
    ):  # fmt: skip
        assert [(row["id"], row["reason"]) for row in ask(office, about="person", **typed)] == [
            (one["id"], reason)
        ]
    assert ask(office, about="person", name="王芳", customer_id=other["id"]) == []
    assert ask(office, about="person", name="王芳", customer_id=customer["id"], except_id=one["id"]) == []
    assert [row["id"] for row in ask(office, CAROL, about="person", mobile="13800138000")] == [None]


def test_what_somebody_said_is_different_is_not_named_again(office, customer):
    twin = office.create(ALICE, "customer", name="北京启利科技股份有限公司")
    assert len(ask(office, name=twin["name"], except_id=twin["id"])) == 1
    mark = office.ask(ALICE, "mark_different", entity="customer", ids=[customer["id"], twin["id"]])
    assert ask(office, name=twin["name"], except_id=twin["id"]) == []
    assert ask(office, name=twin["name"], except_id=customer["id"]) == []
    office.ask(ALICE, "unmark_different", entity="customer", mark_id=mark["mark_id"])
    assert len(ask(office, name=twin["name"], except_id=twin["id"])) == 1


def test_those_known_to_be_different_leave_room_for_the_others(office):
    rows = [office.create(ALICE, "customer", name=f"分店{n}", phone="02162345678") for n in range(8)]
    office.ask(ALICE, "mark_different", entity="customer", ids=[row["id"] for row in rows[:7]])
    for typed in ({"phone": "02162345678"}, {"name": "分店"}):
        assert [row["name"] for row in ask(office, **typed, except_id=rows[0]["id"])] == ["分店7"]


def test_each_is_named_once_for_however_many_reasons(office):
    office.create(ALICE, "customer", name="泰微信息技术", email="wang@taiwei.example")
    (found,) = ask(office, name="泰微", email="li@taiwei.example", website="www.taiwei.example")
    assert found["reason"] == "mail_domain"


@pytest.fixture
def wang(office, customer):
    """Somebody at a customer of Alice's."""
    return office.create(
        ALICE, "contact", customer_id=customer["id"], name="王芳", mobile="13800138000", email="wang@qili.example"
    )  # fmt: skip


def test_a_company_is_known_by_the_people_there(office, customer, wang):
    """Users 1: a number that is somebody's at a colleague's customer is told, and nothing else of her."""
    for typed, reason in (
        ({"mobile": "+86 138 0013 8000"}, "phone"),
        ({"email": "WANG@qili.example"}, "email"),
    ):
        (found,) = ask(office, **typed)
        assert (found["entity"], found["id"], found["reason"]) == ("customer.contact", wang["id"], reason)
        assert (found["customer_id"], found["customer"]) == (customer["id"], customer["name"])
        (found,) = ask(office, CAROL, **typed)
        assert (found["id"], found["name"], found["owner"]) == (None, "王芳", "Alice")
        assert not found.keys() & {"customer", "customer_id"}
    assert ask(office, name="王芳") == []


def test_a_person_is_known_as_a_company_or_a_lead_that_is_reached_so(office, customer, lead):
    other = office.create(ALICE, "customer", name="张工", nature="individual", mobile="13900139000")
    known = [(row["entity"], row["id"]) for row in ask(office, about="person", mobile="13800138000")]
    assert known == [("customer.lead", lead["id"])]
    (found,) = ask(office, CAROL, about="person", phone="139 0013 9000", customer_id=customer["id"])
    assert (found["id"], found["name"], found["owner"]) == (None, other["name"], "Alice")


def test_what_belongs_together_is_not_named(office, customer, lead):
    """A person shares her company's number, a lead what it became, whoever buys privately her own."""
    shared = customer["phone"]
    her = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳", phone=shared)
    assert ask(office, about="person", phone=shared, customer_id=customer["id"], except_id=her["id"]) == []
    assert ask(office, phone=shared, except_id=customer["id"]) == []
    done = office.ask(ALICE, "convert_lead", id=lead["id"])["row"]
    typed = {"name": lead["name"], "mobile": lead["mobile"]}
    assert ask(office, **typed, except_id=done["customer_id"]) == []
    assert [row["id"] for row in ask(office, **typed, except_id=lead["id"])] == [done["customer_id"]]
    person_there = {"about": "person", "mobile": lead["mobile"], "customer_id": done["customer_id"]}
    assert [row["entity"] for row in ask(office, **person_there)] == ["customer.contact"]
    office.ask(ALICE, "sell_privately_contact", id=her["id"])
    assert ask(office, about="person", phone=shared, customer_id=customer["id"], except_id=her["id"]) == []
