"""A peer's file goes in without hand edits: names we do not know are answered once, not set aside row by row. Users 2, LED-05,
DAT-05, DAT-09."""

from uuid import UUID

import pytest

from chassis.forgetting import Forgetter
from chassis.importing import Importer
from contracts.customer import ContactListed, CustomerListed
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import ChoiceListed, StaffListed
from services.customer import model
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, person
from tests.service.customer.conftest import ALICE, CAROL, INTERNET, ROOT, TRADE, _card

MAY_MAKE = person(ALICE_ID, "Alice", "customer.* own", "organization.choice.create all", manager_id=BOB_ID)
TITLES = ("Company", "Lead Source", "Industry", "Account Owner", "Fax")
PLACES = ("name", "source_id", "industry_id", "owner_id", "")
LEADS = [
    {"name": "Acme", "source_id": "Web", "industry_id": "Technology", "owner_id": "J. Doe", "#4": "010-9"},
    {"name": "Bolt", "source_id": "Web", "industry_id": "Trade", "owner_id": "alice"},
    {"name": "Coil", "source_id": "Internet", "industry_id": "technology", "owner_id": "J. Doe"},
]


@pytest.fixture
def bring(office):
    """`bring("lead", rows, values={…})`: stage them, work the door, answer the job."""

    def bring(entity, rows, actor=ROOT, door="check_import", chunk=500, **more):
        columns = list(dict.fromkeys(name for row in rows for name in row if not name.startswith("#")))
        job = office.ask(
            actor, "start_import", {"entity": entity, "file_name": "leads.csv", "columns": columns, **more}
        )
        office.ask(actor, "stage_rows", {"job_id": job["id"], "first": 2, "rows": rows})
        return work(job, door, actor, chunk)

    def work(job, door="run_import", actor=ROOT, chunk=500, **more):
        office.ask(actor, door, {"job_id": job["id"], **more})
        Importer(office.house, chunk).run_all()
        return office.ask(actor, "job", {"id": job["id"]})

    bring.work = work
    return bring


def unknown(job):
    return {(one["field"], one["text"]): (one["rows"], one["answer"]) for one in job["unknown"]}


def problems(office, job, actor=ROOT):
    answer = office.ask(actor, "bad_rows", {"job_id": job["id"]})
    return {row["row"]: {p["field"]: p["code"] for p in row["problems"]} for row in answer["rows"]}


def test_what_is_not_known_is_told_with_its_rows_and_answered_once(office, bring):
    job = bring("lead", LEADS)
    assert (job["good"], job["bad"]) == (0, 3)
    assert unknown(job) == {
        ("source_id", "Web"): (2, "set_aside"), ("industry_id", "Technology"): (1, "set_aside"),
        ("industry_id", "technology"): (1, "set_aside"), ("owner_id", "J. Doe"): (2, "set_aside"),
    }  # fmt: skip
    answers = {
        "source_id": {"web": str(INTERNET)}, "industry_id": {"*": "empty"}, "owner_id": {"*": "me"},
    }  # fmt: skip
    looked = bring.work(job, "check_import", values=answers)
    assert (looked["good"], looked["bad"]) == (3, 0)
    assert unknown(looked)["source_id", "Web"] == (2, str(INTERNET))
    assert unknown(looked)["industry_id", "Technology"] == (1, "empty")
    done = bring.work(job)
    assert done["made"] == 3
    assert unknown(done) == unknown(looked)  # the result says what became of them
    leads = {lead.name: lead for lead in office.rows(model.Lead)}
    assert {lead.source_id for lead in leads.values()} == {INTERNET}
    assert [leads[name].industry_id for name in ("Acme", "Bolt", "Coil")] == [None, TRADE, None]
    assert [leads[name].owner_id for name in ("Acme", "Bolt", "Coil")] == [ROOT.id, ALICE_ID, ROOT.id]


def test_an_entry_that_is_to_be_made_is_there_before_the_run(office, bring):
    job = bring("lead", LEADS, values={"industry_id": {"*": "make"}, "source_id": {"*": "empty"}, "owner_id": {"*": "me"}},
        actor=MAY_MAKE)  # fmt: skip
    assert (job["good"], job["bad"]) == (3, 0)
    new = "0190a000-0000-7000-8000-000000000001"
    office.hear(_card(ChoiceListed, new, "Technology", None, list="industry", code="technology"))
    assert bring.work(job, actor=MAY_MAKE)["made"] == 3
    assert sorted(str(lead.industry_id) for lead in office.rows(model.Lead)) == sorted([new, str(TRADE), new])


def test_a_required_entry_that_nobody_made_sets_its_rows_aside(office, bring, customer):
    rows = [
        {
            "kind_id": "Webinar",
            "subject": "旧事",
            "customer_id": customer["number"],
            "starts_at": "2026-01-05 09:00",
        }
    ]
    job = bring("activity", rows, actor=MAY_MAKE, values={"kind_id": {"*": "make"}})
    assert job["good"] == 1
    bring.work(job, actor=MAY_MAKE)
    assert problems(office, job, MAY_MAKE) == {2: {"kind_id": "not_an_id"}}


