"""Remarks on records of every kind of the services that keep them: whoever reads the record reads and writes them, whoever is
mentioned is named, the author corrects, the author and whoever may put the record away take off. Users «notes with @mention»."""

from __future__ import annotations

from functools import cache
from uuid import UUID

import pytest

from chassis.database import Owned
from contracts.actor import Actor
from contracts.customer import ActivityCommented
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import RoleListed, StaffListed, role_id
from gateway.screen import Screens
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, DAN_ID, id_of, person
from tests.conformance import everything
from tests.desk import Desk

KEEPING = {name for name in everything.services() if f"{name}.comment" in everything.entities()}
ENTITIES = {name: cls for name, (_, cls) in everything.entities().items()}
KINDS = [name for name in ENTITIES if name.partition(".")[0] in KEEPING and not name.endswith(".comment")]


@cache
def people(desk: Desk, service: str) -> tuple[Actor, Actor, Actor, Actor]:
    """Alice remarks, Bob leads, Dan reads, Carol sees what is hers: their cards and roles are known to the service."""
    reads, adds, listed = f"{service}.*.read all", f"{service}.add_comment all", f"{service}.comment.read all"
    return (
        employ(desk, ALICE_ID, "Alice", reads, adds),
        employ(desk, BOB_ID, "Bob", reads, adds, f"{service}.*.archive all"),
        employ(desk, DAN_ID, "Dan", reads),
        employ(desk, CAROL_ID, "Carol", f"{service}.*.read own", listed, adds),
    )


def employ(desk: Desk, id: UUID, name: str, *grants: str) -> Actor:
    login = name.lower()
    lines = [dict(zip(("permission", "scope"), grant.split(), strict=True)) for grant in grants]
    role = {"record_id": role_id(login), "label": login, "data": {"code": login, "grants": lines}}
    data = {"login": login, "roles": [str(role_id(login))], "state": "active"}
    nowhere = dict.fromkeys(("manager_id", "branch_id", "department_id"))
    desk.hear(RoleListed(**role, epoch=1, ver=1))
    desk.hear(StaffListed(record_id=id, label=name, label_en=None, data=data | nowhere, epoch=1, ver=9))
    return person(id, name, *grants)


def test_every_service_with_customers_affairs_keeps_remarks():
    assert {"customer", "sales", "receivables", "service_desk"} == KEEPING


WITH_ITS_WHOLE = {"customer.customer", "customer.contact_link", "customer.employment"}
"""A customer's page has them among all that happened; of these others one remarks on the contact."""
CATALOGUE = {"sales.product", "sales.product_class", "service_desk.problem"}


@pytest.mark.parametrize("service", sorted(KEEPING))
def test_pages_show_remarks_on_what_belongs_to_somebody_and_on_what_is_sold_and_served(service: str):
    """What only settles how Guanxi works, such as a rule, is talked about elsewhere."""
    screens = Screens.shipped()
    kinds = [name for name in KINDS if name.partition(".")[0] == service]
    shown = {name for name in kinds if screens.built_in(ENTITIES[name].record).has_remarks}
    wanted = {name for name in kinds if issubclass(ENTITIES[name], Owned)} | CATALOGUE.intersection(kinds)
    assert shown == wanted - WITH_ITS_WHOLE


@pytest.mark.parametrize("entity", KINDS)
def test_remarks_on_every_kind_of_record(entity: str, samples):
    service = entity.partition(".")[0]
    found = samples(service)
    desk, row = found.desk, found.row(entity)
    alice, bob, dan, carol = people(desk, service)
    about = {"about": entity, "record_id": row["id"]}
    for _ in range(2):  # twice is once
        said = desk.ask(alice, "add_comment", {**about, "text": "请 @bob 看"}, key=f"one of {entity}")["row"]
    assert (said["text"], said["mentions"]) == ("请 @Bob 看", [str(BOB_ID)])
    one = {**about, "comment_id": said["id"]}
    (read,) = desk.ask(bob, "comments", about)["rows"]
    assert (read["text"], read["can"]) == ("请 @Bob 看", {"correct": False, "remove": True, "restore": False})
    listed = {"entity": f"{service}.comment", "query": {"where": {"id": said["id"]}}}
    assert [r["id"] for r in desk.ask(alice, "list", listed)["rows"]] == [said["id"]]

    mine = desk.ask(bob, "my_comments", limit=50)
    assert said["id"] in {one["id"] for one in mine["rows"]}
    assert row["id"] in mine["labels"]
    assert said["id"] not in {one["id"] for one in desk.ask(alice, "my_comments", limit=50)["rows"]}

    with pytest.raises(Forbidden):
        desk.ask(bob, "correct_comment", {**one, "text": "不是我写的"})
    with pytest.raises(Forbidden):
        desk.ask(dan, "remove_comment", one)
    desk.ask(alice, "correct_comment", {**one, "text": "请 @bob 和 @dan 看"})
    (read,) = desk.ask(alice, "comments", about)["rows"]
    assert read["corrected_at"]
    logged = desk.ask(alice, "history", {"entity": f"{service}.comment", "id": said["id"]})["changes"]
    assert logged[0]["changes"]["text"] == ["请 @Bob 看", "请 @Bob 和 @Dan 看"]
    is_activity = entity == "customer.activity"
    event = ActivityCommented if is_activity else ENTITIES[f"{service}.comment"].announces
    news = [told for told in desk.emitted(event) if told.comment_id == UUID(said["id"])]
    assert [(told.mentioned_ids, told.is_corrected) for told in news] == [
        ((BOB_ID,), False), ((BOB_ID, DAN_ID), True),
    ]  # fmt: skip
    assert {str(told.activity_id if is_activity else told.record_id) for told in news} == {row["id"]}

    for _ in range(2):
        desk.ask(bob, "remove_comment", one)
    assert desk.ask(alice, "comments", about)["rows"] == []
    (gone,) = desk.ask(alice, "comments", {**about, "removed": True})["rows"]
    assert gone["can"] == {"correct": False, "remove": False, "restore": True}
    with pytest.raises(NotFound):
        desk.ask(alice, "correct_comment", {**one, "text": "?"})
    desk.ask(alice, "restore_comment", one)
    assert len(desk.ask(alice, "comments", about)["rows"]) == 1

    nobody = person(id_of(399), "Nobody", f"{service}.comment.read all", f"{service}.add_comment all")
    assert desk.ask(nobody, "list", listed)["rows"] == []
    with pytest.raises(Forbidden):
        desk.ask(nobody, "comments", about)
    if issubclass(ENTITIES[entity], Owned):
        with pytest.raises(Invalid):
            desk.ask(alice, "add_comment", {**about, "text": "@carol"})
        assert desk.ask(carol, "list", listed)["rows"] == []
        for door, said in (
            ("comments", about),
            ("add_comment", {**about, "text": "?"}),
            ("remove_comment", one),
        ):
            with pytest.raises(NotFound):
                desk.ask(carol, door, said)
