"""Keys for programs: told once, work until they are revoked or run out."""

from datetime import timedelta

import pytest

from contracts.errors import Invalid, NotFound, Unauthenticated
from services.organization import model
from tests.service.organization.conftest import Company


def test_a_key_opens_what_its_owner_may_open(company: Company):
    alice = company.actor("Alice")
    made = company.desk.ask(alice, "make_token", name="reports")
    assert made["token"].startswith("gx_")
    assert company.resolve(made["token"]) == alice


def test_it_is_told_once_and_kept_nowhere(company: Company):
    alice = company.actor("Alice")
    token = company.desk.ask(alice, "make_token", {"name": "reports"}, key="press")["token"]
    assert company.desk.ask(alice, "make_token", {"name": "reports"}, key="press") is None
    [kept] = company.desk.rows(model.Token)
    assert token not in (kept.digest, kept.hint)
    [seen] = company.desk.ask(alice, "tokens")
    assert (seen["name"], seen["hint"], seen["used_at"]) == ("reports", token[:8], None)
    company.resolve(token)
    assert company.desk.ask(alice, "tokens")[0]["used_at"] is not None


def test_a_revoked_key_opens_nothing(company: Company):
    alice = company.actor("Alice")
    made = company.desk.ask(alice, "make_token", name="reports")
    company.desk.ask(alice, "revoke_token", id=made["id"])
    with pytest.raises(Unauthenticated):
        company.resolve(made["token"])
    assert company.desk.ask(alice, "tokens") == []


def test_nobody_revokes_somebody_elses(company: Company):
    made = company.desk.ask(company.actor("Alice"), "make_token", name="reports")
    with pytest.raises(NotFound):
        company.desk.ask(company.actor("Bob"), "revoke_token", id=made["id"])
    assert company.resolve(made["token"]).name == "Alice"


def test_it_works_through_its_last_day(company: Company):
    alice, today = company.actor("Alice"), company.desk.now.date()
    made = company.desk.ask(alice, "make_token", name="reports", expires_on=today + timedelta(days=2))
    company.desk.later(days=2)
    assert company.resolve(made["token"]).name == "Alice"
    company.desk.later(days=1)
    with pytest.raises(Unauthenticated):
        company.resolve(made["token"])


def test_one_that_has_run_out_already_is_not_made(company: Company):
    with pytest.raises(Invalid) as caught:
        company.desk.ask(company.actor("Alice"), "make_token", name="reports", expires_on="2020-01-01")
    assert [(f.field, f.code) for f in caught.value.fields] == [("expires_on", "before")]


def test_a_key_for_the_calendar_opens_nothing_else_and_no_other_opens_the_calendar(company: Company):
    """CAR-03: it stands in an address that a telephone keeps and a calendar's server logs."""
    alice = company.actor("Alice")
    calendar = company.desk.ask(alice, "make_token", name="telephone", use="calendar")["token"]
    programs = company.desk.ask(alice, "make_token", name="reports")["token"]
    assert company.resolve(calendar, use="calendar") == alice
    for secret, use in ((calendar, "programs"), (programs, "calendar"), ("a session", "calendar")):
        with pytest.raises(Unauthenticated):
            company.resolve(secret, use=use)
    assert {seen["use"] for seen in company.desk.ask(alice, "tokens")} == {"calendar", "programs"}
