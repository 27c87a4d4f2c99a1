"""A role's card carries what it grants: who acts in a person's name elsewhere knows her rights as they are now (decision 37)."""

from uuid import UUID

from contracts.organization import RoleListed, role_id
from tests.desk import Desk
from tests.service.organization.conftest import SYSTEM

GRANT = {"permission": "customer.lead.read", "scope": "own"}


def cards(office: Desk, id: str) -> list[list[tuple[str, str]]]:
    """What each card of a role said it grants, oldest first."""
    found = [card for card in office.emitted(RoleListed) if card.record_id == UUID(id)]
    return [[(line["permission"], line["scope"]) for line in card.data["grants"]] for card in found]


def test_another_grant_is_another_card(office: Desk):
    role = office.create(SYSTEM, "role", code="trainee", name="实习生", grants=[GRANT])
    wider = {"grants": [{**GRANT, "id": role["grants"][0]["id"], "scope": "team"}]}
    office.ask(SYSTEM, "update", {"entity": "role", "id": role["id"], "values": wider})
    office.ask(SYSTEM, "update", {"entity": "role", "id": role["id"], "values": {"grants": []}})
    assert cards(office, role["id"]) == [
        [("customer.lead.read", "own")],
        [("customer.lead.read", "team")],
        [],
    ]


def test_the_roles_that_come_with_guanxi_may_be_acted_for(office: Desk):
    rep = office.ask(SYSTEM, "get", entity="role", id=str(role_id("rep")))["row"]
    office.ask(SYSTEM, "update", {"entity": "role", "id": rep["id"], "values": {"name": "销售员"}})
    assert ("customer.customer.read", "own") in cards(office, rep["id"])[-1]
