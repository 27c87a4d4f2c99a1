"""Own fields of every kind on a record (users 6, DAT-02, DAT-04): entered, shown, filtered, sorted, searched, imported,
logged, put away and brought back; the same for every entity, shown here on customers."""

from __future__ import annotations

from uuid import UUID

import pytest

from chassis.identity import new_id
from chassis.importing import Importer
from contracts.errors import Invalid
from contracts.organization import OwnChoiceListed, OwnFieldListed
from services.customer import model
from tests.cast import ALICE_ID, BOB_ID
from tests.service.customer.conftest import ALICE, CAROL, ROOT, VISIT

DEFINED = {
    "motto": "text", "story": "long_text", "rooms": "whole_number", "ratio": "number", "turnover": "amount", "share": "percent",
    "founded_on": "date", "seen_at": "date_and_time", "listed": "yes_or_no", "grade": "choice", "brands": "several_choices",
    "adviser": "person", "team": "several_people", "parent": "reference", "billing": "email", "hotline": "phone", "shop": "web_address",
}  # fmt: skip
IDS = {code: new_id() for code in DEFINED}
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


def definition(code: str, kind: str, ver: int = 1, archived: bool = False, **more) -> OwnFieldListed:
    data = {
        "entity_name": "customer.customer", "name": f"字段{code}", "name_en": code, "kind": kind, "code": code,
        "refers_to": "customer.customer" if kind == "reference" else None, "help": None, "is_required": False,
        "is_in_list": True, "is_searched": kind == "text", "position": list(DEFINED).index(code) + 1,
    }  # fmt: skip
    return OwnFieldListed(
        record_id=IDS[code], epoch=1, ver=ver, label=code, archived=archived, data={**data, **more}
    )


def choice(id: UUID, field: str, name: str) -> OwnChoiceListed:
    return OwnChoiceListed(
        record_id=id, epoch=1, ver=1, label=name, data={"field_id": str(IDS[field]), "position": 1}
    )


@pytest.fixture
def extended(office):
    for code, kind in DEFINED.items():
        office.hear(definition(code, kind))
    for card in (choice(A, "grade", "甲"), choice(B, "brands", "联想"), choice(C, "brands", "华为")):
        office.hear(card)
    return office


@pytest.fixture
def values(customer):
    return {
        "motto": "天道酬勤", "story": "一\n二", "rooms": 12, "ratio": "1.5", "turnover": "1000.50", "share": "33",
        "founded_on": "1998-05-01", "seen_at": "2026-03-01T02:00:00+00:00", "listed": True, "grade": str(A),
        "brands": [str(B), str(C)], "adviser": str(ALICE_ID), "team": [str(ALICE_ID), str(BOB_ID)],
        "parent": customer["id"], "billing": "pay@example.com", "hotline": "400-800-1234", "shop": "https://example.com/s",
    }  # fmt: skip


@pytest.fixture
def row(extended, values):
    return extended.create(
        ALICE, "customer", name="自定义公司", **{f"own_{code}": value for code, value in values.items()}
    )


def found(office, **where) -> set[str]:
    answer = office.ask(ALICE, "list", {"entity": "customer", "query": {"where": where}})
    return {row["name"] for row in answer["rows"]}


def test_every_kind_is_kept_and_given_back(extended, row, values):
    kept = extended.ask(ALICE, "get", entity="customer", id=row["id"])
    assert {code: kept["row"][f"own_{code}"] for code in DEFINED} == values
    names = {kept["labels"][id]["label"] for id in (str(A), str(B), str(C), str(ALICE_ID), values["parent"])}
    assert names == {"甲", "联想", "华为", "Alice", "北京启利科技有限公司"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("own_rooms", "viele", "not_a_number"),
        ("own_turnover", "1.234", "too_many_decimals"),
        ("own_founded_on", "2026-02-30", "not_a_date"),
        ("own_listed", "vielleicht", "not_a_flag"),
        ("own_grade", str(B), "not_a_choice"),
        ("own_brands", [str(A)], "not_a_choice"),
        ("own_billing", "nobody", "not_an_email"),
        ("own_motto", "x" * 201, "too_long"),
        ("own_nothing", "x", "unknown"),
    ],
)
def test_wrong_values_are_named(extended, field, value, code):
    with pytest.raises(Invalid) as raised:
        extended.create(ALICE, "customer", name="自定义公司", **{field: value})
    assert [(problem.field, problem.code) for problem in raised.value.fields] == [(field, code)]


