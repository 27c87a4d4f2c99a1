"""Contracts are asked by what is known of their customers: industry, region, value class (DAT-02, users 9)."""

from __future__ import annotations

import pytest

from contracts.customer import CustomerListed
from contracts.errors import Invalid
from tests.cast import ALICE_ID, BEIJING, CAROL_ID, SALES, SALES_SH, SHANGHAI, id_of
from tests.desk import Desk
from tests.factories.receivables import ALICE, CAROL, CUSTOMER, DAN, GRACE, OTHER_CUSTOMER, drafted

BANKS, MINES = id_of(701), id_of(702)
HERS = {"owner_id": str(ALICE_ID), "department_id": str(SALES), "branch_id": str(BEIJING)}
CAROLS = {"owner_id": str(CAROL_ID), "department_id": str(SALES_SH), "branch_id": str(SHANGHAI)}


GLOBAL, BUSINESS, NEED = id_of(703), id_of(704), id_of(705)


def know(house: Desk, id, ver: int = 2, retold: int = 0, **data) -> None:
    house.hear(CustomerListed(record_id=id, epoch=1, ver=ver, retold=retold, label="客户", data=data))


@pytest.fixture
def books(house: Desk) -> Desk:
    """A contract with a bank, one with a mine; both customers are Alice's."""
    know(
        house, CUSTOMER, **HERS, industry_id=str(BANKS), value_class="key", credit_limit="5000.00", nature="company",
        segments=[str(GLOBAL), str(BUSINESS)], stage_id=str(NEED), value_group="core", tags=[],
    )  # fmt: skip
    know(
        house, OTHER_CUSTOMER, **HERS, industry_id=str(MINES), value_class="potential", credit_limit=None,
        segments=[], stage_id=None,
    )  # fmt: skip
    drafted(house, name="银行合同")
    drafted(house, name="矿山合同", customer_id=str(OTHER_CUSTOMER))
    return house


def found(house: Desk, actor=ALICE, **where) -> set[str]:
    rows = house.ask(actor, "list", {"entity": "contract", "query": {"where": where}})["rows"]
    return {row["name"] for row in rows}


@pytest.mark.parametrize(("where", "names"), [
    ({"customer_id.industry_id": str(BANKS)}, {"银行合同"}),
    ({"customer_id.industry_id": [str(BANKS), str(MINES)]}, {"银行合同", "矿山合同"}),
    ({"-customer_id.industry_id": str(BANKS)}, {"矿山合同"}),
    ({"customer_id.value_class": "key"}, {"银行合同"}),
    ({"customer_id.value_class__ne": "key"}, {"矿山合同"}),
    ({"customer_id.credit_limit__gte": "1000"}, {"银行合同"}),
    ({"customer_id.credit_limit__empty": True}, {"矿山合同"}),
    ({"customer_id.owner_id": "me", "customer_id.industry_id": str(MINES)}, {"矿山合同"}),
    ({"customer_id.region_id__empty": False}, set()),
    ({"customer_id.segments": str(GLOBAL)}, {"银行合同"}),
    ({"customer_id.segments": [str(BUSINESS), str(NEED)]}, {"银行合同"}),
    ({"customer_id.segments__ne": str(GLOBAL)}, {"矿山合同"}),
    ({"-customer_id.segments": str(GLOBAL)}, {"矿山合同"}),
    ({"customer_id.segments__empty": True}, {"矿山合同"}),
    ({"customer_id.tags__empty": True}, {"银行合同", "矿山合同"}),
    ({"customer_id.tags__empty": False}, set()),
    ({"customer_id.stage_id": str(NEED), "customer_id.value_group": "core", "customer_id.nature": "company"}, {"银行合同"}),
])  # fmt: skip
def test_a_contract_is_found_by_what_the_card_of_its_customer_says(books: Desk, where, names):
    assert found(books, **where) == names


def test_it_follows_the_newest_card(books: Desk):
    know(books, CUSTOMER, 3, **HERS, industry_id=str(MINES))
    assert found(books, **{"customer_id.industry_id": str(MINES)}) == {"银行合同", "矿山合同"}


