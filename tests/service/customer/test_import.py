"""Leads, customers and contacts come from files: looked at first, then made, and taken back when it was a mistake."""

import pytest

from chassis.importing import Importer
from contracts.customer import (
    CustomerListed,
    FormerContractImported,
    FormerContractWithdrawn,
    LeadListed,
)
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.transfer import NotInThisPhase
from services.customer import model
from tests.cast import ALICE_ID, CAROL_ID, SALES_SH, person
from tests.service.customer.conftest import ALICE, BOB, CAROL, INTERNET, ROOT, TRADE, VISIT


@pytest.fixture
def bring(office):
    """`bring("lead", rows)`: stage them, run the job, answer it as it stands afterwards."""

    def start(entity, rows, actor=ROOT, **more):
        columns = list(dict.fromkeys(name for row in rows for name in row))
        job = office.ask(
            actor, "start_import", {"entity": entity, "file_name": "名单.xlsx", "columns": columns, **more}
        )
        office.ask(actor, "stage_rows", {"job_id": job["id"], "first": 2, "rows": rows})
        return job

    def bring(entity, rows, actor=ROOT, door="run_import", **more):
        job = start(entity, rows, actor, **more)
        return work(door, job, actor)

    def work(door, job, actor=ROOT):
        office.ask(actor, door, {"job_id": job["id"]})
        Importer(office.house).run_all()
        return office.ask(actor, "job", {"id": job["id"]})

    bring.start, bring.work = start, work
    return bring


def problems(office, job, actor=ROOT):
    """{row: {field: code}} of the rows set aside."""
    answer = office.ask(actor, "bad_rows", {"job_id": job["id"]})
    return {row["row"]: {p["field"]: p["code"] for p in row["problems"]} for row in answer["rows"]}


PROSPECTS = [
    {"name": "上海泰微信息技术有限公司", "contact_name": "王芳", "mobile": 13800138000.0, "source_id": "互联网信息"},
    {"name": "北京启利科技有限公司", "industry_id": "trade", "expected_amount": "1,234.50", "owner_id": "Alice"},
    {"name": "Acme Trading Ltd.", "source_id": "internet", "industry_id": "Trade", "next_step_on": "2026年4月1日"},
]  # fmt: skip


def test_prospects_come_in_with_all_that_a_form_would_have_given_them(office, bring):
    job = bring("lead", PROSPECTS)
    assert (job["state"], job["good"], job["bad"], job["made"], job["done"]) == ("done", 3, 0, 3, 3)
    leads = {lead.name: lead for lead in office.rows(model.Lead)}
    first, second, third = (leads[row["name"]] for row in PROSPECTS)
    assert (first.mobile, first.source_id, first.state) == ("13800138000", INTERNET, "new")
    assert (second.industry_id, str(second.expected_amount), second.owner_id) == (TRADE, "1234.50", ALICE_ID)
    assert (third.source_id, third.industry_id, str(third.next_step_on)) == (INTERNET, TRADE, "2026-04-01")
    assert first.owner_id == ROOT.id
    assert {lead.number for lead in leads.values()} == {f"XS-HQ-2026-0000{n}" for n in (1, 2, 3)}
    assert {lead.ver for lead in leads.values()} == {1}
    found = office.ask(ROOT, "list", {"entity": "lead", "query": {"text": "泰微"}})
    assert [row["name"] for row in found["rows"]] == [first.name]


def test_each_has_its_card_and_its_entry_in_the_change_log(office, bring):
    bring("lead", PROSPECTS)
    assert {card.label for card in office.emitted(LeadListed)} == {row["name"] for row in PROSPECTS}
    lead = office.rows(model.Lead, name=PROSPECTS[1]["name"])[0]
    (entry,) = office.ask(ROOT, "history", {"entity": "lead", "id": str(lead.id)})["changes"]
    assert (entry["door"], entry["actor_name"], entry["note"]) == ("customer.run_import", "Root", "名单.xlsx")
    assert entry["changes"]["expected_amount"] == [None, "1234.50"]


