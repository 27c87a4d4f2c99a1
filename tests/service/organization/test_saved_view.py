"""Lists kept as tabs: for oneself, for one's department and those below it, for everybody; nobody else's to change (users 9)."""

import pytest

from contracts.errors import Invalid, NotFound
from services.organization.actions import saved_view
from tests import cast
from tests.service.organization.conftest import SYSTEM, Company

ENTITY = {"entity": "saved_view"}
LIST = "sales.quote"


def keep(company: Company, who: str, **values) -> dict:
    given = {"name": "Big ones", "list_of": LIST, "query": "amount__gte=100000&sort=-amount", **values}
    return company.desk.ask(company.actor(who), "create", {**ENTITY, "values": given})["row"]


def usable(company: Company, who: str, list_of: str = LIST) -> list[str]:
    return [row["name"] for row in company.desk.ask(company.actor(who), "views", list_of=list_of)["rows"]]


def test_everybody_uses_what_is_for_her(company: Company):
    for audience in ("myself", "department", "everybody"):
        keep(company, "Alice", name=audience, audience=audience)
    assert usable(company, "Alice") == ["myself", "department", "everybody"]
    assert usable(company, "Bob") == ["department", "everybody"], "he works in her department"
    assert usable(company, "Carol") == usable(company, "Dan") == ["everybody"]
    assert usable(company, "Alice", "sales.opportunity") == []


def test_a_department_s_view_is_for_those_below_it_and_not_for_those_above(company: Company):
    keep(company, "Alice", name="ours", audience="department")
    desk = company.desk
    below = desk.create(
        SYSTEM, "department", name="大客户组", branch_id=str(cast.BEIJING), parent_id=str(cast.SALES)
    )
    desk.ask(
        SYSTEM,
        "update",
        {"entity": "staff", "id": company.people["Dan"]["id"], "values": {"department_id": below["id"]}},
    )
    assert usable(company, "Dan") == ["ours"]
    keep(company, "Dan", name="theirs", audience="department")
    assert usable(company, "Alice") == ["ours"]


def test_only_who_made_it_changes_it_or_takes_it_away(company: Company):
    mine = keep(company, "Alice", audience="everybody")
    bob, alice = company.actor("Bob"), company.actor("Alice")
    for door, more in (("update", {"values": {"name": "His"}}), ("archive", {}), ("get", {})):
        with pytest.raises(NotFound):
            company.desk.ask(bob, door, {**ENTITY, "id": mine["id"], **more})
    changed = {"name": "Larger ones", "query": "amount__gte=200000", "audience": "myself"}
    assert (
        company.desk.ask(alice, "update", {**ENTITY, "id": mine["id"], "values": changed})["row"]["name"]
        == "Larger ones"
    )
    assert usable(company, "Bob") == []
    assert company.desk.ask(alice, "archive", {**ENTITY, "id": mine["id"]})["row"]["archived_at"]
    assert usable(company, "Alice") == []


def first(company: Company, who: str):
    return company.desk.ask(company.actor(who), "views", list_of=LIST)["first"]


def test_each_person_has_her_own_first_view_in_each_list(company: Company):
    shared = keep(company, "Alice", audience="everybody")
    assert first(company, "Bob") is None
    company.desk.ask(company.actor("Bob"), "open_first", list_of=LIST, view_id=shared["id"])
    company.desk.ask(company.actor("Alice"), "open_first", list_of=LIST, query="owner_id=me")
    assert first(company, "Bob") == {"view_id": shared["id"], "query": None}
    assert first(company, "Alice") == {"view_id": None, "query": "owner_id=me"}
    company.desk.ask(company.actor("Alice"), "open_first", list_of=LIST)
    assert first(company, "Alice") is None
    company.desk.ask(
        company.actor("Alice"), "update", {**ENTITY, "id": shared["id"], "values": {"audience": "myself"}}
    )
    assert first(company, "Bob") is None, "it is no longer for him"


def test_a_view_out_of_reach_cannot_open_first_and_a_list_must_be_one(company: Company):
    mine = keep(company, "Alice")
    with pytest.raises(Invalid) as refused:
        company.desk.ask(company.actor("Bob"), "open_first", list_of=LIST, view_id=mine["id"])
    assert [p.field for p in refused.value.fields] == ["view_id"]
    with pytest.raises(Invalid) as refused:
        keep(company, "Alice", list_of="quotes")
    assert [p.field for p in refused.value.fields] == ["list_of"]


def test_ones_own_views_are_told_however_many_others_keep_for_everybody(company: Company, monkeypatch):
    monkeypatch.setattr(saved_view, "MOST", 2)
    for name in ("a", "b", "c"):
        keep(company, "Bob", name=name, audience="everybody")
    keep(company, "Alice", name="mine")
    assert usable(company, "Alice") == ["a", "mine"]


def test_what_counts_by_group_is_told_of_every_list_to_whom_it_is_for(company: Company):
    """DAT-07: the reports page asks once for those of all lists."""
    keep(company, "Alice", name="list")
    keep(company, "Alice", name="mine", query="?state=sent&by=owner_id&figure=amount__sum")
    keep(
        company, "Alice", name="ours", query="by=stage_id", list_of="sales.opportunity", audience="department"
    )
    keep(company, "Alice", name="no group", query="name__contains=by%3D", audience="everybody")

    def reports(who: str) -> list[tuple[str, str]]:
        rows = company.desk.ask(company.actor(who), "views", grouped=True)["rows"]
        return [(row["name"], row["list_of"]) for row in rows]

    assert reports("Alice") == [("mine", LIST), ("ours", "sales.opportunity")]
    assert reports("Bob") == [("ours", "sales.opportunity")]
    assert reports("Carol") == []
