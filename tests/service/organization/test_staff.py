"""People and their places: what is kept of them, what is refused, what others are told."""

import pytest

from contracts.errors import Forbidden, IllegalTransition, InUse, Invalid, Unauthenticated
from contracts.organization import LastAdministrator, StaffLeft, StaffListed, role_id
from tests import cast
from tests.service.organization.conftest import SYSTEM, Company


def codes(caught) -> list[tuple[str, str]]:
    return [(f.field, f.code) for f in caught.value.fields]


def change(company: Company, who: str, by=SYSTEM, **values):
    return company.desk.ask(
        by, "update", {"entity": "staff", "id": company.people[who]["id"], "values": values}
    )["row"]


def test_others_hear_who_is_there_and_under_whom(company: Company):
    [card] = [c for c in company.desk.emitted(StaffListed) if c.label == "Alice"]
    assert card.data["email"] == "alice@example.com"
    assert card.data["manager_id"] == company.people["Bob"]["id"]
    assert card.data["state"] == "active"
    assert card.data["roles"] == [str(role_id("rep"))]


def test_everybody_looks_people_up_only_administrators_change_them(company: Company):
    alice, root = company.actor("Alice"), company.actor("Root")
    page = company.desk.ask(alice, "list", {"entity": "staff", "query": {"text": "bob"}})
    assert [row["name"] for row in page["rows"]] == ["Bob"]
    with pytest.raises(Forbidden):
        change(company, "Bob", by=alice, name="Robert")
    assert change(company, "Bob", by=root, name="Robert")["name"] == "Robert"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"login": "ALICE"}, ("login", "taken")),
        ({"login": "a b"}, ("login", "wrong")),
        ({"email": "nobody"}, ("email", "not_an_email")),
        ({"department_id": str(cast.SALES_SH)}, ("department_id", "elsewhere")),
        ({"roles": [str(cast.SALES)]}, ("roles", "not_an_id")),
        ({"name": "x" * 300}, ("name", "too_long")),
        ({"state": "left"}, ("state", "unknown")),
    ],
)
def test_what_does_not_fit_is_refused(company: Company, values: dict, problem: tuple[str, str]):
    with pytest.raises(Invalid) as caught:
        change(company, "Bob", **values)
    assert codes(caught) == [problem]


def test_nobody_reports_to_herself_by_any_detour(company: Company):
    for manager in ("Bob", "Alice"):
        with pytest.raises(Invalid) as caught:
            change(company, "Bob", manager_id=company.people[manager]["id"])
        assert codes(caught) == [("manager_id", "below_itself")]


def test_who_leaves_is_signed_out_and_stays_in_the_books(company: Company):
    secret = company.sign_in("Eve")["session"]
    token = company.desk.ask(company.resolve(secret), "make_token", name="phone")["token"]
    left = company.desk.ask(company.actor("Root"), "leave_staff", id=company.people["Eve"]["id"])
    assert (left["row"]["state"], left["row"]["left_on"]) == ("left", "2026-03-10")
    for opened in (secret, token):
        with pytest.raises(Unauthenticated):
            company.resolve(opened)
    [told] = company.desk.emitted(StaffLeft)
    assert (str(told.staff_id), str(told.manager_id)) == (
        company.people["Eve"]["id"],
        company.people["Bob"]["id"],
    )
    assert company.desk.emitted(StaffListed)[-1].data["state"] == "left"
    with pytest.raises(IllegalTransition):
        company.desk.ask(SYSTEM, "leave_staff", id=company.people["Eve"]["id"])


def test_who_comes_back_signs_in_again(company: Company):
    company.desk.ask(SYSTEM, "leave_staff", id=company.people["Eve"]["id"], left_on="2026-02-28")
    back = company.desk.ask(SYSTEM, "rejoin_staff", id=company.people["Eve"]["id"])
    assert (back["row"]["state"], back["row"]["left_on"]) == ("active", None)
    assert company.sign_in("Eve")["session"]


def test_only_administrators_let_people_go(company: Company):
    with pytest.raises(Forbidden):
        company.desk.ask(company.actor("Bob"), "leave_staff", id=company.people["Alice"]["id"])


def test_there_is_always_an_administrator(company: Company):
    root = company.people["Root"]["id"]
    with pytest.raises(LastAdministrator):
        change(company, "Root", roles=[])
    with pytest.raises(LastAdministrator):
        company.desk.ask(SYSTEM, "leave_staff", id=root)
    with pytest.raises(LastAdministrator):
        company.desk.ask(SYSTEM, "archive", {"entity": "staff", "id": root})
    change(company, "Dan", roles=[str(role_id("accountant")), str(role_id("administrator"))])
    assert change(company, "Root", roles=[])["roles"] == []


def test_a_place_where_people_work_is_not_put_away(company: Company):
    for entity, id in (("branch", cast.SHANGHAI), ("department", cast.SALES)):
        with pytest.raises(InUse):
            company.desk.ask(SYSTEM, "archive", {"entity": entity, "id": id})


@pytest.mark.parametrize(
    ("entity", "values", "problem"),
    [
        ("branch", {"code": "hq 2", "name": "x"}, ("code", "wrong")),
        ("branch", {"code": "SH", "name": "x"}, ("code", "taken")),
        ("branch", {"code": "GZ", "name": "x", "timezone": "Mars/Base"}, ("timezone", "not_a_choice")),
        ("branch", {"code": "GZ", "name": "x", "is_headquarters": True}, ("is_headquarters", "taken")),
        (
            "department",
            {"name": "x", "branch_id": str(cast.SHANGHAI), "parent_id": str(cast.SALES)},
            ("parent_id", "elsewhere"),
        ),
    ],
)
def test_a_place_that_does_not_fit_is_refused(company: Company, entity: str, values: dict, problem):
    with pytest.raises(Invalid) as caught:
        company.desk.create(SYSTEM, entity, **values)
    assert codes(caught) == [problem]


def test_the_code_of_a_branch_never_changes(company: Company):
    with pytest.raises(Invalid) as caught:
        company.desk.ask(
            SYSTEM, "update", {"entity": "branch", "id": str(cast.SHANGHAI), "values": {"code": "SU"}}
        )
    assert codes(caught) == [("code", "readonly")]
