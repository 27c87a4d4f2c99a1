"""People of the cast at the service desk, and tickets at any point of their life."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chassis.identity import new_id
from contracts.actor import Actor
from contracts.customer import ContactListed, CustomerListed
from contracts.organization import BranchListed, ChoiceListed, StaffListed
from contracts.receivables import ContractSigned
from contracts.sales import ProductClassListed, ProductListed
from services.service_desk import seed
from tests.cast import (
    ALICE_ID,
    BEIJING,
    BOB_ID,
    CAROL_ID,
    EVE_ID,
    FRANK_ID,
    GRACE_ID,
    SALES_SH,
    SERVICE,
    SHANGHAI,
    id_of,
    person,
)
from tests.desk import NOON, Desk

READS = (
    "customer.*.read all",
    "organization.*.read all",
    "sales.*.read all",
    "service_desk.problem.read all",
)
ENGINEER = (
    *READS, "service_desk.ticket.* branch", "service_desk.*_ticket branch", "service_desk.article.read all",
    "service_desk.article.* own", "service_desk.*_article own", "service_desk.deal_handover.* branch",
    "service_desk.accept_deal_handover branch", "service_desk.my_tickets own", "service_desk.problem_tree all",
    "service_desk.find_articles all", "service_desk.customer_file branch",
)  # fmt: skip
REP = (
    "customer.*.read own", "organization.*.read all", "sales.*.read all", "service_desk.problem.read all",
    "service_desk.ticket.read own", "service_desk.ticket.create all", "service_desk.deal_handover.read own",
    "service_desk.article.read all", "service_desk.find_articles all", "service_desk.my_tickets own",
    "service_desk.customer_file own", "service_desk.per_staff own",
)  # fmt: skip
FRANK = person(FRANK_ID, "Frank", *ENGINEER, department=SERVICE)
EVE = person(EVE_ID, "Eve", *ENGINEER, department=SERVICE)
"""Another engineer of Frank's department, before she leaves."""
ALICE = person(ALICE_ID, "Alice", *REP, manager_id=BOB_ID)
BOB = person(BOB_ID, "Bob", "service_desk.per_staff department", "service_desk.ticket.read department")
CAROL = person(CAROL_ID, "Carol", *REP, branch=SHANGHAI, department=SALES_SH)
GRACE = person(GRACE_ID, "Grace", "service_desk.* all", "organization.*.read all", "customer.*.read all")

CUSTOMER, OTHER_CUSTOMER, CONTACT = id_of(501), id_of(502), id_of(511)
CLASS_A, CLASS_A01, CLASS_B = id_of(601), id_of(602), id_of(603)
SCOPE, SOFTWARE = id_of(611), id_of(612)
FAQ = id_of(701)


def furnish(desk: Desk) -> Desk:
    """What the service is born with, and the cards a ticket refers to."""
    with desk.house.sessions.begin() as session:
        from chassis.work import Work

        seed.seed(Work(session, Actor.system("seed"), desk.house, door="seed"))
    for id, name in ((BEIJING, "北京"), (SHANGHAI, "上海")):
        desk.hear(BranchListed(record_id=id, epoch=1, ver=1, label=name, data={"timezone": "Asia/Shanghai"}))
    for actor in (ALICE, BOB, CAROL, FRANK, EVE, GRACE):
        desk.hear(staff(actor))
    for id, name in ((CUSTOMER, "上海泰微"), (OTHER_CUSTOMER, "北京启利")):
        desk.hear(customer(id, name, ALICE))
    at_customer = {"customer_id": str(CUSTOMER), **_owner(ALICE)}
    desk.hear(ContactListed(record_id=CONTACT, epoch=1, ver=1, label="王明", data=at_customer))
    for id, code, parent in ((CLASS_A, "A", None), (CLASS_A01, "A01", CLASS_A), (CLASS_B, "B", None)):
        data = {"code": code, "parent_id": str(parent) if parent else None}
        desk.hear(ProductClassListed(record_id=id, epoch=1, ver=1, label=code, data=data))
    for id, name, product_class in ((SCOPE, "示波器", CLASS_A01), (SOFTWARE, "采集软件", CLASS_B)):
        data = {"code": name, "class_id": str(product_class)}
        desk.hear(ProductListed(record_id=id, epoch=1, ver=1, label=name, data=data))
    faq = {"list": "article_category", "code": "faq"}
    desk.hear(ChoiceListed(record_id=FAQ, epoch=1, ver=1, label="常见问题", label_en="FAQ", data=faq))
    return desk


def staff(actor: Actor, **values: Any) -> StaffListed:
    """Somebody's card."""
    data = {
        "branch_id": str(actor.branch_id), "department_id": str(actor.department_id), "state": "active",
    }  # fmt: skip
    return StaffListed(
        **{"record_id": actor.id, "epoch": 1, "ver": 1, "label": actor.name, "data": data} | values
    )


def customer(id: Any, name: str, owner: Actor, ver: int = 1) -> CustomerListed:
    """A customer's card."""
    return CustomerListed(record_id=id, epoch=1, ver=ver, number="KH-1", label=name, data=_owner(owner))


def _owner(owner: Actor) -> dict[str, str]:
    return {
        "owner_id": str(owner.id), "department_id": str(owner.department_id), "branch_id": str(owner.branch_id),
    }  # fmt: skip


def opened(desk: Desk, actor: Actor = FRANK, **values: Any) -> dict[str, Any]:
    """A request of Alice's customer by phone, taken by Frank."""
    return desk.create(
        actor, "ticket", **{"subject": "示波器无法开机", "customer_id": str(CUSTOMER), **values}
    )


def closed(desk: Desk, actor: Actor = FRANK, **values: Any) -> dict[str, Any]:
    """Answered and closed."""
    id = opened(desk, actor, **values)["id"]
    desk.ask(actor, "answer_ticket", id=id, text="请更换保险丝")
    return desk.ask(actor, "close_ticket", id=id, solution="更换保险丝")["row"]


def article(desk: Desk, actor: Actor = FRANK, **values: Any) -> dict[str, Any]:
    """A draft."""
    return desk.create(
        actor, "article", **{"name": "示波器保险丝更换", "body": "先断电，再打开后盖。", **values}
    )


def signed(**values: Any) -> ContractSigned:
    """A contract of Alice's that was signed."""
    return ContractSigned(
        **{
            "contract_id": new_id(), "number": "HT-HQ-2026-00001", "name": "机房建设", "customer_id": CUSTOMER,
            "contact_id": CONTACT, "owner_id": ALICE_ID, "amount": Decimal("1000.00"), "signed_on": NOON.date(),
            "receivable_id": new_id(),
        } | values
    )  # fmt: skip


def problem(desk: Desk, code: str) -> str:
    """The id of a catalogue entry."""
    return str(seed.problem_id(code))
