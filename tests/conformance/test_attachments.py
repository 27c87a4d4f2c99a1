"""Files on records of every kind: whoever reads the record reads its files, whoever changes it adds some. Users «attachments»."""

from __future__ import annotations

import pytest

from contracts.attachments import PART
from contracts.errors import Forbidden, NotFound
from tests.cast import BOB_ID, person
from tests.conformance import everything
from tests.sent_files import content_of, send

ENTITIES = everything.entities()
NAMES = ("报价 (终稿).pdf", 'a"b\\c<i>.txt', "📷 现场.jpg", "../../etc/passwd", "名" * 200)


@pytest.mark.parametrize("entity", ENTITIES)
def test_files_of_every_kind_of_record(entity: str, samples):
    found = samples(entity.partition(".")[0])
    desk, me, row = found.desk, found.somebody, found.row(entity)
    where = {"entity": entity, "id": row["id"]}
    big, small = b"\x00\xff" * PART + b"end", "协议".encode()
    files = [send(desk, me, big, NAMES[0]), send(desk, me, small, NAMES[1], f"违约责任 «{entity}»")]
    first, second = desk.ask(me, "attach_files", {**where, "files": files})["rows"]
    assert content_of(desk, me, where, first["id"]) == big
    assert content_of(desk, me, where, second["id"]) == small
    listed = desk.ask(me, "attachments", where)
    assert {one["name"] for one in listed["rows"]} == set(NAMES[:2])
    assert listed["can"]["add"]
    (hit,) = desk.ask(me, "search", {"text": f"违约责任 «{entity}»"})["files"]["rows"]
    assert (hit["id"], hit["record_id"]) == (second["id"], row["id"])

    one = {**where, "attachment_id": first["id"]}
    desk.ask(me, "rename_attachment", {**one, "name": NAMES[2]})
    for _ in range(2):  # twice is once
        desk.ask(me, "remove_attachment", one)
    with pytest.raises(NotFound):
        desk.ask(me, "attachment", one)
    assert [r["id"] for r in desk.ask(me, "attachments", where)["rows"]] == [second["id"]]
    desk.ask(me, "restore_attachment", one)
    assert desk.ask(me, "attachment", one)["name"] == NAMES[2]
    logged = [
        c["changes"]["attachments"]
        for c in desk.ask(me, "history", where)["changes"]
        if "attachments" in c["changes"]
    ]
    assert logged[::-1] == [
        [None, list(NAMES[:2])], [[NAMES[0]], [NAMES[2]]], [[NAMES[2]], None], [None, [NAMES[2]]],
    ]  # fmt: skip

    stranger = person(BOB_ID, "Bob", "nothing.at.all all")
    for door in ("attachments", "attachment", "attachment_part", "remove_attachment"):
        with pytest.raises(Forbidden):
            desk.ask(
                stranger,
                door,
                {**one, "position": 0}
                if door == "attachment_part"
                else one
                if door != "attachments"
                else where,
            )
    assert desk.ask(stranger, "search", {"text": f"违约责任 «{entity}»"})["files"]["rows"] == []