def test_people_are_known_by_login_and_mail_address_too(office, bring):
    carol = _card(
        StaffListed, CAROL_ID, "Carol", login="carol.w", email="Carol@example.com", state="active",
        department_id=str(CAROL.department_id), branch_id=str(CAROL.branch_id),
    )  # fmt: skip
    office.hear(carol.model_copy(update={"ver": 2}))
    rows = [{"name": "一", "owner_id": "carol.w"}, {"name": "二", "owner_id": "carol@EXAMPLE.com"}]
    job = bring("lead", rows, door="run_import")
    assert (job["made"], {lead.owner_id for lead in office.rows(model.Lead)}) == (2, {CAROL_ID})


def test_a_name_of_two_is_never_guessed_but_can_be_answered(office, bring):
    ids = [office.create(ALICE, "customer", name="同名公司")["id"] for _ in range(2)]
    rows = [{"customer_id": "同名公司", "name": "李雷"}]
    job = bring("contact", rows, values={"customer_id": {"*": "make"}})
    assert unknown(job) == {("customer_id", "同名公司"): (1, "set_aside")}
    assert problems(office, job) == {2: {"customer_id": "ambiguous"}}
    looked = bring.work(job, "check_import", values={"customer_id": {"同名公司": ids[0]}})
    assert bring.work(looked)["made"] == 1
    assert [str(c.customer_id) for c in office.rows(model.Contact)] == [ids[0]]


def test_a_choice_that_is_none_is_answered_like_a_reference(office, bring):
    rows = [
        {"name": "甲", "kind": "Customer - Direct"},
        {"name": "乙", "kind": "Channel"},
        {"name": "丙", "kind": "partner"},
    ]
    job = bring("customer", rows)
    assert unknown(job) == {
        ("kind", "Customer - Direct"): (1, "set_aside"),
        ("kind", "Channel"): (1, "set_aside"),
    }
    done = bring.work(job, values={"kind": {"channel": "partner", "*": "empty"}}, door="check_import")
    assert bring.work(done)["made"] == 3
    assert {c.name: c.kind for c in office.rows(model.Customer)} == {
        "甲": "end_customer",
        "乙": "partner",
        "丙": "partner",
    }


@pytest.mark.parametrize(
    "values",
    [{"nothing": {"*": "empty"}}, {"name": {"*": "empty"}}, {"industry_id": {"x": "no id"}}, {"industry_id": {"*": "me"}},
     {"owner_id": {"*": "make"}}, {"kind": {"*": "make"}}, {"kind": {"x": "no such kind"}}],
)  # fmt: skip
def test_an_answer_that_means_nothing_is_refused(office, bring, values):
    with pytest.raises(Invalid) as caught:
        bring("customer", [{"name": "甲"}], values=values)
    assert [f.field for f in caught.value.fields] == [f"values.{next(iter(values))}"]


def test_only_whoever_may_make_entries_lets_them_be_made(office, bring):
    with pytest.raises(Forbidden):
        bring("lead", LEADS, actor=ALICE, values={"industry_id": {"*": "make"}})
    reader = person(ALICE_ID, "Alice", "customer.contact.* own", "customer.customer.read own")
    with pytest.raises(Forbidden):
        bring(
            "contact",
            [{"name": "x", "customer_id": "y"}],
            actor=reader,
            values={"customer_id": {"*": "make"}},
        )


PEOPLE = [
    {"name": "Ann Smith", "customer_id": "Acme Inc.", "email": "ann@acme.example"},
    {"name": "Bob Ray", "customer_id": "ACME, Inc"},
    {"name": "韩梅梅", "customer_id": "北京启利科技"},
    {"name": "李雷", "mobile": "13800138000", "phone": "010-62340001"},
    {"name": "", "customer_id": "Nobody Ltd."},
    {"name": "Ann Smith", "customer_id": "acme inc."},
]
COMPANIES = {"customer_id": {"*": "make", "": "make"}}


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_people_bring_their_companies_and_those_without_one_are_customers_themselves(
    office, bring, customer, chunk
):
    job = bring("contact", PEOPLE, actor=ALICE, values=COMPANIES, chunk=chunk)
    assert (job["good"], job["bad"], office.emitted(ContactListed)) == (4, 2, [])
    assert len(office.rows(model.Customer)) == 1
    done = bring.work(job, actor=ALICE, chunk=chunk)
    assert (done["made"], done["bad"], done["added"]) == (4, 2, 2)
    assert problems(office, done, ALICE) == {
        6: {"name": "required"},
        7: {"name": "duplicate_row" if chunk == 500 else "duplicate"},
    }
    customers = {c.name: c for c in office.rows(model.Customer)}
    assert set(customers) == {"北京启利科技有限公司", "Acme Inc.", "李雷"}
    acme, single = customers["Acme Inc."], customers["李雷"]
    assert (acme.nature, acme.owner_id) == ("company", ALICE_ID)
    assert (single.nature, single.mobile, single.phone) == ("individual", "13800138000", "010-62340001")
    assert acme.number
    assert acme.name_key
    whose = {c.name: c.customer_id for c in office.rows(model.Contact)}
    assert whose == {
        "Ann Smith": acme.id,
        "Bob Ray": acme.id,
        "韩梅梅": UUID(customer["id"]),
        "李雷": single.id,
    }
    assert {card.label for card in office.emitted(CustomerListed)} == set(customers)
    back = bring.work(job, "take_back", ALICE)
    assert (back["made"], back["kept"]) == (0, 0)
    assert [c.name for c in office.rows(model.Customer) if c.archived_at is None] == [customer["name"]]


