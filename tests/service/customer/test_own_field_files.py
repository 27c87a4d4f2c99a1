"""Own fields of kind file (users 6): a field that holds one of the record's files, entered with the record or with a change."""

from __future__ import annotations

import pytest

from chassis.identity import new_id
from chassis.importing import Importer
from contracts.errors import Invalid, NotFound
from contracts.organization import OwnFieldListed
from tests.sent_files import content_of, send
from tests.service.customer.conftest import ALICE, CAROL, ROOT

LICENCE = {
    "entity_name": "customer.customer", "name": "营业执照", "name_en": "Licence", "kind": "file", "code": "licence",
    "refers_to": None, "help": None, "is_required": False, "is_in_list": True, "is_searched": False, "position": 1,
}  # fmt: skip
FIELD = new_id()


def define(office, ver=1, archived=False, **more):
    office.hear(
        OwnFieldListed(
            record_id=FIELD, epoch=1, ver=ver, label="licence", archived=archived, data=LICENCE | more
        )
    )


@pytest.fixture
def licensed(office):
    define(office)
    return office


@pytest.fixture
def row(licensed):
    file = send(licensed, ALICE, b"scan", "执照.pdf", "统一社会信用代码")
    return licensed.create(ALICE, "customer", name="有照公司", own_licence=file)


def at(row):
    return {"entity": "customer.customer", "id": row["id"]}


def files(office, row, **more):
    return office.ask(ALICE, "attachments", {**at(row), **more})["rows"]


def names(office, **where):
    return {
        one["name"] for one in office.ask(ALICE, "list", entity="customer", query={"where": where})["rows"]
    }


def change(office, row, value):
    return office.ask(ALICE, "update", entity="customer", id=row["id"], values={"own_licence": value})["row"]


def test_it_comes_with_the_record_and_is_one_of_its_files(licensed, row):
    told = row["own_licence"]
    assert (told["name"], told["media_type"], told["size"]) == ("执照.pdf", "text/plain", 4)
    assert [file["id"] for file in files(licensed, row)] == [told["id"]]
    assert content_of(licensed, ALICE, at(row), told["id"]) == b"scan"
    (listed,) = licensed.ask(ALICE, "list", entity="customer", query={"where": {"name": "有照公司"}})["rows"]
    assert listed["own_licence"] == told
    found = licensed.ask(ALICE, "search", {"text": "信用代码"})["files"]["rows"]
    assert [file["record_id"] for file in found] == [row["id"]]


def test_which_have_one_and_which_have_none(licensed, row, customer):
    assert names(licensed, own_licence__empty="no") == {"有照公司"}
    assert names(licensed, own_licence__empty="yes") == {customer["name"]}
    for wrong in ({"own_licence": "x"}, {"own_licence__contains": "x"}):
        with pytest.raises(Invalid):
            names(licensed, **wrong)
    with pytest.raises(Invalid):
        licensed.ask(ALICE, "list", entity="customer", query={"sort": "own_licence"})


def test_another_takes_its_place_and_the_former_is_kept_off_the_record(licensed, row):
    new = change(licensed, row, send(licensed, ALICE, b"newer", "新执照.pdf"))["own_licence"]
    assert [file["name"] for file in files(licensed, row)] == ["新执照.pdf"]
    log = licensed.ask(ALICE, "history", entity="customer", id=row["id"])["changes"]
    assert log[0]["changes"] == {"own_licence": [row["own_licence"], new]}
    back = change(licensed, row, row["own_licence"]["id"])["own_licence"]
    assert back == row["own_licence"]
    assert [file["name"] for file in files(licensed, row)] == ["执照.pdf"]


def test_emptied_it_is_off_the_record(licensed, row):
    assert change(licensed, row, "")["own_licence"] is None
    assert files(licensed, row) == []
    assert len(files(licensed, row, removed=True)) == 1


def test_a_file_that_is_on_the_record_already_can_be_named(licensed, customer):
    sent = send(licensed, ALICE, b"x", "旧.pdf")
    (file,) = licensed.ask(ALICE, "attach_files", {**at(customer), "files": [sent]})["rows"]
    assert change(licensed, customer, file["id"])["own_licence"]["name"] == "旧.pdf"


def test_taken_off_in_the_panel_it_is_gone_from_the_field_and_a_new_name_is_told_there(licensed, row):
    where = {**at(row), "attachment_id": row["own_licence"]["id"]}
    licensed.ask(ALICE, "rename_attachment", {**where, "name": "执照2026.pdf"})
    get = {"entity": "customer", "id": row["id"]}
    assert licensed.ask(ALICE, "get", get)["row"]["own_licence"]["name"] == "执照2026.pdf"
    licensed.ask(ALICE, "remove_attachment", where)
    assert licensed.ask(ALICE, "get", get)["row"]["own_licence"] is None
    licensed.ask(ALICE, "restore_attachment", where)
    assert [file["name"] for file in files(licensed, row)] == ["执照2026.pdf"]


@pytest.mark.parametrize("spoilt", ["whose", "half", "unsent", "elsewhere", "words"])
def test_what_is_no_file_of_hers_is_refused_and_nothing_is_half_kept(licensed, row, spoilt):
    sent = send(licensed, CAROL if spoilt == "whose" else ALICE, b"scan", "x.pdf")
    given = {
        "whose": sent, "half": {**sent, "size": 9}, "unsent": {**sent, "file_id": str(new_id())},
        "elsewhere": row["own_licence"]["id"], "words": "执照.pdf",
    }[spoilt]  # fmt: skip
    with pytest.raises(Invalid) as raised:
        licensed.create(ALICE, "customer", name="别家", own_licence=given)
    assert {problem.field.partition(".")[0] for problem in raised.value.fields} == {"own_licence"}
    assert "别家" not in names(licensed)


def test_nobody_reads_it_whose_rights_do_not_reach_the_record(licensed, row):
    with pytest.raises(NotFound):
        content_of(licensed, CAROL, at(row), row["own_licence"]["id"])


def test_a_table_brings_no_file_and_says_so(licensed):
    job = licensed.ask(
        ROOT, "start_import", entity="customer", file_name="x", columns=["name", "own_licence"]
    )["id"]
    licensed.ask(
        ROOT,
        "stage_rows",
        job_id=job,
        first=2,
        rows=[{"name": "甲", "own_licence": "执照.pdf"}, {"name": "乙"}],
    )
    licensed.ask(ROOT, "run_import", job_id=job)
    Importer(licensed.house).run_all()
    problems = licensed.ask(ROOT, "job", id=job)["problems_sample"]
    assert [(p["row"], p["field"], p["code"]) for p in problems] == [(2, "own_licence", "file_in_table")]


def test_put_away_the_field_is_gone_and_brought_back_so_is_what_it_held(licensed, row):
    define(licensed, ver=2, archived=True)
    get = {"entity": "customer", "id": row["id"]}
    assert "own_licence" not in licensed.ask(ALICE, "get", get)["row"]
    assert len(files(licensed, row)) == 1
    define(licensed, ver=3)
    assert licensed.ask(ALICE, "get", get)["row"]["own_licence"] == row["own_licence"]
