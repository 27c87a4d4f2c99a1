"""A manager reads the trail and remarks on it at once."""

import pytest

from contracts.customer import ActivityCommented, RecordCommented
from contracts.errors import Invalid, NotFound
from services.customer import model
from tests.cast import ALICE_ID, BOB_ID
from tests.service.customer.conftest import ALICE, BOB, CAROL, VISIT


def test_on_an_activity(office, customer):
    visit = office.ask(ALICE, "log_activity", kind_id=str(VISIT), subject="拜访", customer_id=customer["id"])[
        "row"
    ]
    row = office.ask(
        BOB, "add_comment", about="customer.activity", record_id=visit["id"], text="下次带上方案"
    )["row"]
    assert (row["text"], row["created_by"]) == ("下次带上方案", str(BOB_ID))
    (said,) = office.emitted(ActivityCommented)
    assert (said.owner_id, said.author_id, said.subject) == (ALICE_ID, BOB_ID, "拜访")


def test_on_a_lead_and_read_by_its_owner(office, lead):
    office.ask(BOB, "add_comment", about="customer.lead", record_id=lead["id"], text="今天就打电话")
    (said,) = office.emitted(RecordCommented)
    assert (said.about, said.name) == ("customer.lead", lead["name"])
    seen = office.ask(ALICE, "comments", about="customer.lead", record_id=lead["id"])
    assert [row["text"] for row in seen["rows"]] == ["今天就打电话"]
    assert seen["labels"][str(BOB_ID)]["label"] == "Bob"


def test_an_empty_one_is_refused(office, lead):
    with pytest.raises(Invalid):
        office.ask(BOB, "add_comment", about="customer.lead", record_id=lead["id"], text="  ")


def test_not_on_what_one_cannot_see(office, lead):
    with pytest.raises(NotFound):
        office.ask(CAROL, "add_comment", about="customer.lead", record_id=lead["id"], text="?")
    with pytest.raises(NotFound):
        office.ask(CAROL, "comments", about="customer.lead", record_id=lead["id"])
    with pytest.raises(NotFound):
        office.ask(ALICE, "add_comment", about="customer.nothing", record_id=lead["id"], text="?")
    assert office.rows(model.Comment) == []


def test_the_same_id_twice_is_one(office, lead):
    ask = {"about": "customer.lead", "record_id": lead["id"], "text": "一次"}
    office.ask(BOB, "add_comment", ask, key="once")
    office.ask(BOB, "add_comment", ask, key="once")
    assert len(office.rows(model.Comment)) == 1
