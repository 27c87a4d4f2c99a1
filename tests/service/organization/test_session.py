"""Sessions: recognised while they last, and ended in every way they can end."""

import pytest

from contracts.actor import Actor
from contracts.errors import Unauthenticated
from services.organization import model
from tests.service.organization.conftest import SYSTEM, Company


def ended(company: Company, secret: str) -> bool:
    """Whether the gateway is told that this session opens nothing."""
    try:
        company.resolve(secret)
    except Unauthenticated:
        return True
    return False


def test_a_session_says_who_she_is_and_what_she_may_do_now(company: Company):
    secret = company.sign_in("Alice")["session"]
    assert company.resolve(secret) == company.actor("Alice")
    company.desk.ask(
        SYSTEM, "update", {"entity": "staff", "id": company.people["Alice"]["id"], "values": {"roles": []}}
    )
    assert company.resolve(secret).grants == ()


def test_a_made_up_secret_opens_nothing(company: Company):
    for secret in ("", "nonsense", "gx_nonsense", "x" * 200):
        assert ended(company, secret)


def test_a_session_ends_when_it_lies_idle(company: Company):
    secret = company.sign_in("Alice")["session"]
    company.desk.later(hours=11, minutes=59)
    assert not ended(company, secret)
    company.desk.later(hours=11, minutes=59)
    assert not ended(company, secret), "it was used in between"
    company.desk.later(hours=12)
    assert ended(company, secret)


def test_no_session_outlives_a_week_however_much_it_is_used(company: Company):
    secret = company.sign_in("Alice")["session"]
    for _ in range(16):
        company.desk.later(hours=10)
        assert not ended(company, secret)
    company.desk.later(hours=8)
    assert ended(company, secret)


def test_signing_out_ends_one_session_and_may_be_said_twice(company: Company):
    here, there = company.sign_in("Alice")["session"], company.sign_in("Alice")["session"]
    for _ in range(2):
        company.desk.ask(company.actor("Alice"), "sign_out", session=here)
    assert (ended(company, here), ended(company, there)) == (True, False)


def test_signing_out_everywhere_leaves_the_one_she_sits_at(company: Company):
    here, there = company.sign_in("Alice")["session"], company.sign_in("Alice")["session"]
    others = company.sign_in("Bob")["session"]
    company.desk.ask(company.actor("Alice"), "sign_out_everywhere", session=here)
    assert [ended(company, secret) for secret in (here, there, others)] == [False, True, False]


def test_she_sees_where_she_is_signed_in_and_nobody_elses(company: Company):
    here = company.sign_in("Alice", address="10.0.0.9")["session"]
    company.sign_in("Bob")
    alice = company.resolve(here)
    company.desk.later(minutes=5)
    company.resolve(here)
    [seen] = company.desk.ask(alice, "my_sessions", session=here)
    assert (seen["address"], seen["is_this"]) == ("10.0.0.9", True)
    assert seen["seen_at"] > seen["created_at"]
    assert "digest" not in seen


def test_an_administrator_shuts_somebody_out(company: Company):
    secret = company.sign_in("Alice")["session"]
    token = company.desk.ask(company.actor("Alice"), "make_token", name="script")["token"]
    company.desk.ask(company.actor("Root"), "shut_out_staff", id=company.people["Alice"]["id"])
    assert ended(company, secret)
    assert ended(company, token)
    assert company.sign_in("Alice")["session"], "but her password still works"


def test_her_own_affairs_are_for_people_who_work_here_only(company: Company):
    alice = company.actor("Alice")
    company.desk.ask(SYSTEM, "leave_staff", id=company.people["Alice"]["id"])
    for actor in (alice, Actor.anonymous(), SYSTEM):
        for door, message in (("my_sessions", {}), ("tokens", {}), ("make_token", {"name": "x"})):
            with pytest.raises(Unauthenticated):
                company.desk.ask(actor, door, message)


def test_old_sessions_and_attempts_are_forgotten(company: Company):
    company.sign_in("Alice")
    company.desk.later(days=200)
    company.sign_in("Bob")
    tidy(company)
    assert len(company.desk.rows(model.SignInSession)) == 1
    assert [row.login for row in company.desk.rows(model.SignIn)] == ["bob"]


def tidy(company: Company) -> None:
    """The daily job, as the clock starts it."""
    from chassis.work import Work

    house = company.desk.house
    with house.sessions.begin() as session:
        house.service.clocked()["tidy"].function(Work(session, SYSTEM, house))
