"""A list on its way into a file: asked for, written, handed to its owner alone, forgotten after a week (DAT-04)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from chassis.work import Work
from contracts.errors import Forbidden, IllegalTransition, Invalid, NotFound
from contracts.organization import ExportEnded, ExportLost
from tests.desk import Desk
from tests.service.organization.conftest import SYSTEM, Company


@pytest.fixture
def alice(company: Company):
    return company.actor("Alice")


def start(
    company: Company, name: str = "Alice", list_of: str = "customer.lead", key: str | None = None
) -> dict[str, Any]:
    asked = {
        "name": "线索 2026-03-10",
        "list_of": list_of,
        "query": "?owner_id=me",
        "file_kind": "csv",
        "total": 2500,
    }
    return company.desk.ask(company.actor(name), "start_export", asked, key=key)["row"]


def take(desk: Desk) -> dict[str, Any] | None:
    return desk.ask(SYSTEM, "take_export", {})


def put(desk: Desk, export: dict[str, Any], position: int, data: bytes) -> None:
    step = {"id": export["id"], "attempt": export["attempts"]}
    desk.ask(
        SYSTEM, "put_export_part", step | {"position": position, "data": base64.b64encode(data).decode()}
    )


def finish(desk: Desk, export: dict[str, Any], size: int, done: int = 2500) -> None:
    desk.ask(
        SYSTEM,
        "finish_export",
        {"id": export["id"], "attempt": export["attempts"], "done": done, "size": size},
    )


def test_it_is_taken_written_and_handed_out_to_its_owner(company: Company, alice):
    desk, started = company.desk, start(company)
    taken = take(desk)
    assert taken is not None
    assert (taken["export"]["id"], taken["export"]["state"]) == (started["id"], "running")
    assert taken["actor"]["id"] == str(alice.id)
    assert take(desk) is None, "one writer has it"
    report = {"id": started["id"], "attempt": 1, "done": 1000}
    assert desk.ask(SYSTEM, "report_export", report)["id"] == str(alice.id)
    assert desk.ask(alice, "get", entity="export", id=started["id"])["row"]["done"] == 1000
    for _ in range(2):  # a part that comes again is the same part
        put(desk, taken["export"], 0, b"a" * 1000)
    put(desk, taken["export"], 1, b"b")
    with pytest.raises(Invalid):
        finish(desk, taken["export"], 7)
    finish(desk, taken["export"], 1001)
    row = desk.ask(alice, "get", entity="export", id=started["id"])["row"]
    assert (row["state"], row["size"], row["done"], row["owner_id"]) == ("ready", 1001, 2500, str(alice.id))
    parts = [desk.ask(alice, "export_part", id=started["id"], position=n)["data"] for n in range(3)]
    assert [len(base64.b64decode(p)) for p in parts if p] == [1000, 1]
    (ended,) = desk.emitted(ExportEnded)
    assert (str(ended.owner_id), ended.is_ready, ended.rows) == (str(alice.id), True, 2500)


def test_asking_twice_with_one_key_writes_one_file(company: Company):
    assert start(company, key="press")["id"] == start(company, key="press")["id"]


def test_who_may_not_export_the_list_may_not_have_it_written(company: Company):
    with pytest.raises(Forbidden):
        start(company, "Dan", "customer.lead")
    with pytest.raises(Forbidden):
        start(company, "Alice", "nothing.at_all")


def test_the_file_is_its_owners_alone(company: Company, alice):
    """Root may see that there is one; what is in it are the rows that Alice may see."""
    started = start(company)
    taken = take(company.desk)
    put(company.desk, taken["export"], 0, b"x")
    finish(company.desk, taken["export"], 1)
    for name in ("Bob", "Carol", "Root"):
        with pytest.raises(NotFound):
            company.desk.ask(company.actor(name), "export_part", id=started["id"], position=0)
    with pytest.raises(NotFound):
        company.desk.ask(company.actor("Carol"), "get", entity="export", id=started["id"])
    left = tuple(grant for grant in alice.grants if not grant.permission.startswith("customer.lead"))
    poorer = alice.model_copy(update={"grants": left})
    with pytest.raises(Forbidden):  # she may not export leads any more
        company.desk.ask(poorer, "export_part", id=started["id"], position=0)


def test_nobody_but_the_system_writes(company: Company):
    started = start(company)
    step = {"id": started["id"], "attempt": 1}
    for door, more in (
        ("take_export", {}),
        ("report_export", step | {"done": 1}),
        ("put_export_part", step | {"position": 0, "data": ""}),
        ("finish_export", step | {"done": 1, "size": 0}),
        ("fail_export", step | {"error": "x"}),
    ):
        with pytest.raises(Forbidden):
            company.desk.ask(company.actor("Root"), door, more)


def test_what_was_cancelled_is_lost_to_its_writer(company: Company, alice):
    desk, started = company.desk, start(company)
    taken = take(desk)
    put(desk, taken["export"], 0, b"x")
    with pytest.raises(NotFound):
        desk.ask(company.actor("Dan"), "cancel_export", id=started["id"])
    desk.ask(alice, "cancel_export", id=started["id"], note="too long")
    for step in (
        lambda: desk.ask(SYSTEM, "report_export", id=started["id"], attempt=1, done=5),
        lambda: put(desk, taken["export"], 1, b"y"),
        lambda: finish(desk, taken["export"], 1),
    ):
        with pytest.raises(ExportLost):
            step()
    with pytest.raises(IllegalTransition):
        desk.ask(alice, "cancel_export", id=started["id"])
    assert take(desk) is None


def test_a_silent_writer_loses_it_and_another_begins_anew(company: Company, alice):
    desk, started = company.desk, start(company)
    first = take(desk)
    put(desk, first["export"], 0, b"half a fi")
    desk.later(seconds=100)
    desk.ask(SYSTEM, "report_export", id=started["id"], attempt=1, done=1000)
    desk.later(seconds=100)
    assert take(desk) is None, "he was heard of in time"
    desk.later(seconds=30)
    second = take(desk)
    assert second["export"]["attempts"] == 2
    with pytest.raises(ExportLost):
        put(desk, first["export"], 1, b"le")
    put(desk, second["export"], 0, b"whole")
    finish(desk, second["export"], 5)
    assert base64.b64decode(desk.ask(alice, "export_part", id=started["id"], position=0)["data"]) == b"whole"


def test_what_breaks_its_writers_again_and_again_fails(company: Company, alice):
    desk, started = company.desk, start(company)
    for _ in range(3):
        assert take(desk) is not None
        desk.later(minutes=3)
    assert take(desk) is None
    row = desk.ask(alice, "get", entity="export", id=started["id"])["row"]
    assert (row["state"], row["error"]) == ("failed", "ExportBroke")
    assert not desk.emitted(ExportEnded)[-1].is_ready


def test_a_writer_says_why_it_failed(company: Company, alice):
    started = start(company)
    take(company.desk)
    company.desk.ask(SYSTEM, "fail_export", id=started["id"], attempt=1, error="Forbidden")
    row = company.desk.ask(alice, "get", entity="export", id=started["id"])["row"]
    assert (row["state"], row["error"]) == ("failed", "Forbidden")


def test_nothing_is_written_for_who_has_left(company: Company):
    desk = company.desk
    waiting, running = start(company), start(company)
    taken = take(desk)["export"]["id"]
    desk.ask(SYSTEM, "leave_staff", id=str(company.actor("Alice").id))
    with pytest.raises(Forbidden):
        desk.ask(SYSTEM, "report_export", id=taken, attempt=1, done=1)
    assert take(desk) is None
    left = ({waiting["id"], running["id"]} - {taken}).pop()
    assert desk.ask(SYSTEM, "get", entity="export", id=left)["row"]["state"] == "failed"


def run_forget_exports(desk: Desk) -> None:
    """As the clock would, at night."""
    with desk.house.sessions.begin() as session:
        desk.house.clocked["forget_exports"].function(Work(session, SYSTEM, desk.house))


def test_a_file_is_forgotten_after_a_week_but_not_that_there_was_one(company: Company, alice):
    desk, started = company.desk, start(company)
    taken = take(desk)
    put(desk, taken["export"], 0, b"x")
    finish(desk, taken["export"], 1)
    desk.later(days=6)
    run_forget_exports(desk)
    assert desk.ask(alice, "export_part", id=started["id"], position=0)["data"]
    desk.later(days=2)
    run_forget_exports(desk)
    with pytest.raises(NotFound):
        desk.ask(alice, "export_part", id=started["id"], position=0)
    assert desk.ask(alice, "get", entity="export", id=started["id"])["row"]["state"] == "expired"


def test_the_oldest_comes_first(company: Company):
    first = start(company)
    company.desk.later(seconds=1)
    start(company, "Carol")
    assert take(company.desk)["export"]["id"] == first["id"]
