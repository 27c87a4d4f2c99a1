"""Deleting an own field (users 6): only what was put away, only by whoever may, only on purpose; and what hangs on it here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from chassis.own_values import Dropper
from contracts.deleted_fields import Gone
from contracts.errors import Forbidden, IllegalTransition, Invalid, Problem
from contracts.organization import FormListed, OwnChoiceListed, OwnFieldDeleted, OwnFieldListed
from services.organization import model
from tests.desk import Desk
from tests.service.organization.conftest import SYSTEM, Company


def field(office: Desk, kind: str = "amount", **more: Any) -> dict[str, Any]:
    given = {"entity_name": "customer.customer", "name": "预算", "name_en": "Budget", "code": "budget"}
    return office.create(SYSTEM, "own_field", **{**given, "kind": kind, **more})


def put_away(office: Desk, row: dict[str, Any]) -> None:
    office.ask(SYSTEM, "archive", entity="own_field", id=row["id"])


def delete(office: Desk, row: dict[str, Any], **more: Any) -> dict[str, Any]:
    return office.ask(SYSTEM, "delete_own_field", id=row["id"], **{"confirm": row["code"], **more})


def can(office: Desk, row: dict[str, Any]) -> dict[str, Any]:
    return office.ask(SYSTEM, "get", entity="own_field", id=row["id"])["can"]


def test_only_what_was_put_away_is_deleted_and_it_never_comes_back(office: Desk):
    row = field(office)
    assert can(office, row)["verbs"] == []
    with pytest.raises(IllegalTransition):
        delete(office, row)
    put_away(office, row)
    assert (can(office, row)["verbs"], can(office, row)["restore"]) == (["delete"], True)
    assert delete(office, row)["row"]["state"] == "deleted"
    assert can(office, row) == {
        "read": True,
        "update": False,
        "archive": False,
        "restore": False,
        "verbs": [],
    }
    for again in (
        lambda: delete(office, row),
        lambda: office.ask(SYSTEM, "restore", entity="own_field", id=row["id"]),
    ):
        with pytest.raises(Problem):
            again()
    [told] = office.emitted(OwnFieldDeleted)
    assert (str(told.field_id), told.entity_name, told.kept_as) == (
        row["id"],
        "customer.customer",
        "own_budget",
    )


@pytest.mark.parametrize("said", ["", "Budget", "预算", "budget2"])
def test_it_is_deleted_on_purpose_by_typing_its_code(office: Desk, said: str):
    row = field(office)
    put_away(office, row)
    with pytest.raises(Invalid) as refused:
        delete(office, row, confirm=said)
    assert refused.value.fields[0].field == "confirm"
    assert office.emitted(OwnFieldDeleted) == []
    assert can(office, row)["restore"]
    delete(office, row, confirm=" budget ")


def test_pressing_twice_deletes_once(office: Desk):
    row = field(office)
    put_away(office, row)
    for _ in range(2):
        office.ask(SYSTEM, "delete_own_field", {"id": row["id"], "confirm": "budget"}, key="press")
    assert len(office.emitted(OwnFieldDeleted)) == 1


def test_only_administrators_delete_fields_or_hear_what_hangs_on_them(office: Desk, company: Company):
    row = field(office)
    put_away(office, row)
    bob, root = company.actor("Bob"), company.actor("Root")
    for door, said in (
        ("delete_own_field", {"id": row["id"], "confirm": "budget"}),
        ("field_use", {"field_id": row["id"]}),
    ):
        with pytest.raises(Forbidden):
            office.ask(bob, door, **said)
    assert office.ask(root, "field_use", field_id=row["id"]) == {"values": 0, "mentions": []}
    assert office.ask(root, "delete_own_field", id=row["id"], confirm="budget")["row"]["state"] == "deleted"


def test_the_code_is_free_only_when_it_is_deleted(office: Desk):
    row = field(office)
    put_away(office, row)
    with pytest.raises(Invalid) as refused:
        field(office, "date")
    assert [(one.field, one.code) for one in refused.value.fields] == [("code", "taken")]
    delete(office, row)
    new = field(office, "date")
    assert (new["code"], new["kept_as"], row["kept_as"]) == ("budget", "own_budget.2", None)
    with pytest.raises(Problem):
        field(office, "date")
    card = office.emitted(OwnFieldListed)[-1]
    assert (card.data["kept_as"], card.archived) == ("own_budget.2", False)


def test_its_choices_are_offered_no_longer(office: Desk):
    row = field(office, "choice")
    choice = office.create(SYSTEM, "own_choice", field_id=row["id"], name="甲级")
    put_away(office, row)
    delete(office, row)
    assert office.emitted(OwnChoiceListed)[-1].archived
    for again in (
        lambda: office.ask(SYSTEM, "restore", entity="own_choice", id=choice["id"]),
        lambda: office.create(SYSTEM, "own_choice", field_id=row["id"], name="乙级"),
    ):
        with pytest.raises(Invalid):
            again()
    named = office.ask(SYSTEM, "labels", entity="organization.own_choice", ids=[choice["id"]])["labels"]
    assert named[choice["id"]]["label"] == "甲级", "the history of records tells of it"


def test_forms_and_views_are_mended(office: Desk, company: Company):
    """Root arranged a form with it, Alice keeps a view that asks for it: each is theirs still, without it."""
    row = field(office)
    form = office.create(
        SYSTEM, "form", entity_name="customer.customer",
        items=[{"field": "name"}, {"field": "own_budget", "is_required": True}, {"section": "更多"}, {"field": "phone"}],
    )  # fmt: skip
    alice = company.actor("Alice")
    query = (
        "own_budget__gte=1000&1.kind=a&1.-own_budget__empty=no&sort=-own_budget&columns=name,own_budget&q=x"
    )
    view = office.create(alice, "saved_view", name="大客户", list_of="customer.customer", query=query)
    field(office, entity_name="customer.lead")
    other = office.create(
        alice, "saved_view", name="线索", list_of="customer.lead", query="own_budget=1&sort=own_budget"
    )
    people = office.create(
        alice,
        "saved_view",
        name="人",
        list_of="customer.contact",
        query="customer_id.own_budget__gte=5&sort=name",
    )
    report = office.create(alice, "saved_view", name="报表", list_of="customer.contact", query="by=owner_id")
    with office.house.sessions.begin() as session:  # as one that was kept before such a question was refused
        asked = "by=customer_id.own_budget&by=owner_id&figure=customer_id.own_budget__sum&chart=pie"
        session.get(model.SavedView, UUID(report["id"])).query = asked
    use = office.ask(SYSTEM, "field_use", field_id=row["id"])
    assert sorted((one["entity"], one["name"]) for one in use["mentions"]) == [
        ("organization.form", ""), ("organization.saved_view", "人"), ("organization.saved_view", "大客户"),
        ("organization.saved_view", "报表"),
    ]  # fmt: skip
    put_away(office, row)
    delete(office, row)

    def kept(entity: str, made: dict[str, Any], name: str) -> Any:
        return office.ask(SYSTEM, "get", entity=entity, id=made["id"])["row"][name]

    gone = f"gone={row['id']}"
    assert kept("saved_view", view, "query") == f"{gone}&1.kind=a&1.{gone}&columns=name&q=x"
    assert kept("saved_view", report, "query") == "by=owner_id&chart=pie"
    assert kept("saved_view", people, "query") == f"{gone}&sort=name"
    assert kept("saved_view", other, "query") == other["query"], (
        "another kind of record has a field of that name"
    )
    assert [item["field"] for item in kept("form", form, "items")] == ["name", None, "phone"]
    assert "own_budget" not in str(office.emitted(FormListed)[-1].data)
    assert kept("saved_view", view, "updated_by") == alice.model_dump(mode="json")["id"], (
        "nobody has edited it"
    )
    assert office.ask(SYSTEM, "field_use", field_id=row["id"])["mentions"] == []


def test_what_staff_said_in_it_goes_too(office: Desk, company: Company):
    row = field(office, "text", entity_name="organization.staff", code="plate", is_searched=True)
    alice = company.people["Alice"]
    office.ask(SYSTEM, "update", entity="staff", id=alice["id"], values={"own_plate": "京A12345"})
    assert office.ask(SYSTEM, "field_use", field_id=row["id"])["values"] == 1
    put_away(office, row)
    delete(office, row)
    office.later(seconds=10)
    Dropper(office.house).run_all()
    [kept] = office.rows(model.Staff, login="alice")
    assert (kept.own, "京a12345" in kept.search_text) == ({}, False)
    assert office.ask(SYSTEM, "field_use", field_id=row["id"])["values"] == 0


def test_a_field_that_went_with_its_object_does_not_come_back_with_it(office: Desk):
    made = office.create(SYSTEM, "own_object", name="设备", code="machine", icon_name="box")
    row = field(office, entity_name="customer.object_machine")
    stays = field(office, entity_name="customer.object_machine", code="stays", name="留")
    office.ask(SYSTEM, "archive", entity="own_object", id=made["id"])
    delete(office, row)
    office.ask(SYSTEM, "restore", entity="own_object", id=made["id"])
    there = {one.code: one.archived_at is None for one in office.rows(model.OwnField)}
    assert there == {"budget": False, stays["code"]: True}


@pytest.mark.parametrize(
    ("query", "list_of", "left"),
    [
        ("own_a=1", "customer.customer", "gone=G"), ("-own_a__contains=x", "customer.customer", "gone=G"),
        ("3.-own_a=1", "customer.customer", "3.gone=G"), ("own_a=1&own_a=2", "customer.customer", "gone=G"),
        ("own_ab=1&sort=own_ab&columns=own_ab", "customer.customer", "own_ab=1&sort=own_ab&columns=own_ab"),
        ("columns=own_a", "customer.customer", ""), ("by=own_a&figure=own_a", "customer.customer", ""),
        ("customer_id.own_a__gte=1", "sales.opportunity", "gone=G"),
        ("contact.customer_id.own_a=1", "customer.customer", "contact.customer_id.own_a=1"),
        ("customer_id.own_a=1", "customer.object_machine", "gone=G"),
        ("object_machine.customer_id.own_a=1", "customer.customer", "object_machine.customer_id.own_a=1"),
    ],
)  # fmt: skip
def test_a_condition_is_taken_for_gone_only_where_it_leads_to_the_field(query: str, list_of: str, left: str):
    gone = Gone(id="G", entity="customer.customer", name="own_a")
    assert gone.without(query, list_of) == left
    assert gone.is_meant(query, list_of) == (left != query)
