"""Files on customers: whose they are, all or none, limits, merging, forgetting."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest

from chassis.attachments import Attachment, FilePart
from chassis.forgetting import UNCLAIMED, Forgetter
from chassis.identity import new_id
from contracts.attachments import LARGEST, MOST, PART
from contracts.errors import Invalid, NotFound
from tests.cast import ALICE_ID, BOB_ID, person
from tests.desk import Desk
from tests.sent_files import content_of, send


@pytest.fixture
def office(desk):
    """Alice's and Bob's customers, each with one file."""
    at: Desk = desk("customer")
    found = {}
    for actor in (ALICE, BOB):
        row = at.create(actor, "customer", name=f"{actor.name}的客户", kind="end_customer")
        where = {"entity": "customer.customer", "id": row["id"]}
        files = [send(at, actor, b"1", f"{actor.name}.txt", f"机密 {actor.name}")]
        found[actor.name] = where | {
            "attachment_id": at.ask(actor, "attach_files", {**where, "files": files})["rows"][0]["id"]
        }
    return at, found


ALICE, BOB = (person(id, name, "customer.* own") for id, name in ((ALICE_ID, "Alice"), (BOB_ID, "Bob")))


def test_a_file_on_a_record_out_of_reach_does_not_exist(office):
    at, files = office
    where = {name: files["Bob"][name] for name in ("entity", "id")}
    for door, message in (
        ("attachments", where), ("attachment", files["Bob"]), ("attachment_part", {**files["Bob"], "position": 0}),
        ("remove_attachment", files["Bob"]), ("rename_attachment", {**files["Bob"], "name": "x"}),
        ("attach_files", {**where, "files": []}),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            at.ask(ALICE, door, message)
    with pytest.raises(NotFound):  # nor by way of a record within reach
        at.ask(ALICE, "attachment", {**files["Alice"], "attachment_id": files["Bob"]["attachment_id"]})
    assert [row["name"] for row in at.ask(ALICE, "search", {"text": "机密"})["files"]["rows"]] == [
        "Alice.txt"
    ]
    (customers,) = at.ask(ALICE, "search", {"text": "的客户"})["found"]  # DAT-01: nor is it found or counted
    assert (customers["count"], [row["name"] for row in customers["rows"]]) == (1, ["Alice的客户"])


def test_all_of_them_are_attached_or_none(office):
    at, files = office
    where = {name: files["Alice"][name] for name in ("entity", "id")}
    good = send(at, ALICE, b"good")
    wrong = {
        "file_incomplete": {**send(at, ALICE, b"half"), "size": 5},
        "file_empty": send(at, ALICE, b""),
        "not_an_id": send(at, BOB, b"of somebody else"),
        "required": {**send(at, ALICE, b"nameless"), "name": " "},
    }
    for code, file in wrong.items():
        with pytest.raises(Invalid) as refused:
            at.ask(ALICE, "attach_files", {**where, "files": [good, file]})
        assert [p.code for p in refused.value.fields] == [code]
        assert refused.value.fields[0].field.startswith("files.1.")
    with pytest.raises(Invalid) as refused:
        at.ask(ALICE, "attach_files", {**where, "files": [good] * (MOST + 1)})
    assert refused.value.fields[0].code == "too_many_files"
    assert len(at.ask(ALICE, "attachments", where)["rows"]) == 1
    at.ask(ALICE, "attach_files", {**where, "files": [good]}, key="once")
    at.ask(ALICE, "attach_files", {**where, "files": [good]}, key="once")  # pressed again
    with pytest.raises(Invalid):  # and not a second time by another press
        at.ask(ALICE, "attach_files", {**where, "files": [good]}, key="twice")
    assert len(at.ask(ALICE, "attachments", where)["rows"]) == 2


@pytest.mark.parametrize("position", [-1, -(-LARGEST // PART), 2**31 - 1])
def test_more_than_a_file_may_have_is_not_even_kept(office, position: int):
    at, _ = office
    with pytest.raises(Invalid):
        at.ask(ALICE, "put_part", {"file_id": str(new_id()), "position": position, "data": "MQ=="})
    with pytest.raises(Invalid):
        at.ask(
            ALICE,
            "put_part",
            {"file_id": str(new_id()), "position": 0, "data": base64.b64encode(b"1" * (PART + 1)).decode()},
        )
    with pytest.raises(Invalid):
        at.ask(ALICE, "put_part", {"file_id": str(new_id()), "position": 0, "data": "no base64"})


def test_what_was_merged_shows_on_the_kept_one(office):
    at, files = office
    chief = person(BOB_ID, "Bob", "customer.* all")
    kept, gone = files["Bob"]["id"], files["Alice"]["id"]
    merge = at.ask(chief, "merge", {"entity": "customer.customer", "kept_id": kept, "gone_ids": [gone]})[
        "merge_id"
    ]
    where = {"entity": "customer.customer", "id": kept}
    assert {r["name"] for r in at.ask(chief, "attachments", where)["rows"]} == {"Alice.txt", "Bob.txt"}
    assert content_of(at, chief, where, files["Alice"]["attachment_id"]) == b"1"
    at.ask(chief, "unmerge", {"entity": "customer.customer", "merge_id": merge})
    assert {r["name"] for r in at.ask(chief, "attachments", where)["rows"]} == {"Bob.txt"}


def test_what_nobody_attached_is_forgotten_after_a_day(office):
    at, files = office
    send(at, ALICE, b"left behind")
    at.later(seconds=UNCLAIMED.total_seconds() + 1)
    fresh = send(at, ALICE, b"on its way")
    Forgetter(at.house).run_due()
    kept = {part.file_id for part in at.rows(FilePart)}
    assert kept == {UUID(fresh["file_id"]), *(one.file_id for one in at.rows(Attachment))}
    assert content_of(at, ALICE, files["Alice"], files["Alice"]["attachment_id"]) == b"1"