def test_filtering_by_each_kind(extended, row, values):
    here, nobody = {"自定义公司"}, set()
    for code, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            assert found(extended, **{f"own_{code}": one}) == here, code
        assert "自定义公司" not in found(extended, **{f"own_{code}__empty": "yes"}), code
        assert found(extended, **{f"own_{code}__empty": "no"}) == here, code
    assert found(extended, own_turnover__gte="1000.5", own_turnover__lt="1000.51") == here
    assert found(extended, own_rooms__gt=12) == nobody
    assert found(extended, own_founded_on__lte="1998-05-01") == here
    assert found(extended, own_seen_at__gt="2026-03-01T02:00:01+00:00") == nobody
    assert found(extended, own_motto__contains="酬") == here
    assert found(extended, own_grade=[str(A), str(B)]) == here
    assert found(extended, own_brands__in=[str(A)]) == nobody
    assert "自定义公司" in found(extended, own_brands__ne=str(A))
    assert "自定义公司" not in found(extended, own_brands__ne=values["brands"][0])


def test_ordering_by_a_number_goes_by_size_and_over_pages(extended, customer):
    for rooms in (9, 100, 11):
        extended.create(ALICE, "customer", name=f"{rooms}室酒店", own_rooms=rooms)
    order, after = [], None
    while True:
        query = {"sort": "own_rooms", "limit": 1, "after": after}
        page = extended.ask(ALICE, "list", {"entity": "customer", "query": query})
        order += [row["own_rooms"] for row in page["rows"]]
        if (after := page["next"]) is None:
            break
    assert order == [9, 11, 100, None]


def test_money_is_summed_and_words_are_searched(extended, row):
    query = {"text": "天道", "totals": True}
    answer = extended.ask(ALICE, "list", {"entity": "customer", "query": query})
    assert [found["id"] for found in answer["rows"]] == [row["id"]]
    assert answer["totals"]["own_turnover"] == "1000.50"


def test_each_field_has_its_own_entry_in_the_log(extended, row):
    changed = extended.ask(
        ALICE, "update", entity="customer", id=row["id"], ver=row["ver"],
        values={"own_rooms": 13, "own_motto": None, "own_team": [str(BOB_ID)]},
    )["row"]  # fmt: skip
    assert (changed["own_rooms"], changed["own_motto"], changed["own_turnover"]) == (13, None, "1000.50")
    log = extended.ask(ALICE, "history", entity="customer", id=row["id"])["changes"]
    assert log[0]["changes"] == {
        "own_rooms": [12, 13],
        "own_motto": ["天道酬勤", None],
        "own_team": [[str(ALICE_ID), str(BOB_ID)], [str(BOB_ID)]],
    }
    assert log[1]["changes"]["own_rooms"] == [None, 12]


def test_one_that_must_be_filled_in(extended, row):
    extended.hear(definition("motto", "text", ver=2, is_required=True))
    with pytest.raises(Invalid) as raised:
        extended.create(ALICE, "customer", name="别家")
    assert [(p.field, p.code) for p in raised.value.fields] == [("own_motto", "required")]
    with pytest.raises(Invalid):
        extended.ask(ALICE, "update", entity="customer", id=row["id"], values={"own_motto": ""})
    extended.ask(ALICE, "update", entity="customer", id=row["id"], values={"name": "自定义公司二"})