def test_a_company_of_somebody_else_is_not_made_a_second_time(office, bring):
    office.create(CAROL, "customer", name="上海机床有限公司")
    job = bring(
        "contact",
        [{"name": "王工", "customer_id": "上海机床"}],
        actor=ALICE,
        door="run_import",
        values=COMPANIES,
    )
    assert problems(office, job, ALICE) == {2: {"customer_id": "duplicate"}}
    assert len(office.rows(model.Customer)) == 1


def test_a_company_goes_with_the_first_good_row_and_stays_while_somebody_works_with_it(office, bring):
    rows = [{"name": "甲", "customer_id": "新公司", "email": "no"}, {"name": "乙", "customer_id": "新公司"}]
    job = bring("contact", rows, door="run_import", values=COMPANIES)
    (company,) = office.rows(model.Customer)
    assert (job["made"], job["added"]) == (1, 1)
    office.create(ROOT, "contact", name="丙", customer_id=str(company.id))
    back = bring.work(job, "take_back")
    assert (back["made"], back["kept"]) == (1, 1)
    assert office.rows(model.Customer)[0].archived_at is None


def test_every_column_of_the_file_comes_back_with_a_bad_row(office, bring):
    job = bring("lead", LEADS, titles=TITLES, places=PLACES)
    rows = office.ask(ROOT, "bad_rows", {"job_id": job["id"]})["rows"]
    assert rows[0]["values"] == LEADS[0]
    assert (job["titles"], job["places"]) == (list(TITLES), list(PLACES))


def test_two_sources_in_turn_are_both_remembered_for_her_wherever_she_sits(office, bring):
    def known(titles, actor=ALICE):
        return office.ask(actor, "source", {"entity": "lead", "titles": titles})

    assert known(TITLES) is None
    bring("lead", LEADS, actor=ALICE, titles=TITLES, places=PLACES, source="Salesforce")
    bring("lead", [{"name": "x"}], actor=ALICE, titles=["公司"], places=["name"], duplicates="take")
    job = bring("lead", LEADS, actor=ALICE, titles=TITLES[::-1], places=PLACES[::-1])
    bring.work(
        job, "check_import", ALICE, values={"source_id": {"Web": str(INTERNET)}, "owner_id": {"*": "me"}}
    )
    found = known(TITLES)
    assert (found["name"], found["fields"]["Lead Source"], found["is_mine"]) == (
        "Salesforce",
        "source_id",
        True,
    )
    assert found["values"] == {"source_id": {"web": str(INTERNET)}, "owner_id": {"*": "me"}}
    assert known(["公司"])["duplicates"] == "take"
    assert known((*TITLES, "One more"))["name"] == "Salesforce"
    assert known(["Something", "else"]) is None
    colleague = known(TITLES, CAROL)
    assert (colleague["is_mine"], colleague["values"], colleague["fields"]) == (False, {}, found["fields"])
    mine = office.ask(ALICE, "sources", {"entity": "customer.lead"})["sources"]
    assert [source["name"] for source in mine] == ["Salesforce", "leads"]
    with pytest.raises(NotFound):
        office.ask(CAROL, "forget_source", {"id": found["id"]})
    office.ask(ALICE, "forget_source", {"id": found["id"]})
    assert known(TITLES) is None


def test_a_file_that_never_came_whole_is_told_and_can_only_go_on_or_be_dropped(office):
    job = office.ask(
        ROOT, "start_import", {"entity": "lead", "file_name": "x.csv", "columns": ["name"], "expected": 9}
    )
    office.ask(ROOT, "stage_rows", {"job_id": job["id"], "first": 2, "rows": [{"name": "甲"}]})
    assert not office.ask(ROOT, "job", {"id": job["id"]})["is_stalled"]
    office.later(minutes=2)
    stalled = office.ask(ROOT, "job", {"id": job["id"]})
    assert (stalled["is_stalled"], stalled["total"], stalled["expected"]) == (True, 1, 9)
    dropped = office.ask(ROOT, "cancel_job", {"job_id": job["id"]})
    assert (dropped["state"], dropped["can"]) == ("cancelled", [])


def test_a_file_that_never_came_whole_is_forgotten_after_a_day(office, bring):
    left = office.ask(ROOT, "start_import", {"entity": "lead", "file_name": "x.csv", "columns": ["name"]})
    whole = bring("lead", [{"name": "甲"}])
    office.later(days=2)
    Forgetter(office.house).run_due()
    assert office.ask(ROOT, "job", {"id": whole["id"]})["total"] == 1
    with pytest.raises(NotFound):
        office.ask(ROOT, "job", {"id": left["id"]})
