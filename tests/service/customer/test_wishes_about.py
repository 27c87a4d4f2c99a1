"""What a customer wishes is told wherever somebody is dealing with it (NTF-03, CUS-21, CAR-03), and when it changes (CUS-21)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis import scope
from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import ActivityComesUp, WishChanged
from contracts.receivables import ContractListed
from contracts.sales import OpportunityListed
from services.customer.actions.reminders import remind
from tests.cast import id_of, person
from tests.service.customer.conftest import ALICE, CALL, CAROL

SELLER = person(
    ALICE.id, "Alice", "customer.* own", "sales.opportunity.read own", "receivables.contract.read own"
)
PROJECT, CONTRACT = id_of(831), id_of(832)


@pytest.fixture
def wang(office, customer):
    """Alice's customer wants calls in the morning; 王芳 there no gifts, 李强 tea."""
    person = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳")
    other = office.create(ALICE, "contact", customer_id=customer["id"], name="李强")
    for text, kind, whose in (
        ("上午联系", "time", None), ("不收礼品", "taboo", person["id"]), ("喜欢喝茶", "gift", other["id"]),
    ):  # fmt: skip
        office.later(minutes=1)
        office.create(ALICE, "wish", customer_id=customer["id"], text=text, kind=kind, contact_id=whose)
    data = {"owner_id": str(ALICE.id), "customer_id": customer["id"]}
    for cls, id in ((OpportunityListed, PROJECT), (ContractListed, CONTRACT)):
        office.hear(cls(record_id=id, epoch=1, ver=1, label="机房", data=data))
    return person


def told(office, *about, actor=SELLER) -> list[str]:
    asked = [{"entity": entity, "id": str(id)} for entity, id in about]
    return [row["text"] for row in office.ask(actor, "wishes_about", about=asked)["rows"]]


def test_of_a_customer_all_what_to_avoid_first(office, customer, wang):
    assert told(office, ("customer.customer", customer["id"])) == ["不收礼品", "喜欢喝茶", "上午联系"]
    assert told(office) == []


def test_of_a_person_hers_and_her_companys(office, customer, wang):
    hers = ["不收礼品", "上午联系"]
    assert told(office, ("customer.contact", wang["id"])) == hers
    assert told(office, ("customer.customer", customer["id"]), ("customer.contact", wang["id"])) == hers
    call = {"kind_id": str(CALL), "subject": "电话", "contact_id": wang["id"]}
    done = office.ask(ALICE, "log_activity", **call)["row"]
    assert told(office, ("customer.activity", done["id"])) == hers


def test_of_a_person_who_works_elsewhere_now_hers_there_and_no_more_here(office, customer, wang):
    """What somebody prefers follows her (docs/decisions/0075); of whoever has left for nowhere known nothing is told."""
    there = office.create(ALICE, "customer", name="上海泰微")
    office.create(ALICE, "wish", customer_id=there["id"], text="要发票", kind="need")
    office.ask(ALICE, "change_job_contact", id=wang["id"], customer_id=there["id"])
    assert told(office, ("customer.contact", wang["id"])) == ["不收礼品", "要发票"]
    assert told(office, ("customer.customer", there["id"])) == ["不收礼品", "要发票"]
    assert told(office, ("customer.customer", customer["id"])) == ["喜欢喝茶", "上午联系"]
    office.ask(ALICE, "change_job_contact", id=wang["id"])
    assert told(office, ("customer.customer", there["id"])) == ["要发票"]


def test_by_what_others_keep_about_the_customer(office, wang):
    for entity, id in (("sales.opportunity", PROJECT), ("receivables.contract", CONTRACT)):
        assert "上午联系" in told(office, (entity, id))


def test_nothing_of_what_is_outside_ones_rights(office, customer, wang):
    about = (
        ("customer.customer", customer["id"]),
        ("customer.contact", wang["id"]),
        ("sales.opportunity", PROJECT),
        ("sales.opportunity", id_of(999)),
    )
    assert told(office, *about, actor=CAROL) == []


def test_its_owner_is_told_when_one_is_written_down_changed_or_comes_back(office, customer, wang):
    def changes() -> list[str]:
        return [event.text for event in office.emitted(WishChanged)]

    before = len(changes())
    wish = office.create(ALICE, "wish", customer_id=customer["id"], text="要发票", kind="need")
    office.ask(ALICE, "update", entity="wish", id=wish["id"], values={"text": "要电子发票"})
    office.ask(ALICE, "archive", entity="wish", id=wish["id"])
    office.ask(ALICE, "restore", entity="wish", id=wish["id"])
    assert changes()[before:] == ["要发票", "要电子发票", "要电子发票"]


def test_whoever_else_deals_with_the_customer_is_told_too(office, customer):
    """CUS-21: to whom the customer is shown, and who planned something there."""
    guest, planner = (
        person(id_of(833), "Grace", "customer.* all"),
        person(id_of(834), "Dan", "customer.* all"),
    )
    with office.house.sessions.begin() as session:
        session.add(
            scope.Share(
                id=id_of(835), entity="customer.customer", record_id=customer["id"], staff_id=guest.id
            )
        )
    plan = {
        "subject": "拜访",
        "kind_id": str(CALL),
        "starts_at": "2026-03-20T02:00:00Z",
        "customer_id": customer["id"],
    }
    office.create(planner, "activity", **plan)
    office.create(ALICE, "activity", **plan)
    office.create(ALICE, "wish", customer_id=customer["id"], text="要发票", kind="need")
    (event,) = office.emitted(WishChanged)
    assert (event.owner_id, event.also_ids) == (ALICE.id, tuple(sorted((guest.id, planner.id))))


def test_a_reminder_of_an_activity_carries_them(office, customer, wang):
    """NTF-03: her company's and hers, what to avoid first."""
    office.create(
        ALICE, "activity", subject="回访", kind_id=str(CALL), starts_at=(office.now + timedelta(days=2)).isoformat(),
        contact_id=wang["id"], remind="at_start",
    )  # fmt: skip
    office.later(days=2, minutes=5)
    with office.house.sessions.begin() as session:
        remind(Work(session, Actor.system("customer"), office.house, door="remind"))
    (event,) = office.emitted(ActivityComesUp)
    assert event.wishes == ("不收礼品", "上午联系")
