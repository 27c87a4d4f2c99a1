"""Passwords: changed by her who knows the present one, set by an administrator, refused when weak."""

import pytest
from sqlalchemy import text

from contracts.errors import Forbidden, IllegalTransition, Invalid, TooMany, Unauthenticated
from contracts.organization import NoLogin, WrongPassword
from tests import cast
from tests.service.organization.conftest import PASSWORD, SYSTEM, Company

OTHER = "quiet river 88"


def test_she_changes_it_and_her_other_sessions_end(company: Company):
    here, there = company.sign_in("Alice")["session"], company.sign_in("Alice")["session"]
    company.desk.ask(company.resolve(here), "change_password", current=PASSWORD, password=OTHER, session=here)
    assert company.resolve(here).name == "Alice"
    with pytest.raises(Unauthenticated):
        company.resolve(there)
    with pytest.raises(WrongPassword):
        company.sign_in("Alice", PASSWORD)
    assert company.sign_in("Alice", OTHER)["session"]


def test_guessing_at_the_present_one_is_refused_counted_and_slowed(company: Company):
    alice = company.actor("Alice")
    for _ in range(5):
        with pytest.raises(Invalid) as caught:
            company.desk.ask(alice, "change_password", current="guess", password=OTHER)
        assert [(f.field, f.code) for f in caught.value.fields] == [("current", "wrong_password")]
    with pytest.raises(TooMany):
        company.desk.ask(alice, "change_password", current=PASSWORD, password=OTHER)


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaa", "12345678", "19900101", "password1", "Alice1234", "１２３４５６７８"]
)
def test_a_weak_one_is_refused(company: Company, password: str):
    with pytest.raises(Invalid) as caught:
        company.desk.ask(company.actor("Alice"), "change_password", current=PASSWORD, password=password)
    assert [(f.field, f.code) for f in caught.value.fields] == [("password", "weak_password")]
    assert company.sign_in("Alice")["session"], "the old one still works"


def test_blanks_and_any_script_are_part_of_a_password(company: Company):
    company.desk.ask(
        company.actor("Alice"), "change_password", current=PASSWORD, password="  春眠不觉晓处闻  "
    )
    with pytest.raises(WrongPassword):
        company.sign_in("Alice", "春眠不觉晓处闻")
    assert company.sign_in("Alice", "  春眠不觉晓处闻  ")["session"]


def test_an_administrator_sets_it_and_she_is_signed_out(company: Company):
    secret = company.sign_in("Alice")["session"]
    company.desk.ask(
        company.actor("Root"), "set_password_staff", id=company.people["Alice"]["id"], password=OTHER
    )
    with pytest.raises(Unauthenticated):
        company.resolve(secret)
    assert company.sign_in("Alice", OTHER)["session"]


def test_nobody_else_sets_it(company: Company):
    for name in ("Alice", "Bob", "Dan"):
        with pytest.raises(Forbidden):
            company.desk.ask(
                company.actor(name), "set_password_staff", id=company.people["Carol"]["id"], password=OTHER
            )


def test_who_cannot_sign_in_gets_none(company: Company):
    nameless = company.desk.create(SYSTEM, "staff", name="Frank", branch_id=cast.BEIJING)
    with pytest.raises(NoLogin):
        company.desk.ask(SYSTEM, "set_password_staff", id=nameless["id"], password=OTHER)


def test_who_has_left_gets_none(company: Company):
    company.desk.ask(SYSTEM, "leave_staff", id=company.people["Eve"]["id"])
    with pytest.raises(IllegalTransition):
        company.desk.ask(SYSTEM, "set_password_staff", id=company.people["Eve"]["id"], password=OTHER)


def test_it_stands_in_no_log_and_under_no_key(company: Company):
    alice = company.people["Alice"]["id"]
    for _ in range(2):
        company.desk.ask(
            company.actor("Root"), "set_password_staff", {"id": alice, "password": OTHER}, key="press"
        )
    for table in ("answered", "change", "outbox"):
        kept = company.desk.connection.execute(text(f"select row_to_json(t)::text from {table} t")).scalars()
        assert not any(OTHER in row for row in kept)


def test_she_chooses_her_language(company: Company):
    secret = company.sign_in("Alice")["session"]
    company.desk.ask(company.resolve(secret), "change_language", language="en")
    assert company.resolve(secret).language == "en"
    with pytest.raises(Invalid):
        company.desk.ask(company.resolve(secret), "change_language", language="tlh")
