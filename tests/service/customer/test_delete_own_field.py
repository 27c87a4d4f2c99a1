"""An own field is really deleted (users 6): whatever kind it was and whatever kind comes after it under the same code, nothing of
the old one is met again: in lists, filters, sums, files, JSON, search, what is taken back. Its history stays, under its own name.

Root keeps the fields at the desk of organization; what that announces is heard here, at once or late, in order or not.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, get_args

import pytest

from chassis.attachments import Attachment, FilePart
from chassis.importing import Importer
from chassis.own_values import DroppedField, Dropper
from contracts.errors import Forbidden, Invalid
from contracts.organization import OwnChoiceListed, OwnFieldDeleted, OwnFieldListed
from contracts.own_fields import CHOSEN, Kind
from services.customer import model
from services.organization.service import OrganizationService
from tests.cast import ALICE_ID, BOB_ID, ROOT_ID, person
from tests.desk import Desk
from tests.factories.samples import Samples
from tests.own_fields import kinds_of_record, leaves_no_trace
from tests.sent_files import send
from tests.service.customer.conftest import ALICE, BOB, ROOT
from tests.service.customer.test_segment import gather, house, names
from tests.service.organization.conftest import SYSTEM

__all__ = ["house"]

KINDS = get_args(Kind)
FOLLOWED_BY = [
    *pairwise((*KINDS, KINDS[0])),
    ("text", "text"),
    ("choice", "choice"),
    ("file", "file"),
    ("amount", "date"),
]
HEARD = (OwnFieldListed, OwnChoiceListed, OwnFieldDeleted)
PLAIN = {
    "text": ["天道酬勤", "厚德载物"], "long_text": ["一\n二", "三"], "whole_number": [12, 7], "number": ["1.5", "2"],
    "amount": ["1000.50", "3.00"], "percent": ["33", "5"], "date": ["1998-05-01", "2001-01-02"],
    "date_and_time": ["2026-03-01T02:00:00+00:00", "2026-03-02T02:00:00+00:00"], "yes_or_no": [True, False],
    "person": [str(ALICE_ID), str(BOB_ID)], "several_people": [[str(ALICE_ID)], [str(ALICE_ID), str(BOB_ID)]],
    "email": ["pay@example.com", "x@example.com"], "phone": ["400-800-1234", "13800138000"],
    "web_address": ["https://example.com/s", "https://example.com/t"],
}  # fmt: skip


class Fields:
    """The fields of customers, as Root keeps them, and the customer service that hears of them."""

    def __init__(self, books: Desk, office: Desk) -> None:
        self.books, self.office, self.told = books, office, 0

    def pass_on(self, skip: tuple[type, ...] = ()) -> None:
        """Let the customer service hear what was announced since."""
        news = self.books.emitted()
        for envelope in news[self.told :]:
            for cls in HEARD:
                if envelope.type == cls.noun() and cls not in skip:
                    self.office.hear(cls.model_validate(envelope.body), id=envelope.id)
        self.told = len(news)

    def define(self, kind: str, code: str = "spot", **more: Any) -> dict[str, Any]:
        given = {
            "entity_name": "customer.customer",
            "name": f"老{kind}",
            "kind": kind,
            "code": code,
            "is_in_list": True,
        }
        if kind == "reference":
            given["refers_to"] = "customer.customer"
        searched = {"is_searched": kind in ("text", "email", "phone", "whole_number")}
        row = self.books.create(SYSTEM, "own_field", **{**given, **searched, **more})
        self.pass_on()
        return row

    def choices(self, field: dict[str, Any]) -> list[str]:
        made = [
            self.books.create(SYSTEM, "own_choice", field_id=field["id"], name=n)["id"] for n in ("甲", "乙")
        ]
        self.pass_on()
        return made

    def values(self, field: dict[str, Any], customer: dict[str, Any]) -> list[Any]:
        """Two values of the field's kind."""
        kind = field["kind"]
        if kind in CHOSEN:
            made = self.choices(field)
            return made if kind == "choice" else [made, made[:1]]
        if kind == "reference":
            return [customer["id"], customer["id"]]
        if kind == "file":
            return [send(self.office, ALICE, b"scan", f"{n}.pdf", "信用代码") for n in (1, 2)]
        return PLAIN[kind]

    def delete(self, field: dict[str, Any], **more: Any) -> dict[str, Any]:
        self.books.ask(SYSTEM, "archive", entity="own_field", id=field["id"])
        return self.books.ask(
            SYSTEM, "delete_own_field", id=field["id"], **{"confirm": field["code"], **more}
        )

    def sweep(self) -> None:
        self.office.later(seconds=10)
        Dropper(self.office.house, stretch=2).run_all()


