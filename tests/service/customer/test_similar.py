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
