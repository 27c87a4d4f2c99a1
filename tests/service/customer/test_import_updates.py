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


def bring(
    office, rows, key="tax_number", actor=ROOT, chunk=500, door="run_import", duplicates="update", entity="customer"
):  # fmt: skip
    columns = list(dict.fromkeys(name for row in rows for name in row))
    started = {
        "entity": entity,
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


def places(job):
    return [(p["row"], p["field"]) for p in job["problems_sample"]]


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


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


OTHERWISE = {
    "email": (str.upper, str.title, str.swapcase),
    "phone": (_wide, lambda n: f"+86 {n.lstrip('0')}", lambda n: n.replace("-", ""), lambda n: " ".join(n)),
    "mobile": (_wide, lambda n: f"+86-{n}", lambda n: f"{n[:3]} {n[3:7]} {n[7:]}", lambda n: f"0086{n}"),
    "name": (
        _wide, lambda n: n.replace("(", "（").replace(")", "）"), lambda n: n.removesuffix("有限公司"),
        lambda n: n.replace("有限公司", "股份有限公司"), str.lower,
    ),
    "tax_number": (_wide, str.lower, lambda n: f"{n[:4]} {n[4:]}"),
}  # fmt: skip
"""Field → how else people write what it says."""
KEPT = {
    "name": ["Acme(上海)有限公司", "泰微信息有限公司", "启利(Beijing)有限公司"],
    "email": ["Ann@Example.com", "bob.LI@qili.example", "c@d.example"],
    "phone": ["010-62345678", "021-55556666", "0571-8888999"],
    "mobile": ["13800138000", "13900139000", "15800001111"],
    "tax_number": ["91110108MA01", "91310000XX02", "X3Y4Z5"],
}
WHICH = {
    "customer": tuple(KEPT),
    "lead": ("name", "email", "phone", "mobile"),
    "contact": ("email", "phone", "mobile"),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_that_comes_again_finds_its_own_rows_however_they_are_written(databases, data):
    """Users 2: by any field that is the key; nothing is brought twice, nothing of another row is changed."""
    entity = data.draw(st.sampled_from(list(WHICH)))
    key = data.draw(st.sampled_from(WHICH[entity]))
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        at = office.create(ROOT, "customer", name="某公司")
        rows = [{name: KEPT[name][n] for name in {*WHICH[entity], "name"}} for n in range(3)]
        if entity == "contact":
            rows = [{**row, "customer_id": at["number"]} for row in rows]
        first = bring(office, rows, key=key, entity=entity)
        assert (first["made"], first["bad"]) == (3, 0)
        before = _found(office, entity, key)
        again = [
            {key: data.draw(st.sampled_from(OTHERWISE[key]))(row[key]), **({"name": row["name"]} if key != "name" else {})}
            for row in rows
        ]  # fmt: skip
        job = bring(office, again, key=key, entity=entity, chunk=data.draw(st.integers(1, 3)))
        assert (told(job), job["made"], [*_found(office, entity, key)]) == ([], 3, [*before])
    finally:
        office.close()


def _found(office, entity, key):
    rows = office.ask(ROOT, "list", entity=entity, query={"limit": 500, "sort": "created_at"})["rows"]
    return {row["id"]: row[key] for row in rows if row["name"] != "某公司"}


def test_of_two_that_read_the_same_the_one_that_is_written_so_is_meant(office):
    for name, phone in (("启利", "010-62345678转801"), ("启利有限公司", "010-62345678转802")):
        office.create(ROOT, "customer", name=name, phone=phone)
    job = bring(
        office,
        [{"name": "启利有限公司", "phone": "010-1"}, {"name": "启利公司", "phone": "010-2"}],
        key="name",
    )
    assert told(job) == [(3, "name", "ambiguous")]
    assert sorted(row.phone for row in office.rows(model.Customer)) == ["010-1", "010-62345678转801"]
    job = bring(office, [{"phone": "(010) 62345678转801", "name": "改名"}], key="phone")
    assert (job["made"], sorted(row.name for row in office.rows(model.Customer))) == (
        1,
        ["启利有限公司", "改名"],
    )


def test_a_record_is_found_by_its_id(office, customer):
    """Users 2: contacts have no number; an exported list that has the id finds each again."""
    her = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳")
    rows = [
        {"id": her["id"].upper(), "name": "王方"}, {"id": str(ALICE_ID), "name": "x"}, {"id": "王芳", "name": "x"},
        {"id": f" {her['id']}", "name": "x"},
    ]  # fmt: skip
    rows = [{**row, "customer_id": customer["name"]} for row in rows]
    job = bring(office, rows, key="id", entity="contact")
    assert told(job) == [(3, "id", "not_an_id"), (4, "id", "not_an_id"), (5, "id", "duplicate_row")]
    assert [row.name for row in office.rows(model.Contact)] == ["王方"]


@pytest.mark.parametrize("door", ["run_import", "check_import"])
@pytest.mark.parametrize("chunk", [1, 500])
def test_what_is_reached_as_something_we_have_is_set_aside(office, customer, chunk, door):
    """Users 1 and 2: by phone and mail as by name, in the file and in the books; a lead also where it is a customer already."""
    her = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳", mobile="13800138000")
    office.create(CAROL, "customer", name="别家", email="info@other.example")
    rows = [
        {"name": "另名", "phone": "(010) 6234 5678"}, {"name": "甲", "email": "INFO@other.example"},
        {"name": "乙", "mobile": "15800001111"}, {"name": "丙", "phone": "+86 158 0000 1111"},
        {"name": "丁", "phone": "010-62340000"}, {"name": "北京启利科技公司"}, {"name": "戊", "mobile": "+8613800138000"},
    ]  # fmt: skip
    more = {"key": None, "duplicates": "set_aside", "chunk": chunk, "door": door}
    as_customers = [(2, "phone"), (3, "email"), (5, "phone"), (7, "name")]
    job = bring(office, rows, entity="lead", **more)
    assert places(job) == [*as_customers, (8, "mobile")]
    assert job["problems_sample"][-1]["params"] == {"value": her["name"]}
    office.ask(ROOT, "cancel_job" if door == "check_import" else "take_back", job_id=job["id"])
    Importer(office.house).run_all()
    assert places(bring(office, rows, **more)) == as_customers
    people = [
        {"name": "李", "mobile": "13800138000", "customer_id": customer["name"]},
        {"name": "赵", "phone": "010-62345678", "customer_id": customer["name"]},
        {"name": "钱", "phone": "010-62345678", "customer_id": customer["name"]},
        {"name": "孙", "email": "sun@qili.example", "customer_id": customer["name"]},
        {"name": "周", "email": "Sun@qili.example", "customer_id": customer["name"]},
    ]
    job = bring(office, people, entity="contact", **more)
    assert places(job) == [(2, "mobile"), (6, "email")]  # a desk's number is shared
    assert bring(office, rows, **{**more, "duplicates": "take"})["bad"] == 0


@pytest.mark.parametrize("door", ["run_import", "check_import"])
@pytest.mark.parametrize("chunk", [1, 500])
def test_a_line_about_a_company_above_is_no_other_for_its_number(office, chunk, door):
    """The same company with one more person is the same; another company with its number may be the same."""
    rows = [
        {"name": "泰微", "phone": "010-62345678", "contact_name": "王芳"},
        {"name": "泰微公司", "phone": "010-62345678", "contact_name": "李雷"},
        {"name": "启利", "phone": "01062345678", "contact_name": "韩梅"},
    ]
    job = bring(office, rows, key=None, duplicates="set_aside", chunk=chunk, door=door)
    assert told(job) == [
        (4, "phone", "duplicate_row" if chunk == 500 or door == "check_import" else "duplicate")
    ]
