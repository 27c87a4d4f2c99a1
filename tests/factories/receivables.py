"""People of the cast at the doors of receivables, and contracts at any point of their life."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.identity import new_id
from contracts.actor import Actor
from contracts.customer import ContactListed, CustomerListed
from contracts.organization import BranchListed, ChoiceListed, StaffListed
from contracts.receivables import ContractSigned
from contracts.sales import OpportunityWon
from tests.cast import (
    ALICE_ID,
    BEIJING,
    BOB_ID,
    CAROL_ID,
    DAN_ID,
    GRACE_ID,
    SALES,
    SALES_SH,
    SHANGHAI,
    id_of,
    person,
)
from tests.desk import NOON, Desk

REP = (
    "receivables.*.read own", "receivables.contract.* own", "receivables.plan_contract own",
    "receivables.submit_contract own", "receivables.sign_contract own", "receivables.execute_contract own",
    "receivables.complete_contract own", "receivables.cancel_contract own", "customer.*.read own",
    "organization.*.read all",
)  # fmt: skip
ALICE = person(ALICE_ID, "Alice", *REP, manager_id=BOB_ID)
BOB = person(
    BOB_ID, "Bob", "receivables.*.read team", "receivables.*_contract team", "receivables.contract.* team",
    "customer.*.read team", "organization.*.read all", reports=(ALICE_ID,),
)  # fmt: skip
CAROL = person(CAROL_ID, "Carol", *REP, branch=SHANGHAI, department=SALES_SH)
DAN = person(DAN_ID, "Dan", "receivables.* all", "customer.*.read all", "organization.*.read all")
GRACE = person(GRACE_ID, "Grace", "receivables.*.read all")

CUSTOMER, CONTACT, OTHER_CUSTOMER, TRANSFER = id_of(501), id_of(502), id_of(503), id_of(601)
TODAY = NOON.date()


def furnish(desk: Desk) -> Desk:
    """The cards a contract refers to: branches, people, a customer of Alice's with a contact, a way to pay."""
    for id, name, zone in ((BEIJING, "北京", "Asia/Shanghai"), (SHANGHAI, "上海", "Asia/Shanghai")):
        desk.hear(BranchListed(record_id=id, epoch=1, ver=1, label=name, data={"timezone": zone}))
    for id, name, branch, department in (
        (ALICE_ID, "Alice", BEIJING, SALES), (BOB_ID, "Bob", BEIJING, SALES), (CAROL_ID, "Carol", SHANGHAI, SALES_SH),
        (DAN_ID, "Dan", BEIJING, SALES),
    ):  # fmt: skip
        place = {"branch_id": str(branch), "department_id": str(department)}
        desk.hear(StaffListed(record_id=id, epoch=1, ver=1, label=name, data=place))
    owner = {"owner_id": str(ALICE_ID), "department_id": str(SALES), "branch_id": str(BEIJING)}
    for id, name in ((CUSTOMER, "上海泰微"), (OTHER_CUSTOMER, "北京启利")):
        desk.hear(CustomerListed(record_id=id, epoch=1, ver=1, number="KH-1", label=name, data=owner))
    at_customer = {"customer_id": str(CUSTOMER), **owner}
    desk.hear(ContactListed(record_id=CONTACT, epoch=1, ver=1, label="王明", data=at_customer))
    pay = {"list": "payment_method", "code": "transfer"}
    desk.hear(ChoiceListed(record_id=TRANSFER, epoch=1, ver=1, label="电汇", label_en="Transfer", data=pay))
    return desk


def won(**values: Any) -> OpportunityWon:
    """An opportunity of Alice's, won for 1,000."""
    return OpportunityWon(
        **{
            "opportunity_id": new_id(), "name": "机房建设", "customer_id": CUSTOMER, "contact_id": CONTACT,
            "owner_id": ALICE_ID, "stage_id": new_id(), "amount": Decimal("1000.00"), "contract_id": new_id(),
            "lines": ({"quantity": "2", "unit_price": "500", "amount": "1000.00"},),
            "won_at": NOON,
        } | values
    )  # fmt: skip


def drafted(desk: Desk, actor: Actor = ALICE, **values: Any) -> dict[str, Any]:
    """A draft over 1,000.00 without a plan."""
    return desk.create(
        actor, "contract", **{"name": "机房建设", "customer_id": str(CUSTOMER), "amount": "1000", **values}
    )


def planned(*parts: tuple[str, str]) -> list[dict[str, str]]:
    """`planned(("2026-04-01", "600"), …)`."""
    return [{"due_on": due_on, "amount": amount} for due_on, amount in parts]


HALVES = planned(("2026-04-01", "600"), ("2026-05-01", "400"))


def approved(desk: Desk, actor: Actor = ALICE, **values: Any) -> dict[str, Any]:
    """A contract that only waits for the signatures."""
    id = drafted(desk, actor, **{"instalments": HALVES, **values})["id"]
    desk.ask(actor, "submit_contract", id=id)
    return desk.ask(BOB if actor is ALICE else DAN, "approve_contract", id=id)["row"]


def signed(desk: Desk, actor: Actor = ALICE, **values: Any) -> dict[str, Any]:
    """A signed contract; 600 due on 1 April, 400 on 1 May unless told otherwise."""
    id = approved(desk, actor, **values)["id"]
    return desk.ask(actor, "sign_contract", id=id)["row"]


def receivable_of(desk: Desk, contract: dict[str, Any], actor: Actor = DAN) -> dict[str, Any]:
    """What is owed for it now."""
    where = {"where": {"contract_id": contract["id"]}, "archived": False}
    return desk.ask(actor, "list", {"entity": "receivable", "query": where})["rows"][0]


def instalments_of(desk: Desk, contract: dict[str, Any], actor: Actor = DAN) -> list[dict[str, Any]]:
    """Its instalments, first due first."""
    where = {"where": {"contract_id": contract["id"]}, "sort": "due_on"}
    return desk.ask(actor, "list", {"entity": "instalment", "query": where})["rows"]


def pay(desk: Desk, contract: dict[str, Any], amount: str, actor: Actor = DAN, **values: Any) -> Any:
    """Money comes in for a contract."""
    message = {"payment_id": str(new_id()), "contract_id": contract["id"], "amount": amount, **values}
    return desk.ask(actor, "record_payment", message)


def due_on(days: int) -> str:
    """So many days from the day all tests begin on."""
    return date.fromordinal(TODAY.toordinal() + days).isoformat()


def signed_id(desk: Desk) -> UUID:
    """The contract signed last."""
    return desk.emitted(ContractSigned)[-1].contract_id