def test_a_dry_run_makes_nothing_and_says_what_is_wrong(office, bring):
    rows = [
        {"name": "好的公司"},
        {"name": "", "phone": "电话不详"},
        {"name": "x" * 201},
        {"name": "某公司", "industry_id": "没有这个行业", "expected_amount": "-1"},
        {"name": "=HYPERLINK(1)"},
        {"name": "日期公司", "next_step_on": "2026-02-30"},
        {"name": "钱公司", "expected_amount": "NaN"},
        {"name": "好的  公司 "},
        {"name": "分给别人", "owner_id": "Nobody"},
    ]
    job = bring("lead", rows, door="check_import")
    assert (job["state"], job["good"], job["bad"], job["made"]) == ("checked", 1, 8, 0)
    assert problems(office, job) == {
        3: {"name": "required", "phone": "not_a_phone"},
        4: {"name": "too_long"},
        5: {"industry_id": "not_an_id", "expected_amount": "too_small"},
        6: {"name": "formula"},
        7: {"next_step_on": "not_a_date"},
        8: {"expected_amount": "not_a_number"},
        9: {"name": "duplicate_row"},
        10: {"owner_id": "not_an_id"},
    }
    assert office.rows(model.Lead) == []
    assert office.emitted(LeadListed) == []
    assert job["can"] == ["check_import", "run_import", "cancel_job"]
    made = bring.work("run_import", job)
    assert (made["made"], made["bad"]) == (1, 8)
    assert [lead.name for lead in office.rows(model.Lead)] == ["好的公司"]


def test_the_numbers_begin_where_a_dry_run_found_them(office, bring):
    bring("lead", PROSPECTS, door="check_import")
    bring("lead", PROSPECTS)
    assert min(lead.number for lead in office.rows(model.Lead)) == "XS-HQ-2026-00001"


def test_what_is_in_the_books_already_is_set_aside(office, bring, customer):
    rows = [
        {"name": "北京启利科技股份公司"},
        {"name": "完全不同", "tax_number": "91110108 ma01"},
        {"name": "新公司"},
        {"name": "新 有限公司"},
    ]
    job = bring("customer", rows)
    found = office.ask(ROOT, "bad_rows", {"job_id": job["id"]})["rows"]
    assert problems(office, job) == {
        2: {"name": "duplicate"},
        3: {"tax_number": "duplicate"},
        5: {"name": "duplicate_row"},
    }
    assert found[0]["problems"][0]["params"]["value"] == f"{customer['number']} {customer['name']}"
    assert found[0]["values"] == rows[0]


def test_unless_it_is_wanted_all_the_same(office, bring, customer):
    job = bring("customer", [{"name": customer["name"]}, {"name": customer["name"]}], duplicates="take")
    assert job["made"] == 2
    assert len(office.rows(model.Customer, name=customer["name"])) == 3


OLD = [
    {
        "name": "老客户一号有限公司", "contact_name": "李雷", "contact_mobile": "13900139000", "contract_number": "HT-2019-1",
        "contract_name": "终端", "contract_amount": "100,000.00", "contract_signed_on": "2019-05-01",
        "contract_paid": "100000", "contract_closed_on": "2019-12-31", "owner_id": "Alice",
    },
    {
        "name": "老客户一号", "contact_name": "李雷", "contract_number": "HT-2021-7", "contract_amount": "50000",
        "contract_signed_on": "2021-03-01", "contract_paid": "20000",
    },
    {"name": "老客户二号"},
]  # fmt: skip


def test_former_customers_bring_people_contracts_and_closing_data(office, bring):
    """DAT-05."""
    job = bring("customer", OLD)
    assert (job["bad"], job["made"]) == (0, 3)
    customers = {c.name: c for c in office.rows(model.Customer)}
    assert set(customers) == {"老客户一号有限公司", "老客户二号"}
    first = customers["老客户一号有限公司"]
    (contact,) = office.rows(model.Contact)
    assert (contact.name, contact.customer_id, contact.owner_id) == ("李雷", first.id, ALICE_ID)
    told = {event.number: event for event in office.emitted(FormerContractImported)}
    assert set(told) == {"HT-2019-1", "HT-2021-7"}
    old, later = told["HT-2019-1"], told["HT-2021-7"]
    assert (old.customer_id, str(old.amount), str(old.paid), str(old.closed_on)) == (
        first.id, "100000.00", "100000.00", "2019-12-31",
    )  # fmt: skip
    assert (later.customer_id, str(later.paid), later.closed_on, later.owner_id) == (
        first.id, "20000.00", None, ALICE_ID,
    )  # fmt: skip
    kept = {row.contract_id for row in office.rows(model.FormerContract)}
    assert kept == {old.contract_id, later.contract_id}


def test_what_a_line_about_a_person_says_of_somebody_unnamed_is_said_of_herself(office, bring):
    """CUS-15"""
    job = bring("customer", [
        {"name": "陈静", "nature": "individual", "contact_mobile": "13911112222", "contact_birthday": "1985年12月31日"},
        {"name": "李家", "nature": "individual", "birthday": "1990-01-02", "contact_name": "王助理", "contact_mobile": "13900000000"},
        {"name": "启利公司", "birthday": "1990-01-02"},
    ])  # fmt: skip
    assert problems(office, job) == {4: {"birthday": "only_of_a_person"}}
    found = {row.name: row for row in office.rows(model.Customer)}
    assert (found["陈静"].mobile, str(found["陈静"].birthday)) == ("13911112222", "1985-12-31")
    assert (found["李家"].mobile, str(found["李家"].birthday)) == (None, "1990-01-02")
    assert [row.name for row in office.rows(model.Contact)] == ["王助理"]