@pytest.fixture
def fields(desk, office):
    return Fields(desk(OrganizationService), office)


def customers(office: Desk, **query: Any) -> list[dict[str, Any]]:
    return office.ask(
        ALICE, "list", {"entity": "customer", "query": {"totals": True, "sort": "name", **query}}
    )["rows"]


def fill(fields: Fields, field: dict[str, Any], customer: dict[str, Any]) -> list[dict[str, Any]]:
    given = fields.values(field, customer)
    return [
        fields.office.create(ALICE, "customer", name=f"公司{n}", own_spot=value)
        for n, value in enumerate(given, 1)
    ]


@pytest.mark.parametrize(("before", "after"), FOLLOWED_BY)
def test_nothing_of_a_deleted_field_is_met_in_the_next_one_of_its_code(fields, customer, before, after):
    office = fields.office
    old = fields.define(before)
    rows = fill(fields, old, customer)
    found_by = [row.search_text for row in office.rows(model.Customer)]
    fields.delete(old)
    new = fields.define(after, name=f"新{after}")
    assert (new["code"], new["id"] != old["id"]) == ("spot", True)

    def meets_nothing() -> None:
        told = customers(office)
        assert [row["own_spot"] for row in told] == [None] * 3
        assert customers(office, where={"own_spot__empty": "no"}) == []
        for row in rows:
            assert office.ask(ALICE, "get", entity="customer", id=row["id"])["row"]["own_spot"] is None
        totals = office.ask(ALICE, "list", {"entity": "customer", "query": {"totals": True}})["totals"]
        assert totals.get("own_spot") in (None, "0", "0.00")

    meets_nothing()  # long before anything was taken out of the rows
    fields.sweep()
    meets_nothing()
    for row in office.rows(model.Customer):
        assert row.own == {}
    [dropped] = office.rows(DroppedField)
    assert (dropped.rows, dropped.done_at) == (2, office.now)
    if old["is_searched"]:
        word = {"text": "天道", "email": "pay@example", "phone": "4008001234", "whole_number": "12"}[before]
        assert any(word in text for text in found_by)
        assert not any(word in row.search_text for row in office.rows(model.Customer))
        assert customers(office, text=word) == []
    if before == "file":
        assert office.rows(Attachment) == []
        assert office.rows(FilePart) == []
    # the new one is filled in and says nothing but what it was told
    value = fields.values(new, customer)[0]
    changed = office.ask(ALICE, "update", entity="customer", id=rows[0]["id"], values={"own_spot": value})[
        "row"
    ]
    assert changed["own_spot"] not in (None, [], "")
    assert [row["name"] for row in customers(office, where={"own_spot__empty": "no"})] == ["公司1"]
    # what was said in the old one stays in the log, under another name than the new one's
    log = office.ask(ALICE, "history", entity="customer", id=rows[0]["id"])["changes"]
    assert log[0]["changes"].keys() == {new["kept_as"]}
    assert log[-1]["changes"]["own_spot"][1] not in (None, [])
    assert new["kept_as"] == "own_spot.2"


def test_a_third_field_of_the_code_is_kept_apart_from_both(fields):
    kept = []
    for kind in ("text", "date", "amount"):
        field = fields.define(kind)
        kept.append(field["kept_as"])
        fields.delete(field)
        fields.pass_on()
    assert kept == [None, "own_spot.2", "own_spot.3"]