def test_of_two_cards_of_one_version_the_later_counts_in_whatever_order_they_come(books: Desk):
    """A gathering of segments leaves the version as it is: nobody's typing is sent back for it."""
    know(books, CUSTOMER, 2, 2, **HERS, segments=[str(BUSINESS)])
    know(books, CUSTOMER, 2, 1, **HERS, segments=[str(GLOBAL)])
    assert found(books, **{"customer_id.segments": str(BUSINESS)}) == {"银行合同"}
    assert found(books, **{"customer_id.segments": str(GLOBAL)}) == set()


def test_a_customer_out_of_reach_does_not_count(books: Desk):
    """What a colleague's customer is like is not found out by asking, even behind a contract that one sees."""
    know(books, CUSTOMER, 3, **CAROLS, industry_id=str(BANKS))
    asked = {"customer_id.industry_id": str(BANKS)}
    assert found(books, ALICE, **asked) == set()
    assert found(books, DAN, **asked) == {"银行合同"}
    assert found(books, GRACE, **asked) == set(), "she reads no customers"
    assert found(books, CAROL, **asked) == set(), "the contract is Alice's"


@pytest.mark.parametrize("key", [
    "customer_id.phone", "customer_id.industry_id.name", "customer_id.", "customer_id.contact", "owner_id.name", "customer_id.lead_id",
])  # fmt: skip
def test_what_no_card_says_is_named(books: Desk, key):
    with pytest.raises(Invalid) as refused:
        found(books, **{key: "x"})
    assert [(p.field, p.code) for p in refused.value.fields] == [(key, "unknown")]


def test_a_wrong_value_is_named(books: Desk):
    with pytest.raises(Invalid) as refused:
        found(books, **{"customer_id.credit_limit__gte": "viel"})
    assert [(p.field, p.code) for p in refused.value.fields] == [
        ("customer_id.credit_limit__gte", "not_a_number")
    ]


def grouped(house: Desk, by: str, actor=ALICE) -> dict:
    answer = house.ask(actor, "grouped", {"entity": "contract", "by": [by]})
    return {group["keys"][0]: group["count"] for group in answer["groups"]}


@pytest.mark.parametrize(("by", "counts"), [
    ("customer_id.industry_id", {str(BANKS): 1, str(MINES): 2}),
    ("customer_id.value_class", {"key": 1, "potential": 2}),
    ("customer_id.region_id", {None: 3}),
    ("customer_id.owner_id", {str(ALICE_ID): 3}),
    ("customer_id.segments", {str(GLOBAL): 1, str(BUSINESS): 1, None: 2}),
    ("customer_id.tags", {None: 3}),
    ("customer_id.stage_id", {str(NEED): 1, None: 2}),
])  # fmt: skip
def test_contracts_are_counted_by_what_their_customers_are_like(books: Desk, by, counts):
    """DAT-07, CUS-16: by industry, region, class and segment of the customer; each number is that of the list it opens."""
    drafted(books, name="第二份矿山合同", customer_id=str(OTHER_CUSTOMER))
    assert grouped(books, by) == counts
    for key, count in counts.items():
        where = {by: key} if key is not None else {f"-{by}__empty": "no"}
        assert len(found(books, **where)) == count


def test_a_customer_out_of_reach_is_counted_as_nothing(books: Desk):
    """The contract counts, what its customer is like stays a secret, and the number still opens its rows."""
    know(books, CUSTOMER, 3, **CAROLS, industry_id=str(BANKS))
    by = "customer_id.industry_id"
    assert grouped(books, by) == {None: 1, str(MINES): 1}
    assert found(books, **{f"-{by}__empty": "no"}) == {"银行合同"}
    assert grouped(books, by, DAN) == {str(BANKS): 1, str(MINES): 1}
    assert grouped(books, by, GRACE) == {None: 2}
    both = books.ask(DAN, "grouped", {"entity": "contract", "by": [by, "customer_id.value_class"]})
    assert {tuple(group["keys"]) for group in both["groups"]} == {
        (str(BANKS), None),
        (str(MINES), "potential"),
    }


@pytest.mark.parametrize("by", [
    "customer_id.phone", "customer_id.credit_limit", "customer_id.industry_id.name", "customer_id.", "owner_id.name", "nobody.x", ".",
])  # fmt: skip
def test_nothing_is_counted_by_what_no_card_says(books: Desk, by):
    with pytest.raises(Invalid) as refused:
        grouped(books, by)
    assert [(p.field, p.code) for p in refused.value.fields] == [("by", "not_a_choice")]