def test_a_contract_is_linked_to_a_customer_we_have(office, bring, customer):
    row = {
        "name": "北京启利科技", "contract_number": "HT-1", "contract_amount": "10", "contract_signed_on": "2020-01-01"
    }  # fmt: skip
    job = bring("customer", [row])
    assert job["made"] == 1
    assert str(office.emitted(FormerContractImported)[0].customer_id) == customer["id"]
    assert len(office.rows(model.Customer)) == 1
    again = bring("customer", [row])
    assert problems(office, again) == {2: {"name": "duplicate"}}
    assert len(office.emitted(FormerContractImported)) == 1


def test_a_contract_that_cannot_have_been_is_set_aside(office, bring):
    rows = [
        {"name": "甲", "contract_number": "1"},
        {"name": "乙", "contract_amount": "10", "contract_signed_on": "2020-01-02", "contract_paid": "11"},
        {"name": "丙", "contract_amount": "10", "contract_signed_on": "2020-01-02", "contract_closed_on": "2020-01-01"},
        {"name": "丁", "contact_mobile": "13900139000"},
    ]  # fmt: skip
    job = bring("customer", rows)
    assert problems(office, job) == {
        2: {"contract_amount": "required", "contract_signed_on": "required"},
        3: {"contract_paid": "too_large"},
        4: {"contract_closed_on": "before"},
        5: {"contact_name": "required"},
    }
    assert office.rows(model.Customer) == []
    assert office.emitted(FormerContractImported) == []


def test_contacts_find_their_customer_by_name_or_number(office, bring, customer):
    rows = [
        {"customer_id": customer["name"], "name": "李雷"},
        {"customer_id": customer["number"], "name": "韩梅梅", "birthday": "1990.1.2"},
        {"customer_id": "谁也不是", "name": "林涛"},
        {"customer_id": customer["id"], "name": "李雷"},
    ]
    job = bring("contact", rows)
    assert {(c.name, c.owner_id) for c in office.rows(model.Contact)} == {
        ("李雷", ALICE_ID),
        ("韩梅梅", ALICE_ID),
    }
    assert problems(office, job) == {4: {"customer_id": "not_an_id"}, 5: {"name": "duplicate_row"}}


def test_activities_come_in_too(office, bring, customer):
    rows = [
        {
            "kind_id": "拜访", "subject": "旧拜访", "customer_id": customer["name"], "starts_at": "2026-01-05T09:00:00+08:00",
            "done_at": "2026-01-05T11:00:00+08:00",
        },
        {"kind_id": "Phone call", "subject": "回访", "customer_id": customer["name"], "starts_at": "2026-04-01 09:00"},
    ]  # fmt: skip
    job = bring("activity", rows)
    assert job["made"] == 2
    assert {a.subject: a.state for a in office.rows(model.Activity)} == {"旧拜访": "done", "回访": "planned"}


def test_a_name_that_two_records_have_is_not_guessed(office, bring):
    for _ in range(2):
        office.create(ALICE, "customer", name="同名公司")
    job = bring("contact", [{"customer_id": "同名公司", "name": "李雷"}])
    assert problems(office, job) == {2: {"customer_id": "ambiguous"}}


def test_a_rep_imports_for_herself_only(office, bring):
    job = bring(
        "lead", [{"name": "我的"}, {"name": "别人的", "owner_id": "Carol"}], actor=ALICE
    )  # fmt: skip
    assert problems(office, job, ALICE) == {3: {"owner_id": "out_of_reach"}}
    assert [lead.owner_id for lead in office.rows(model.Lead)] == [ALICE_ID]


def test_a_manager_gives_to_his_people(office, bring):
    job = bring("lead", [{"name": "一", "owner_id": "Alice"}, {"name": "二", "owner_id": "Carol"}], actor=BOB)
    assert problems(office, job, BOB) == {3: {"owner_id": "out_of_reach"}}


def test_department_and_branch_come_with_the_owner(office, bring):
    bring("lead", [{"name": "一", "owner_id": "Carol"}])
    (lead,) = office.rows(model.Lead)
    assert (lead.owner_id, lead.department_id, lead.branch_id) == (CAROL_ID, SALES_SH, CAROL.branch_id)


def test_nobody_else_looks_into_a_job(office, bring):
    job = bring("lead", PROSPECTS, actor=ALICE)
    with pytest.raises(NotFound):
        office.ask(CAROL, "job", {"id": job["id"]})
    with pytest.raises(NotFound):
        office.ask(CAROL, "bad_rows", {"job_id": job["id"]})
    assert [j["id"] for j in office.ask(ROOT, "jobs", {"entity": "lead"})["jobs"]] == [job["id"]]
    assert office.ask(CAROL, "jobs", {})["jobs"] == []


