"""Lists kept as tabs: for oneself, for one's department and those below it, for everybody; nobody else's to change (users 9)."""

import pytest
from sqlalchemy import update

from contracts.errors import Invalid, NotFound
from services.organization import model
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


GOOD = (
    "amount__gte=1000&-opportunity_id.customer_id__empty=no&1.state=sent&1.sent_at__month=3&sort=-amount&columns=number",
    "opportunity_id.stage_id=x&customer_id.kind=partner&q=a", "by=owner_id&by=customer_id.industry_id&figure=amount__sum",
    "by=state&figure=amount__avg&chart=pie", "id=x&own_room=3", "",
)  # fmt: skip
WRONG = {
    "colour=red": "colour", "amount__above=3": "amount__above", "1.customer_id.colour=red": "1.customer_id.colour",
    "2.-opportunity_id.colour__contains=r": "2.-opportunity_id.colour__contains", "lines=1": "lines",
    "contact.customer_id.name=x": "contact.customer_id.name", "sort=-colour": "sort=-colour", "sort=tags": "sort=tags",
    "by=colour": "by=colour", "by=name": "by=name", "by=customer_id.colour": "by=customer_id.colour",
    "by=opportunity_id.customer_id.kind": "by=opportunity_id.customer_id.kind",
    "by=state&figure=colour__sum": "figure=colour__sum", "by=state&figure=amount__most": "figure=amount__most",
}  # fmt: skip


@pytest.mark.parametrize("query", WRONG)
def test_what_names_a_field_that_is_not_there_is_not_kept(company: Company, query: str):
    """Users 9: neither as a view or report, nor as what opens first; the message says what names nothing."""
    for ask in (
        lambda: keep(company, "Alice", query=query),
        lambda: company.desk.ask(company.actor("Alice"), "open_first", list_of=LIST, query=query),
    ):
        with pytest.raises(Invalid) as refused:
            ask()
        (problem,) = refused.value.fields
        assert (problem.field, problem.code, problem.params) == (
            "query", "no_such_field", {"value": WRONG[query]},
        )  # fmt: skip


def test_what_can_be_asked_is_kept(company: Company):
    company.desk.create(SYSTEM, "own_field", entity_name=LIST, name="房间", code="room", kind="text")
    for query in GOOD:
        keep(company, "Alice", query=query or "q=a")
    of_customers = (
        "-activity.customer_id.state=planned&lead.customer_id__empty=no&contact.customer_id.segments=x"
    )
    keep(company, "Alice", list_of="customer.customer", query=of_customers)


def test_what_was_kept_before_stays_and_is_told_when_it_is_changed(company: Company):
    """Its name may change; only a question that is kept anew must be one that can be asked."""
    mine = keep(company, "Alice")
    with company.desk.house.sessions.begin() as session:
        session.execute(update(model.SavedView).values(query="colour=red"))
    alice = company.actor("Alice")
    assert usable(company, "Alice") == ["Big ones"]
    renamed = company.desk.ask(alice, "update", {**ENTITY, "id": mine["id"], "values": {"name": "Red ones"}})
    assert renamed["row"]["query"] == "colour=red"
    for values in ({"query": "colour=blue"}, {"list_of": "sales.product"}):
        with pytest.raises(Invalid):
            company.desk.ask(alice, "update", {**ENTITY, "id": mine["id"], "values": values})
