"""The cast as the customer service knows it: Alice and Bob in Beijing, Carol in Shanghai, and the base data they choose from."""

from __future__ import annotations

import pytest

from contracts.organization import BranchListed, ChoiceListed, DepartmentListed, StaffListed
from contracts.shipped import shipped_id
from tests.cast import (
    ALICE_ID,
    BEIJING,
    BOB_ID,
    CAROL_ID,
    EVE_ID,
    ROOT_ID,
    SALES,
    SALES_SH,
    SHANGHAI,
    person,
)

ALICE = person(ALICE_ID, "Alice", "customer.* own", manager_id=BOB_ID)
BOB = person(BOB_ID, "Bob", "customer.* team", reports=(ALICE_ID,))
EVE = person(EVE_ID, "Eve", "customer.* own")
CAROL = person(CAROL_ID, "Carol", "customer.* own", branch=SHANGHAI, department=SALES_SH)
ROOT = person(ROOT_ID, "Root", "customer.* all")
READER = person(ROOT_ID, "Reader", "customer.*.read branch", "customer.customer_file branch")

VISIT = shipped_id("organization.choice", "activity_kind", "visit")
CALL = shipped_id("organization.choice", "activity_kind", "phone")
TRADE = shipped_id("organization.choice", "industry", "trade")
INTERNET = shipped_id("organization.choice", "lead_source", "internet")


@pytest.fixture
def office(desk):
    """The customer service, knowing the staff and the base data."""
    office = desk("customer")
    meet_the_staff(office)
    return office


def meet_the_staff(office):
    """Cards of branches, people and base data."""
    office.hear(_card(BranchListed, BEIJING, "北京", code="HQ"))
    office.hear(_card(BranchListed, SHANGHAI, "上海", code="SH"))
    office.hear(_card(DepartmentListed, SALES, "销售部", branch_id=str(BEIJING)))
    for who, department, branch in (
        (ALICE, SALES, BEIJING),
        (BOB, SALES, BEIJING),
        (CAROL, SALES_SH, SHANGHAI),
        (EVE, SALES, BEIJING),
    ):
        state = "left" if who is EVE else "active"
        office.hear(
            _card(
                StaffListed, who.id, who.name, login=who.name.lower(), department_id=str(department), branch_id=str(branch), state=state
            )
        )  # fmt: skip
    for list_, code, name, name_en in (
        ("activity_kind", "visit", "拜访", "Visit"),
        ("activity_kind", "phone", "电话", "Phone call"),
        ("industry", "trade", "商业贸易", "Trade"),
        ("lead_source", "internet", "互联网信息", "Internet"),
    ):
        office.hear(
            _card(ChoiceListed, shipped_id("organization.choice", list_, code), name, name_en, list=list_, code=code)
        )  # fmt: skip


@pytest.fixture
def lead(office):
    """A lead of Alice's."""
    return office.create(
        ALICE, "lead", name="上海泰微信息技术有限公司", contact_name="王芳", job_title="采购经理", mobile="13800138000",
        source_id=str(INTERNET), industry_id=str(TRADE), expected_amount="120000.00", need="二十套终端",
    )  # fmt: skip


@pytest.fixture
def customer(office):
    """A customer of Alice's."""
    return office.create(
        ALICE, "customer", name="北京启利科技有限公司", phone="010-62345678", tax_number="91110108MA01"
    )


def _card(cls, id, label, label_en=None, **data):
    return cls(record_id=id, epoch=1, ver=1, label=label, label_en=label_en, data=data)
