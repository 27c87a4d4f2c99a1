"""A lead is taken in hand, dropped, taken up again; how far each is can be seen (LED-01)."""

import pytest

from contracts.customer import LeadDropped
from contracts.errors import Forbidden, IllegalTransition, NotFound
from services.customer import model
from tests.service.customer.conftest import ALICE, BOB, CAROL, READER


def ask(office, verb, lead, actor=ALICE, **more):
    return office.ask(actor, f"{verb}_lead", {"id": lead["id"], **more})


def test_following_it(office, lead):
    row = ask(office, "follow", lead, next_step_on="2026-03-20")["row"]
    assert (row["state"], row["next_step_on"]) == ("following", "2026-03-20")


def test_dropping_it_says_why_and_reopening_brings_it_back(office, lead):
    row = ask(office, "drop", lead, note="没有预算")["row"]
    assert row["state"] == "dropped"
    assert len(office.emitted(LeadDropped)) == 1
    history = office.ask(ALICE, "history", {"entity": "lead", "id": lead["id"]})
    assert history["changes"][0]["note"] == "没有预算"
    assert ask(office, "reopen", lead)["row"]["state"] == "following"


def test_wrong_moves_are_refused(office, lead):
    with pytest.raises(IllegalTransition):
        ask(office, "reopen", lead)
    ask(office, "drop", lead)
    with pytest.raises(IllegalTransition):
        ask(office, "follow", lead)
    with pytest.raises(IllegalTransition):
        ask(office, "convert", lead)


def test_only_what_is_possible_and_permitted_is_offered(office, lead):
    can = office.ask(ALICE, "get", {"entity": "lead", "id": lead["id"]})["can"]
    assert can["verbs"] == ["follow", "convert", "drop", "assign", "release"]
    assert office.ask(READER, "get", {"entity": "lead", "id": lead["id"]})["can"]["verbs"] == []


def test_rights(office, lead):
    with pytest.raises(NotFound):
        ask(office, "follow", lead, actor=CAROL)
    with pytest.raises(Forbidden):
        ask(office, "follow", lead, actor=READER)
    assert ask(office, "follow", lead, actor=BOB)["row"]["state"] == "following"


def test_a_rep_sees_her_own_leads_her_manager_those_of_his_people(office, lead):
    office.create(CAROL, "lead", name="上海的线索")

    def seen(actor):
        return {row["name"] for row in office.ask(actor, "list", {"entity": "lead"})["rows"]}

    assert seen(ALICE) == {lead["name"]}
    assert seen(BOB) == {lead["name"]}
    assert seen(CAROL) == {"上海的线索"}
    assert office.rows(model.Lead, name=lead["name"])[0].number == "XS-HQ-2026-00001"