@pytest.mark.parametrize("comes", ["late", "twice", "never"])
def test_a_service_that_was_away_meets_nothing_of_it_either(fields, customer, comes):
    """Down while the field was deleted and another one of its code was made, it hears of both later, in whatever order."""
    office = fields.office
    old = fields.define("text")
    rows = fill(fields, old, customer)
    fields.delete(old)
    new = fields.books.create(
        SYSTEM,
        "own_field",
        entity_name="customer.customer",
        name="新",
        kind="date",
        code="spot",
        is_in_list=True,
    )
    fields.pass_on(skip=(OwnFieldDeleted,))
    assert [row["own_spot"] for row in customers(office)] == [None] * 3
    office.ask(ALICE, "update", entity="customer", id=rows[0]["id"], values={"own_spot": "2026-01-02"})
    [deleted] = fields.books.emitted(OwnFieldDeleted)
    for _ in range({"late": 1, "twice": 2, "never": 0}[comes]):
        office.hear(deleted)
        fields.sweep()
    told = {row["name"]: row["own_spot"] for row in customers(office)}
    assert told == {"公司1": "2026-01-02", "公司2": None, customer["name"]: None}
    assert new["kept_as"] == "own_spot.2"


def test_killed_on_the_way_it_goes_on_where_it_was(fields, customer, monkeypatch):
    office = fields.office
    fill(fields, fields.define("text"), customer)
    old = office.rows(model.Customer)
    fields.delete(fields.books.ask(SYSTEM, "list", entity="own_field")["rows"][0])
    fields.pass_on()
    office.later(seconds=10)
    dropper = Dropper(office.house, stretch=1)
    dropper.run_due()  # and then the process is gone
    assert sum(bool(row.own) for row in office.rows(model.Customer)) in (1, 2)
    Dropper(office.house, stretch=1).run_all()
    assert [row.own for row in office.rows(model.Customer)] == [{}] * 3
    assert {row.id: row.ver for row in office.rows(model.Customer)} == {row.id: row.ver for row in old}
    assert Dropper(office.house).run_due() > 0


def test_who_is_editing_a_record_is_not_disturbed(fields, customer):
    """Nobody has edited the record by it: the version she saw is still the present one."""
    office = fields.office
    field = fields.define("text")
    rows = fill(fields, field, customer)
    fields.delete(field)
    fields.pass_on()
    fields.sweep()
    saved = office.ask(
        ALICE, "update", entity="customer", id=rows[0]["id"], ver=rows[0]["ver"], values={"name": "公司一"}
    )["row"]
    assert (saved["name"], "own_spot" in saved) == ("公司一", False)


def test_what_is_taken_back_later_brings_nothing_of_it_back(fields, customer):
    """A change of many, a merge, an import: the log of each still tells of the field that is gone."""
    office = fields.office
    field = fields.define("text")
    rows = fill(fields, field, customer)
    ids = [row["id"] for row in rows]
    batch = office.ask(
        ALICE, "change_many", entity="customer", ids=ids, values={"own_spot": "新词", "phone": "010-1"}
    )["batch_id"]
    merged = office.ask(
        ROOT, "merge", entity="customer", kept_id=ids[0], gone_ids=ids[1:], values={"own_spot": "合并"}
    )["merge_id"]
    fields.delete(field)
    fields.define("whole_number")
    fields.sweep()
    office.ask(ROOT, "unmerge", entity="customer", merge_id=merged)
    told = office.ask(ALICE, "take_back_batch", batch_id=batch)
    assert told["counts"] == {"undone": 2}
    for row in office.rows(model.Customer):
        assert (row.own, row.phone) == ({}, customer["phone"] if str(row.id) == customer["id"] else None)


def test_an_import_that_waits_fills_in_no_other_field(fields, customer):
    office = fields.office
    field = fields.define("text")
    job = office.ask(
        ROOT, "start_import", entity="customer", file_name="x", columns=["name", "own_spot"],
        titles=["公司", "口号"], places=["name", "own_spot"],
    )["id"]  # fmt: skip
    office.ask(ROOT, "stage_rows", job_id=job, first=2, rows=[{"name": "进口公司", "own_spot": "12"}])
    fields.delete(field)
    fields.define("whole_number")
    office.ask(ROOT, "run_import", job_id=job)
    Importer(office.house).run_all()
    [made] = (
        customers(office, where={"name": "进口公司"})
        or office.ask(ROOT, "list", {"entity": "customer", "query": {"where": {"name": "进口公司"}}})["rows"]
    )
    assert made["own_spot"] is None


# -- what mentions it -------------------------------------------------------------------------------------------------