def test_it_needs_the_right(office):
    nobody = person(ALICE_ID, "Alice", "customer.lead.read own", "customer.lead.create own")
    with pytest.raises(Forbidden):
        office.ask(nobody, "start_import", {"entity": "lead", "file_name": "x", "columns": ["name"]})


def test_unknown_columns_are_refused_and_read_only_ones_let_pass(office, bring):
    with pytest.raises(Invalid):
        bring.start("lead", [{"name": "甲", "shoe_size": 43}])
    with pytest.raises(Invalid):
        bring.start("lead", [{"number": "XS-1"}])
    job = bring("lead", [{"number": "XS-OLD-1", "name": "甲", "state": "converted"}])
    assert job["columns"] == ["name"]
    (lead,) = office.rows(model.Lead)
    assert (lead.number, lead.state) == ("XS-HQ-2026-00001", "new")


def test_a_batch_that_comes_twice_is_staged_once(office, bring):
    job = bring.start("lead", PROSPECTS)
    again = office.ask(ROOT, "stage_rows", {"job_id": job["id"], "first": 2, "rows": PROSPECTS})
    assert again["total"] == 3
    assert bring.work("run_import", job)["made"] == 3


def test_running_it_again_makes_nothing_twice(office, bring):
    job = bring("lead", PROSPECTS)
    with pytest.raises(NotInThisPhase):
        office.ask(ROOT, "run_import", {"job_id": job["id"]})
    again = bring("lead", PROSPECTS)
    assert (again["made"], again["bad"]) == (0, 3)


def test_cancelling_keeps_what_was_made_and_going_on_makes_the_rest(office, bring):
    rows = [{"name": f"公司{n}"} for n in range(25)]
    job = bring.start("lead", rows)
    office.ask(ROOT, "run_import", {"job_id": job["id"]})
    importer = Importer(office.house, chunk=10)
    importer.run_due()
    stopped = office.ask(ROOT, "cancel_job", {"job_id": job["id"]})
    assert (stopped["state"], stopped["made"]) == ("cancelled", 10)
    importer.run_all()
    assert len(office.rows(model.Lead)) == 10
    done = bring.work("run_import", job)
    assert (done["made"], done["total"], done["done"]) == (25, 25, 25)
    assert len({lead.name for lead in office.rows(model.Lead)}) == 25


def test_taking_it_back_puts_away_all_it_made(office, bring):
    job = bring("customer", OLD)
    back = bring.work("take_back", job)
    assert (back["state"], back["made"], back["kept"]) == ("taken_back", 0, 0)
    for cls in (model.Customer, model.Contact, model.FormerContract):
        assert all(row.archived_at is not None for row in office.rows(cls))
    told = {event.contract_id for event in office.emitted(FormerContractImported)}
    assert {event.contract_id for event in office.emitted(FormerContractWithdrawn)} == told
    assert [card.archived for card in office.emitted(CustomerListed)] == [False, False, True, True]
    again = bring("customer", OLD)
    assert (again["made"], again["bad"]) == (3, 0)


def test_what_was_changed_or_used_since_stays(office, bring):
    job = bring("customer", [{"name": "改过的"}, {"name": "用过的"}, {"name": "没动过"}])
    by_name = {c.name: str(c.id) for c in office.rows(model.Customer)}
    office.ask(
        ROOT, "update", {"entity": "customer", "id": by_name["改过的"], "values": {"phone": "010-62345678"}}
    )  # fmt: skip
    office.ask(ROOT, "log_activity", kind_id=str(VISIT), subject="拜访", customer_id=by_name["用过的"])
    back = bring.work("take_back", job)
    assert (back["made"], back["kept"]) == (2, 2)
    archived = {c.name for c in office.rows(model.Customer) if c.archived_at}
    assert archived == {"没动过"}


def test_a_linked_customer_is_not_put_away(office, bring, customer):
    row = {
        "name": customer["name"], "contact_name": "新人", "contract_amount": "10", "contract_signed_on": "2020-01-01"
    }  # fmt: skip
    bring.work("take_back", bring("customer", [row]))
    assert office.rows(model.Customer)[0].archived_at is None
    assert office.rows(model.Contact)[0].archived_at is not None
    assert len(office.emitted(FormerContractWithdrawn)) == 1


def test_the_service_works_for_whoever_asked_with_the_rights_she_had(office, bring):
    """The job runs in the background, when nobody with a token is there."""
    bring("lead", [{"name": "甲"}], actor=ALICE)
    (lead,) = office.rows(model.Lead)
    assert (lead.owner_id, lead.created_by, lead.department_id) == (ALICE_ID, ALICE_ID, ALICE.department_id)
