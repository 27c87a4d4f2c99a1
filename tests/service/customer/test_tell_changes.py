"""A program that keeps a copy of our records hears of each change it asked for, and costs nothing while nobody asks (users 20)."""

from __future__ import annotations

import pytest

from chassis.identity import new_id
from contracts.changes import MOST
from contracts.customer import CustomerRecordsChanged
from contracts.notification import WebhookListed
from services.customer import model
from tests.service.customer.conftest import ALICE
from tests.service.customer.test_import import bring  # noqa: F401
from tests.service.customer.test_own_objects import ENTITY, defined, field


def webhook(*events: str, ver: int = 1, id=None, is_active: bool = True) -> WebhookListed:
    data = {"events": list(events), "is_active": is_active}
    return WebhookListed(record_id=id or new_id(), epoch=1, ver=ver, label="BI", data=data)


@pytest.fixture
def heard(office):
    """What was told since last asked: entity, version, names of fields."""
    office.hear(defined())
    office.hear(field("power", "number"))
    office.hear(webhook("customer_records_changed"))
    told: list[CustomerRecordsChanged] = []

    def since() -> list[tuple[str, int, set[str]]]:
        fresh = office.emitted(CustomerRecordsChanged)[len(told) :]
        told.extend(fresh)
        return [(event.entity, one.ver, set(one.fields)) for event in fresh for one in event.records]

    return since


def test_any_field_of_any_record_is_told_by_name(office, heard, customer):
    heard()
    for values in ({"phone": "021-5555"}, {"address": "南京路 1 号", "website": "https://x.example"}):
        office.ask(ALICE, "update", entity="customer", id=customer["id"], values=values)
    assert [(entity, names) for entity, _, names in heard()] == [
        ("customer.customer", {"phone"}), ("customer.customer", {"address", "website"}),
    ]  # fmt: skip
    press = office.create(ALICE, ENTITY, name="冲压机", own_power="7.5")
    office.ask(ALICE, "update", entity=ENTITY, id=press["id"], values={"own_power": "8"})
    office.ask(ALICE, "archive", entity=ENTITY, id=press["id"])
    (_, born, names), *rest = heard()
    assert (born, {"name", "own_power", "owner_id"} <= names) == (1, True)
    assert rest == [(ENTITY, 2, {"own_power"}), (ENTITY, 3, {"archived_at"})]


def test_a_file_of_many_is_told_by_a_few(office, heard, bring):  # noqa: F811
    heard()
    bring("customer", [{"name": f"公司{number}"} for number in range(MOST + 20)])
    told = [event for event in office.emitted(CustomerRecordsChanged) if event.entity == "customer.customer"]
    assert [len(event.records) for event in told] == [MOST, 20]
    ids = {one.id for event in told for one in event.records}
    assert ids == {row.id for row in office.rows(model.Customer)}


def test_nobody_is_told_who_has_not_asked(office, customer):
    quiet = new_id()
    office.hear(webhook())
    office.hear(webhook("lead_listed"))
    office.hear(webhook("customer_records_changed", id=quiet))
    office.hear(webhook("customer_records_changed", id=quiet, ver=2, is_active=False))
    office.ask(ALICE, "update", entity="customer", id=customer["id"], values={"phone": "021-5555"})
    assert office.emitted(CustomerRecordsChanged) == []
