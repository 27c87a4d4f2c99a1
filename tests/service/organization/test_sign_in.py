"""Signing in: who is let in, who is not, and that guessing gets slow."""

from uuid import UUID

import pytest

from contracts.actor import Actor
from contracts.errors import Forbidden, TooMany, Unauthenticated
from contracts.organization import WrongPassword, role_id
from services.organization import model
from services.organization.actions import password
from tests import cast
from tests.service.organization.conftest import PASSWORD, SYSTEM, Company


def test_she_is_let_in_with_all_that_rights_are_decided_from(company: Company):
    alice = company.actor("Alice")
    assert (alice.name, alice.branch_code, alice.department_id) == ("Alice", "HQ", cast.SALES)
    assert alice.manager_id == UUID(company.people["Bob"]["id"])
    assert (alice.roles, alice.reports, alice.departments) == (("rep",), (), (cast.SALES,))
    assert alice.scope("customer.lead.update") == "own"
    assert alice.scope("sales.approve_quote") is None


def test_a_manager_reaches_everybody_below_him_at_any_depth(company: Company):
    desk, people = company.desk, company.people
    desk.create(SYSTEM, "staff", name="Trainee", branch_id=cast.BEIJING, manager_id=people["Alice"]["id"])
    desk.create(SYSTEM, "department", name="大客户组", branch_id=cast.BEIJING, parent_id=cast.SALES)
    bob = company.actor("Bob")
    assert len(bob.reports) == 3
    assert len(bob.departments) == 2
    assert bob.scope("customer.lead.read") == "department"
    assert UUID(people["Carol"]["id"]) not in bob.reports


def test_a_login_is_found_however_it_is_written(company: Company):
    asked = company.desk.ask(Actor.anonymous(), "sign_in", login=" ＡLICE ", password=PASSWORD, address="x")
    assert asked["actor"]["name"] == "Alice"


@pytest.mark.parametrize("name", ["Alice", "Nobody", "Eve"])
def test_wrong_password_unknown_login_and_who_left_get_the_same_answer(company: Company, name: str):
    company.desk.ask(SYSTEM, "leave_staff", id=company.people["Eve"]["id"])
    with pytest.raises(WrongPassword) as caught:
        company.sign_in(name, PASSWORD if name == "Eve" else "something else")
    assert caught.value.params == {}


@pytest.mark.parametrize("login", ["alice", "nobody", "frank"])
def test_every_refusal_costs_one_comparison_of_passwords(company: Company, login: str, monkeypatch):
    company.desk.create(
        SYSTEM, "staff", name="Frank", login="frank", branch_id=cast.BEIJING
    )  # has no password yet
    compared = []
    monkeypatch.setattr(password, "matches", lambda hashed, given: compared.append(hashed[:30]) or False)
    with pytest.raises(WrongPassword):
        company.sign_in(login, "wrong")
    assert compared == [password.NOBODY[:30]], "with the same parameters, whoever is asked for"


def test_after_five_wrong_passwords_one_has_to_wait_longer_and_longer(company: Company):
    for _ in range(5):
        with pytest.raises(WrongPassword):
            company.sign_in("Alice", "wrong")
    with pytest.raises(TooMany) as caught:
        company.sign_in("Alice")
    assert caught.value.params == {"seconds": "15"}
    company.desk.later(seconds=16)
    with pytest.raises(WrongPassword):
        company.sign_in("Alice", "wrong")
    with pytest.raises(TooMany) as caught:
        company.sign_in("Alice")
    assert caught.value.params == {"seconds": "30"}
    company.desk.later(seconds=31)
    assert company.sign_in("Alice")["session"]
    assert company.sign_in("Alice")["session"], "the right password clears what was counted"


def test_a_stranger_elsewhere_cannot_lock_her_out_of_her_own_place(company: Company):
    company.sign_in("Alice", address="10.0.0.1")
    for number in range(20):
        with pytest.raises(WrongPassword):
            company.sign_in("Alice", "wrong", address=f"203.0.113.{number}")
    with pytest.raises(TooMany):
        company.sign_in("Alice", address="203.0.113.99")
    assert company.sign_in("Alice", address="10.0.0.1")["session"]


def test_guessing_many_logins_from_one_address_gets_slow(company: Company):
    for number in range(30):
        with pytest.raises(WrongPassword):
            company.sign_in(f"guess{number}", "wrong", address="203.0.113.7")
    with pytest.raises(TooMany):
        company.sign_in("Alice", address="203.0.113.7")


def test_attempts_are_written_down_passwords_are_not(company: Company):
    with pytest.raises(WrongPassword):
        company.sign_in("Alice", "wrong")
    company.sign_in("Alice")
    log = company.desk.rows(model.SignIn)
    assert sorted((row.login, row.good) for row in log) == [("alice", False), ("alice", True)]
    [kept] = [
        c for c in company.desk.rows(model.Credential) if str(c.staff_id) == company.people["Alice"]["id"]
    ]
    assert kept.password.startswith("$argon2id$")
    assert PASSWORD not in kept.password
    [session] = company.desk.rows(model.SignInSession)
    assert len(session.digest) == 64


def test_somebody_at_the_sign_in_page_may_do_nothing_else(company: Company):
    for door, message in (("list", {"entity": "staff"}), ("resolve", {"session": "x"}), ("tokens", {})):
        with pytest.raises((Forbidden, Unauthenticated)):
            company.desk.ask(Actor.anonymous(), door, message)


def test_without_roles_she_may_do_nothing_but_her_own_affairs(company: Company):
    company.desk.ask(
        SYSTEM, "update", {"entity": "staff", "id": company.people["Alice"]["id"], "values": {"roles": []}}
    )
    alice = company.actor("Alice")
    assert alice.grants == ()
    with pytest.raises(Forbidden):
        company.desk.ask(alice, "list", {"entity": "staff"})
    assert company.desk.ask(alice, "tokens") == []


def test_two_roles_give_the_wider_scope(company: Company):
    both = [str(role_id("rep")), str(role_id("accountant"))]
    company.desk.ask(
        SYSTEM, "update", {"entity": "staff", "id": company.people["Alice"]["id"], "values": {"roles": both}}
    )
    alice = company.actor("Alice")
    assert alice.scope("receivables.payment.read") == "all"
    assert alice.scope("customer.lead.read") == "own"
