"""The cast as the sales service knows it, its stages and a customer to sell to."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import ContactListed, CustomerListed
from contracts.organization import ChoiceListed
from contracts.shipped import shipped_id
from services.sales.seed import STAGES, seed
from tests.cards import card, company
from tests.cast import (
    ALICE_ID,
    BOB_ID,
    BOOKS,
    CAROL_ID,
    DAN_ID,
    GRACE_ID,
    ROOT_ID,
    SALES_SH,
    SHANGHAI,
    id_of,
    person,
)
from tests.desk import Desk

BASE = ("sales.product*.read all", "sales.stage.read all")
SELLS = (
    *BASE, "customer.*.read own", "sales.opportunity.* own", "sales.quote.* own", "sales.*_opportunity own", "sales.submit_quote own",
    "sales.send_quote own", "sales.accept_quote own", "sales.decline_quote own", "sales.withdraw_quote own",
    "sales.revise_quote own", "sales.board own", "sales.pipeline own", "sales.forecast own",
    "sales.quote_trail own", "sales.customer_file own",
)  # fmt: skip
ALICE = person(ALICE_ID, "Alice", *SELLS, manager_id=BOB_ID)
BOB = person(
    BOB_ID, "Bob", *BASE, "customer.*.read team", "sales.* team", reports=(ALICE_ID,), manager_id=GRACE_ID
)
CAROL = person(CAROL_ID, "Carol", *SELLS, branch=SHANGHAI, department=SALES_SH)
DAN = person(DAN_ID, "Dan", "sales.*.read all", department=BOOKS)
GRACE = person(
    GRACE_ID, "Grace", *BASE, "customer.*.read all", "sales.* all", reports=(ALICE_ID, BOB_ID, CAROL_ID)
)
ROOT = person(ROOT_ID, "Root", "customer.*.read all", "sales.* all")

TAIWEI, QILI = id_of(601), id_of(602)
WANG, LI = id_of(611), id_of(612)
PRICE = shipped_id("organization.choice", "loss_reason", "price")
STAGE = {code: str(shipped_id("sales.stage", code)) for code, *_ in STAGES}
OSCILLOSCOPE = str(shipped_id("sales.product", "A0101"))
TRAINING = str(shipped_id("sales.product", "B0202"))


@pytest.fixture
def office(desk) -> Desk:
    """The sales service as it is after its first start, knowing the staff and two customers."""
    office = desk("sales")
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("sales.seed"), office.house, door="seed"))
    for heard in (
        *company(ALICE, BOB, CAROL, DAN, GRACE),
        card(CustomerListed, TAIWEI, "上海泰微", kind="end_customer", owner_id=ALICE_ID),
        card(CustomerListed, QILI, "北京启利", kind="end_customer", owner_id=CAROL_ID),
        card(ContactListed, WANG, "王芳", customer_id=TAIWEI),
        card(ContactListed, LI, "李强", customer_id=QILI),
        card(ChoiceListed, PRICE, "价格", "Price", list="loss_reason", code="price"),
    ):
        office.hear(heard)
    return office


@pytest.fixture
def sell(office: Desk):
    """`sell(ALICE, expected_amount=…)`: an opportunity of hers."""

    def sell(actor: Actor, **values: Any) -> dict[str, Any]:
        customer = {"name": "示波器采购", "customer_id": str(TAIWEI)}
        return office.create(actor, "opportunity", **(customer | values))

    return sell


@pytest.fixture
def opportunity(sell) -> dict[str, Any]:
    """Alice sells oscilloscopes to 泰微."""
    return sell(ALICE, contact_id=str(WANG), expected_amount="100000.00", expected_on="2026-06-30")


@pytest.fixture
def quote(office: Desk, opportunity) -> dict[str, Any]:
    """A draft with two lines: 2 × 12,800.00 less 10 %, and one training."""
    return office.create(
        ALICE, "quote", name="第一次报价", opportunity_id=opportunity["id"], valid_until="2026-04-30",
        lines=[{"product_id": OSCILLOSCOPE, "quantity": "2", "discount": "10"}, {"product_id": TRAINING}],
    )  # fmt: skip


@pytest.fixture
def go(office: Desk):
    """`go(quote, "submit", "approve", "send")`: the quote after these verbs, each by whoever may."""

    def go(quote: dict[str, Any], *verbs: str) -> dict[str, Any]:
        for verb in verbs:
            actor = BOB if verb in ("approve", "reject") else ALICE
            quote = office.ask(actor, f"{verb}_quote", id=quote["id"])["row"]
        return quote

    return go