@pytest.fixture
def mentioned(fields, customer):
    """A field by which a segment, a rule and a web form go."""
    office = fields.office
    money = fields.define("amount")
    note = fields.define("text", code="note", entity_name="customer.lead", name="备注")
    made = {
        "segment": office.create(
            ROOT, "segment", name="大客户", list_of="customer.customer", query="own_spot__gte=1000&q=公司", rhythm="daily"
        ),
        "contacts": office.create(
            ROOT, "segment", name="大客户的人", list_of="customer.contact", query="customer_id.own_spot__gte=5",
            rhythm="daily",
        ),
        "value_rule": office.create(
            ROOT, "value_rule", position=1, name="重点", value_class="key", query="own_spot__gte=1000"
        ),
        "web_form": office.create(
            ROOT, "web_form", code="fair", name="预约", staff_id=str(ALICE_ID), asks=["mobile"],
            asked_field_ids=[note["id"]],
        ),
    }  # fmt: skip
    office.ask(ROOT, "apply_value_rules")
    return money, note, made


def test_whoever_deletes_it_is_told_what_would_be_lost(fields, mentioned, customer):
    office, (money, note, made) = fields.office, mentioned
    office.create(ALICE, "customer", name="公司", own_spot="2000")
    root = person(ROOT_ID, "Root", "customer.* all", "organization.* all")
    use = office.ask(root, "field_use", field_id=money["id"])
    assert use["values"] == 1
    assert {(m["entity"], m["name"]) for m in use["mentions"]} == {
        ("customer.segment", "大客户"), ("customer.segment", "大客户的人"), ("customer.value_rule", "重点"),
    }  # fmt: skip
    use = office.ask(root, "field_use", field_id=note["id"])
    assert [(m["entity"], m["id"]) for m in use["mentions"]] == [
        ("customer.web_form", made["web_form"]["id"])
    ]
    with pytest.raises(Forbidden):
        office.ask(ALICE, "field_use", field_id=money["id"])


def test_what_asked_for_it_fits_nobody_and_says_so(fields, mentioned, customer):
    """Nothing gets wider by it: a segment stands still, a rule fits nobody, written or applied; no new field wakes them."""
    office, (money, note, made) = fields.office, mentioned
    fields.delete(money)
    fields.delete(note)
    fields.define("amount", name="别的金额")
    gone = f"gone={money['id']}"
    asked = {row.name: row.query for row in office.rows(model.Segment)}
    assert asked == {"大客户": f"{gone}&q=%E5%85%AC%E5%8F%B8", "大客户的人": gone}
    [rule] = office.rows(model.ValueRule)
    assert rule.query == gone
    [applied] = office.rows(model.RulesApplied)
    assert [one["query"] for one in applied.rules] == [gone]
    assert [one["name"] for one in office.ask(ROOT, "preview_value_rules")["outdated"]] == ["重点"]
    assert (
        office.ask(ROOT, "get", entity="web_form", id=made["web_form"]["id"])["row"]["asked_field_ids"] == []
    )
    office.create(ALICE, "customer", name="公司", own_spot="2000")
    assert office.ask(ALICE, "list", entity="customer")["rows"][0]["value_class"] != "key"
    with pytest.raises(Invalid) as refused:
        customers(office, where={"gone": money["id"]})
    assert (refused.value.fields[0].field, refused.value.fields[0].code) == ("gone", "field_deleted")


def test_a_segment_that_asked_for_it_stands_still(fields, house, customer):
    """Its members stay what they were, and whoever keeps it sees why (CUS-16)."""
    money = fields.define("amount")
    house.create(ALICE, "customer", name="公司", own_spot="2000")
    segment = house.create(
        BOB, "segment", name="大客户", list_of="customer.customer", query="own_spot__gte=1000", rhythm="daily"
    )
    gather(house)
    assert names(house, segment) == ["公司"]
    fields.delete(money)
    fields.define("amount", name="别的金额")
    house.later(days=2)
    gather(house)
    assert names(house, segment) == ["公司"]
    [row] = house.rows(model.Segment)
    assert (row.trouble, row.query) == ("question_outdated", f"gone={money['id']}")


@pytest.mark.parametrize("entity", kinds_of_record("customer"))
def test_a_deleted_field_leaves_no_trace_in_any_kind_of_record(desk, entity: str):
    """Own objects among them, all of which stand in one table."""
    leaves_no_trace(Samples(desk("customer")), entity)
