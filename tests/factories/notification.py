"""Staff who are told things, and news to tell them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.identity import new_id
from contracts.customer import CustomerListed
from contracts.organization import BranchListed, StaffListed, role_id
from contracts.receivables import InstalmentFellDue
from contracts.service_desk import TicketAssigned
from tests.cast import (
    ALICE_ID,
    BEIJING,
    BOB_ID,
    CAROL_ID,
    DAN_ID,
    EVE_ID,
    FRANK_ID,
    GRACE_ID,
    ROOT_ID,
    SALES,
    SHANGHAI,
    id_of,
    person,
)
from tests.desk import NOON, Desk

MINE = (
    "notification.bell own", "notification.mark_read own", "notification.notice.read own",
    "notification.preferences own", "notification.set_preference own", "notification.customer_file own", "notification.preference.* own",
)  # fmt: skip
ALICE = person(ALICE_ID, "Alice", *MINE)
BOB = person(BOB_ID, "Bob", *MINE)
ROOT = person(ROOT_ID, "Root", "notification.* all", *MINE)
CUSTOMER = id_of(501)


def furnish(desk: Desk) -> Desk:
    """The cards of those who are told things."""
    for id, name, zone in ((BEIJING, "北京", "Asia/Shanghai"), (SHANGHAI, "上海", "Asia/Shanghai")):
        desk.hear(BranchListed(record_id=id, epoch=1, ver=1, label=name, data={"timezone": zone}))
    desk.hear(staff(ALICE_ID, "陈爱丽", "alice@example.com", label_en="Alice Chen"))
    desk.hear(staff(BOB_ID, "Bob", "bob@example.com", language="en"))
    desk.hear(staff(CAROL_ID, "Carol", "carol@example.com", branch=SHANGHAI))
    desk.hear(staff(DAN_ID, "Dan", "dan@example.com", "accountant"))
    desk.hear(staff(EVE_ID, "Eve", "eve@example.com", state="left"))
    desk.hear(staff(FRANK_ID, "Frank", "frank@example.com", "service_engineer"))
    desk.hear(staff(GRACE_ID, "Grace", "grace@example.com", "general_manager"))
    desk.hear(staff(ROOT_ID, "Root", "root@example.com", "administrator"))
    owner = {"owner_id": str(ALICE_ID), "department_id": str(SALES), "branch_id": str(BEIJING)}
    name = {"label": "上海泰微", "label_en": "Shanghai Taiwei"}
    desk.hear(CustomerListed(record_id=CUSTOMER, epoch=1, ver=1, number="KH-1", data=owner, **name))
    return desk


def staff(
    id: UUID,
    name: str,
    email: str | None,
    *roles: str,
    language: str = "zh_CN",
    branch: UUID = BEIJING,
    state: str = "active",
    ver: int = 1,
    **more: Any,
) -> StaffListed:
    """Somebody's card."""
    data = {
        "email": email, "language": language, "branch_id": str(branch), "department_id": str(SALES),
        "roles": [str(role_id(role)) for role in roles], "state": state,
    }  # fmt: skip
    return StaffListed(record_id=id, epoch=1, ver=ver, label=name, data=data, **more)


def fell_due(owner_id: UUID = ALICE_ID, **values: Any) -> InstalmentFellDue:
    """An instalment of a contract of Alice's customer fell due: one mail to the rep."""
    return InstalmentFellDue(
        **{
            "instalment_id": new_id(), "receivable_id": new_id(), "contract_id": new_id(),
            "contract_number": "HT-HQ-2026-00001", "customer_id": CUSTOMER, "owner_id": owner_id,
            "due_on": NOON.date(), "open_amount": Decimal("1234.50"),
        } | values
    )  # fmt: skip


def assigned(owner_id: UUID = FRANK_ID, **values: Any) -> TicketAssigned:
    """A ticket was given to an engineer."""
    return TicketAssigned(
        **{
            "ticket_id": new_id(), "number": "FW-HQ-2026-00001", "subject": "示波器无法开机", "priority": "normal",
            "customer_id": CUSTOMER, "owner_id": owner_id, "assigned_by": BOB_ID, "due_at": NOON,
        } | values
    )  # fmt: skip
