"""One field of many records in one go (users 24, LED-07): each as if changed by hand, with its rules, rights and history."""

from __future__ import annotations

import pytest

from chassis.identity import new_id
from contracts.errors import Forbidden, Invalid, TooLarge
from tests.cast import ALICE_ID, BOB_ID
from tests.service.customer.conftest import ALICE, BOB, CAROL, INTERNET, READER


def change(office, rows, actor=ALICE, entity="lead", **values):
    return office.ask(actor, "change_many", entity=entity, ids=[row["id"] for row in rows], values=values)


def leads(office, *names, actor=ALICE):
    return [office.create(actor, "lead", name=name) for name in names]


def test_all_of_them_are_changed_with_their_history(office):
    rows = leads(office, "甲公司", "乙公司", "丙公司")
    done = change(office, rows, source_id=str(INTERNET), need="终端")
    assert (done["changed"], done["refused"]) == (3, [])
    kept = office.ask(ALICE, "get", entity="lead", id=rows[1]["id"])["row"]
    assert (kept["source_id"], kept["need"]) == (str(INTERNET), "终端")
    log = office.ask(ALICE, "history", entity="lead", id=rows[1]["id"])["changes"][0]
    assert (log["door"], set(log["changes"])) == ("customer.change_many", {"source_id", "need"})
    assert change(office, rows, need="终端")["changed"] == 0


def test_those_that_cannot_be_are_told_and_the_others_are_changed(office):
    mine, dropped = leads(office, "甲公司", "乙公司")
    (hers,) = leads(office, "丙公司", actor=CAROL)
    office.ask(ALICE, "drop_lead", id=dropped["id"])
    found = change(office, [mine, dropped, hers, {"id": str(new_id())}], need="终端")
    assert found["changed"] == 1
    assert [(item["name"], item["code"]) for item in found["refused"]] == [
        ("乙公司", "NotEditable"), (None, "NotFound"), (None, "NotFound"),
    ]  # fmt: skip


def test_a_manager_gives_many_to_somebody(office):
    rows = leads(office, "甲公司", "乙公司")
    assert change(office, rows, BOB, owner_id=str(BOB_ID))["changed"] == 2
    assert change(office, rows, BOB, owner_id=str(ALICE_ID))["changed"] == 2
    assert {row["owner_id"] for row in office.ask(ALICE, "list", entity="lead")["rows"]} == {str(ALICE_ID)}


def test_a_wrong_value_is_wrong_for_all_and_whoever_may_not_does_not(office):
    rows = leads(office, "甲公司")
    with pytest.raises(Invalid):
        change(office, rows, expected_amount="viel")
    with pytest.raises(Invalid):
        change(office, rows, state="converted")
    with pytest.raises(Forbidden):
        change(office, rows, READER, need="x")
    with pytest.raises(TooLarge):
        office.ask(
            ALICE,
            "change_many",
            entity="lead",
            ids=[str(new_id()) for _ in range(1001)],
            values={"need": "x"},
        )