def test_put_away_it_is_gone_brought_back_its_values_are_too(extended, row):
    extended.hear(definition("motto", "text", ver=2, archived=True))
    kept = extended.ask(ALICE, "get", entity="customer", id=row["id"])["row"]
    assert "own_motto" not in kept
    with pytest.raises(Invalid):
        found(extended, own_motto="天道酬勤")
    extended.ask(ALICE, "update", entity="customer", id=row["id"], values={"own_rooms": 14})
    extended.hear(definition("motto", "text", ver=3))
    assert extended.ask(ALICE, "get", entity="customer", id=row["id"])["row"]["own_motto"] == "天道酬勤"


def test_a_file_fills_them(extended, customer):
    given = {
        "name": "进口公司", "own_rooms": "1,200", "own_grade": "甲", "own_brands": "联想；华为", "own_adviser": "Bob",
        "own_parent": customer["number"], "own_listed": "是", "own_founded_on": "1998年5月1日",
    }  # fmt: skip
    bad = {"name": "坏公司", "own_grade": "戊"}
    job = extended.ask(ROOT, "start_import", entity="customer", file_name="x", columns=[*given])["id"]
    extended.ask(ROOT, "stage_rows", job_id=job, first=2, rows=[given, bad])
    extended.ask(ROOT, "run_import", job_id=job)
    Importer(extended.house).run_all()
    problems = extended.ask(ROOT, "job", id=job)["problems_sample"]
    assert [(p["row"], p["field"], p["code"]) for p in problems] == [(3, "own_grade", "not_an_id")]
    (made,) = extended.ask(ROOT, "list", entity="customer", query={"where": {"name": "进口公司"}})["rows"]
    assert (made["own_rooms"], made["own_grade"], made["own_brands"]) == (1200, str(A), [str(B), str(C)])
    assert (made["own_adviser"], made["own_parent"]) == (str(BOB_ID), customer["id"])
    assert (made["own_listed"], made["own_founded_on"]) == (True, "1998-05-01")
    log = extended.ask(ROOT, "history", entity="customer", id=made["id"])["changes"]
    assert log[0]["changes"]["own_rooms"] == [None, 1200]


def test_nobody_refers_to_what_she_may_not_see(extended, customer):
    with pytest.raises(Invalid) as raised:
        extended.create(CAROL, "customer", name="别家", own_parent=customer["id"])
    assert raised.value.fields[0].code == "not_an_id"


def test_other_entities_have_none_of_it(extended):
    with pytest.raises(Invalid):
        extended.create(ALICE, "lead", name="线索", own_rooms=1)


def test_what_is_logged_and_planned_says_what_an_activity_must_say(extended, customer):
    """A required own field of activities is asked in the dialogs that make one; a next step need not say it yet (ACT-01)."""
    id = new_id()
    for_activities = {"entity_name": "customer.activity", "name": "目的", "is_required": True}
    extended.hear(
        OwnFieldListed(
            record_id=id, epoch=1, ver=1, label="purpose", data=definition("motto", "text").data | for_activities | {"code": "purpose"}
        )
    )  # fmt: skip
    about = {"kind_id": str(VISIT), "subject": "上门", "customer_id": customer["id"]}
    planned = about | {"starts_at": "2026-03-12T02:00:00+00:00"}
    for door, said in (("log_activity", about), ("plan_activity", planned)):
        with pytest.raises(Invalid) as refused:
            extended.ask(ALICE, door, **said)
        assert [(p.field, p.code) for p in refused.value.fields] == [("own_purpose", "required")]
        assert extended.ask(ALICE, door, **said, own_purpose="签约")["row"]["own_purpose"] == "签约"
    next_step = {"next_subject": "再访", "next_at": "2026-03-20T02:00:00+00:00"}
    extended.ask(ALICE, "log_activity", **about, **next_step, own_purpose="了解需求")
    (later,) = extended.rows(model.Activity, subject="再访")
    assert later.own == {}
    (first,) = extended.rows(model.Activity, subject="上门", state="planned")
    extended.ask(ALICE, "repeat_activity", id=str(first.id), times=3)
    assert {
        row.own["own_purpose"] for row in extended.rows(model.Activity, state="planned", subject="上门")
    } == {"签约"}
