"""What is given again without asking, and that nobody is ever shown what is no longer so."""

from __future__ import annotations

import os

import pytest

from contracts.actor import Grant
from contracts.errors import Unavailable
from contracts.organization import SavedView
from tests.gateway import toy
from tests.gateway.fake import ALICE, DAN, PASSWORD, keep_views


@pytest.fixture
def tabs(app, house):
    """Saved views are kept by organization."""
    keep_views(house)
    return lambda browser: browser.get("/toy/gadget").text


def asked(house, method):
    return [call for call in house.calls if (call.service, call.method) == ("organization", method)]


def save(browser, name="Big ones", **more):
    return browser.send("/toy/gadget/save-view", name=name, query="amount__gte=2", **more)


def elsewhere(turns):
    """Another process of the gateway has sent a command to organization."""
    child = os.fork()
    if child == 0:
        turns.next("organization")
        os._exit(0)
    os.waitpid(child, 0)


def test_saved_views_are_asked_for_once_and_seen_at_once_when_they_change(tabs, alice, house):
    for _ in range(3):
        assert "Big ones" not in tabs(alice)
    assert len(asked(house, "views")) == 1
    assert save(alice).status_code == 303
    assert "Big ones" in tabs(alice)
    (id,) = house.rows[SavedView.entity()]
    alice.send(f"/organization/saved_view/{id}", name="Bigger ones", ver=1)
    assert "Bigger ones" in tabs(alice)
    alice.send(f"/organization/saved_view/{id}/archive")
    assert "Bigger ones" not in tabs(alice)


def test_what_one_person_is_told_is_told_to_nobody_else(tabs, alice, wang, house):
    save(alice)
    assert "Big ones" in tabs(alice)
    assert "Big ones" not in tabs(wang)
    save(alice, name="For all", audience="everybody")
    assert "For all" in tabs(wang)


def test_what_another_process_changed_is_asked_for_at_once(tabs, app, alice, house):
    assert "Big ones" not in tabs(alice)
    house.add(SavedView, name="Big ones", list_of="toy.gadget", query="amount__gte=2", audience="everybody")
    assert "Big ones" not in tabs(alice)
    elsewhere(app.extensions["guanxi-kept"].turns)
    assert "Big ones" in tabs(alice)


def test_a_part_that_does_not_answer_is_asked_again_next_time(tabs, alice, house):
    house.add(SavedView, name="Big ones", list_of="toy.gadget", query="amount__gte=2", audience="everybody")
    tabs(alice)
    answering = house.doors["organization", "views"]
    house.doors["organization", "views"] = _silent
    save(alice)
    assert "Big ones" not in tabs(alice)
    house.doors["organization", "views"] = answering
    assert "Big ones" in tabs(alice)


def _silent(actor, message):
    raise Unavailable(service="organization")


def test_a_right_that_was_taken_away_is_gone_at_once_in_every_process(app, alice, house):
    house.add(toy.Gadget, name="Lamp", amount="1")
    assert "/toy/gadget/new" in alice.get("/toy/gadget").text
    reading = ALICE.model_copy(update={"grants": DAN.grants})
    house.sessions = dict.fromkeys(house.sessions, reading)
    elsewhere(app.extensions["guanxi-kept"].turns)
    assert "/toy/gadget/new" not in alice.get("/toy/gadget").text
    nothing = ALICE.model_copy(update={"grants": (Grant(permission="other.*", scope="all"),)})
    house.sessions = dict.fromkeys(house.sessions, nothing)
    elsewhere(app.extensions["guanxi-kept"].turns)
    assert alice.get("/toy/gadget").status_code == 403


def test_whoever_signed_out_in_one_process_is_out_in_all(app, house):
    one, other = app.test_client(), app.test_client()
    one.send("/sign-in", login="alice", password=PASSWORD)
    other.set_cookie("guanxi_session", one.get_cookie("guanxi_session").value)
    assert other.get("/toy/gadget").status_code == 200
    house.sessions.clear()
    elsewhere(app.extensions["guanxi-kept"].turns)
    assert other.get("/toy/gadget").status_code == 303
