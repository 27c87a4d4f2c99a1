"""A file that comes again changes what it brought before, instead of bringing it twice (users 2, DAT-04)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.importing import Importer
from contracts.errors import Forbidden, Invalid
from services.customer import model
from tests.cast import ALICE_ID, BOB_ID, person
from tests.desk import Desk
from tests.service.customer.conftest import ALICE, CAROL, READER, ROOT, meet_the_staff


def bring(office, rows, key="tax_number", actor=ROOT, chunk=500, door="run_import", duplicates="update"):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    started = {
        "entity": "customer",
        "file_name": "x",
        "columns": columns,
        "duplicates": duplicates,
        "key": key,
    }
    job = office.ask(actor, "start_import", started)["id"]
    office.ask(actor, "stage_rows", job_id=job, first=2, rows=rows)
    office.ask(actor, door, job_id=job)
    Importer(office.house, chunk).run_all()
    return office.ask(actor, "job", id=job)


def books(office):
    rows = office.ask(ROOT, "list", entity="customer", query={"limit": 500, "sort": "name"})["rows"]
    return {row["tax_number"]: (row["name"], row["phone"]) for row in rows}


def told(job):
    return [(p["row"], p["field"], p["code"]) for p in job["problems_sample"]]


def test_what_is_there_is_changed_the_rest_is_new(office, customer):
    given = [
        {"tax_number": "91110108MA01", "name": "启利集团", "phone": ""},
        {"tax_number": "91310000XX02", "name": "上海泰微", "phone": "021-55556666"},
    ]
    job = bring(office, given)
    assert (job["made"], job["bad"], job["key"]) == (2, 0, "tax_number")
    assert books(office) == {
        "91110108MA01": ("启利集团", "010-62345678"), "91310000XX02": ("上海泰微", "021-55556666"),
    }  # fmt: skip
    log = office.ask(ROOT, "history", entity="customer", id=customer["id"])["changes"][0]
    assert (log["door"], log["changes"]["name"]) == (
        "customer.run_import",
        ["北京启利科技有限公司", "启利集团"],
    )


def test_taken_back_it_reads_as_before_but_not_what_was_changed_since(office, customer):
    other = office.create(ALICE, "customer", name="别家", tax_number="X2")
    rows = [{"tax_number": "91110108MA01", "phone": "010-1"}, {"tax_number": "X2", "phone": "010-2"}]
    job = bring(office, rows)
    office.ask(ALICE, "update", entity="customer", id=other["id"], values={"short_name": "别"})
    office.ask(ROOT, "take_back", job_id=job["id"])
    Importer(office.house).run_all()
    assert books(office) == {
        "91110108MA01": ("北京启利科技有限公司", "010-62345678"),
        "X2": ("别家", "010-2"),
    }
    assert office.ask(ROOT, "job", id=job["id"])["kept"] == 1


def test_the_number_finds_what_was_exported(office, customer):
    rows = [{"number": customer["number"], "name": "启利"}, {"number": "KH-HQ-1999-00001", "name": "无此号"}]
    job = bring(office, rows, key="number")
    assert told(job) == [(3, "number", "not_an_id")]
    assert books(office)["91110108MA01"][0] == "启利"


def test_a_dry_run_changes_nothing(office, customer):
    job = bring(office, [{"tax_number": "91110108MA01", "name": "启利"}], door="check_import")
    assert (job["good"], job["bad"]) == (1, 0)
    assert books(office)["91110108MA01"][0] == "北京启利科技有限公司"


@pytest.mark.parametrize("chunk", [1, 500])
@pytest.mark.parametrize("door", ["run_import", "check_import"])
def test_rows_that_name_no_single_record(office, customer, chunk, door):
    for name in ("甲", "乙"):
        office.create(ALICE, "customer", name=name, tax_number="TWICE")
    rows = [
        {"tax_number": "TWICE", "name": "甲"}, {"tax_number": "91110108MA01", "name": "启利"},
        {"tax_number": "91110108MA01", "name": "又一个启利"}, {"tax_number": "NEW", "name": "丙"},
        {"tax_number": "NEW", "name": "丁"},
    ]  # fmt: skip
    job = bring(office, rows, chunk=chunk, door=door)
    assert told(job) == [
        (2, "tax_number", "ambiguous"), (4, "tax_number", "duplicate_row"), (6, "tax_number", "duplicate_row"),
    ]  # fmt: skip


def test_wrong_values_and_other_peoples_records_are_set_aside(office, customer):
    rows = [{"tax_number": "91110108MA01", "phone": "keine"}, {"tax_number": "NEW", "phone": "010-1"}]
    assert told(bring(office, rows)) == [(2, "phone", "not_a_phone"), (3, "name", "required")]
    reads_all = person(ALICE.id, "Alice", "customer.* own", "customer.*.read all")
    office.create(CAROL, "customer", name="别人的", tax_number="C1")
    assert told(bring(office, [{"tax_number": "C1", "name": "我的"}], actor=reads_all)) == [
        (2, "tax_number", "out_of_reach")
    ]


def test_only_fields_that_tell_records_apart_and_only_whoever_may(office):
    for key in ("region_id", "background", "nothing", None):
        with pytest.raises(Invalid):
            bring(office, [{"name": "x", "background": "y", "region_id": "z"}], key=key)
    with pytest.raises(Forbidden):
        bring(office, [{"tax_number": "1"}], actor=READER)


def test_when_and_by_whom_it_was_first_entered_is_kept(office):
    rows = [
        {"name": "老客户", "created_at": "2019-05-01 10:00", "created_by": "Bob"},
        {"name": "明天", "created_at": "2031-01-01"},
    ]
    job = bring(office, rows, key=None, duplicates="set_aside")
    assert told(job) == [(3, "created_at", "after")]
    (row,) = office.ask(ROOT, "list", entity="customer")["rows"]
    assert (row["created_at"], row["created_by"]) == ("2019-05-01T02:00:00+00:00", str(BOB_ID))
    log = office.ask(ROOT, "history", entity="customer", id=row["id"])["changes"]
    assert log[-1]["actor_id"] == str(ROOT.id) != str(ALICE_ID)


CELLS = st.fixed_dictionaries(
    {"tax_number": st.sampled_from(["A1", "A2", "A3"])},
    optional={"name": st.sampled_from(["甲", "乙"]), "phone": st.sampled_from(["010-1", "010-2", "x"])},
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.sets(st.sampled_from(["A1", "A2"])),
    rows=st.lists(CELLS, min_size=1, max_size=6),
    chunk=st.integers(1, 4),
)
def test_taken_back_it_leaves_the_books_as_they_were(databases, before, rows, chunk):
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        for number in sorted(before):
            office.create(ALICE, "customer", name=f"公司{number}", tax_number=number)
        found = books(office)
        job = bring(office, rows, chunk=chunk)
        office.ask(ROOT, "take_back", job_id=job["id"]) if job["made"] else None
        Importer(office.house, chunk).run_all()
        assert books(office) == found
    finally:
        office.close()


def test_a_line_that_changes_a_customer_tells_of_people_and_follow_ups_too(office, customer):
    """Nothing of a line is lost because its customer is in the books (users 2); told again it is not told twice."""
    line = {
        "tax_number": "91110108MA01", "phone": "010-1", "contact_name": "李雷", "follow_up_at": "2025-11-03 09:30",
        "follow_up_kind_id": "拜访", "follow_up_text": "谈了价格", "follow_up_by_id": "Eve",
    }  # fmt: skip
    job = bring(office, [line])
    assert (job["made"], job["bad"]) == (1, 0)
    assert [row.name for row in office.rows(model.Contact)] == ["李雷"]
    assert [row.subject for row in office.rows(model.Activity)] == ["谈了价格"]
    again = bring(office, [line])
    assert (again["made"], again["bad"], len(office.rows(model.Activity))) == (1, 0, 1)
    office.ask(ROOT, "take_back", job_id=job["id"])
    Importer(office.house).run_all()
    assert books(office)["91110108MA01"] == ("北京启利科技有限公司", "010-62345678")
    assert all(row.archived_at for row in (*office.rows(model.Contact), *office.rows(model.Activity)))
