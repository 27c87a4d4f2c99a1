"""A file of leads or customers brings what was done there and what comes next, by whom and when (users 2)."""

from contracts.customer import ActivityDone
from services.customer import model
from tests.cast import ALICE_ID, CAROL_ID, EVE_ID
from tests.service.customer.conftest import ALICE, CALL, VISIT
from tests.service.customer.test_import import bring, problems  # noqa: F401

FIRM = "上海泰微信息技术有限公司"
TALK = {
    "follow_up_at": "2025-11-03 09:30",
    "follow_up_kind_id": "拜访",
    "follow_up_text": "谈了价格",
    "follow_up_by_id": "Eve",
}
STEP = {"next_step": "寄报价", "next_step_at": "2026-04-01 10:00"}
FILE = [
    {"name": FIRM, "owner_id": "Alice", **TALK},
    {"name": FIRM, "follow_up_at": "2025-12-01 14:00", "follow_up_kind_id": "Phone call", "follow_up_text": "要样品\n两件", **STEP},
    {"name": "上海泰微信息技术", **TALK},
]  # fmt: skip


def trail(office, **where):
    rows = office.rows(model.Activity, **where)
    return sorted(rows, key=lambda row: row.starts_at)


def test_several_lines_of_one_customer_are_several_follow_ups(office, bring):  # noqa: F811
    job = bring("customer", FILE)
    (customer,) = [row for row in office.rows(model.Customer) if row.name == FIRM]
    visit, call, step = trail(office, customer_id=customer.id)
    assert (visit.kind_id, visit.subject, visit.state, visit.owner_id) == (VISIT, "谈了价格", "done", EVE_ID)
    assert (call.kind_id, call.subject, call.text) == (CALL, "要样品", "要样品\n两件")
    assert visit.done_at == visit.created_at == visit.starts_at
    assert (visit.created_by, str(visit.done_at)) == (EVE_ID, "2025-11-03 01:30:00+00:00")
    assert (call.owner_id, step.owner_id, step.state) == (ALICE_ID, ALICE_ID, "planned")
    assert (job["made"], problems(office, job)) == (2, {4: {"name": "duplicate"}})


def test_the_figures_of_the_customer_and_the_facts_of_others_follow(office, bring):  # noqa: F811
    bring("customer", FILE)
    (customer,) = office.rows(model.Customer)
    assert (customer.open_activities, str(customer.last_activity_at.date())) == (1, "2025-12-01")
    assert {(event.owner_id, event.subject) for event in office.emitted(ActivityDone)} == {
        (EVE_ID, "谈了价格"),
        (ALICE_ID, "要样品"),
    }


def test_whoever_looks_after_the_customer_sees_what_a_former_colleague_did(office, bring):  # noqa: F811
    bring("customer", FILE)
    seen = office.ask(ALICE, "list", {"entity": "activity"})["rows"]
    assert {row["subject"] for row in seen} == {"谈了价格", "要样品", "寄报价"}


def test_a_lead_comes_with_its_follow_ups_and_is_in_hand(office, bring):  # noqa: F811
    job = bring("lead", FILE)
    (lead,) = office.rows(model.Lead)
    assert (lead.state, str(lead.next_step_on), lead.ver) == ("following", "2026-04-01", 1)
    assert [row.subject for row in trail(office, lead_id=lead.id)] == ["谈了价格", "要样品", "寄报价"]
    bring.work("take_back", job)
    assert all(row.archived_at for row in (*office.rows(model.Lead), *office.rows(model.Activity)))


def test_what_a_former_colleague_was_to_do_next_is_for_whoever_looks_after_the_company(office, bring):  # noqa: F811
    bring("customer", [{"name": FIRM, "owner_id": "Carol", **TALK, **STEP}])
    assert [(row.state, row.owner_id) for row in trail(office)] == [("done", EVE_ID), ("planned", CAROL_ID)]


def test_what_cannot_have_been_is_set_aside_and_named(office, bring):  # noqa: F811
    rows = [
        {"name": "甲", "follow_up_text": "谈了"},
        {"name": "乙", "follow_up_at": "2031-01-01", "follow_up_text": "谈了"},
        {"name": "丙", "follow_up_at": "2025-01-01"},
        {"name": "丁", "next_step": "再去"},
        {"name": "戊", **TALK, "follow_up_by_id": "Nobody", "follow_up_kind_id": "算命"},
        {"name": "己", **TALK, "follow_up_text": "=1+1"},
    ]
    job = bring("lead", rows, door="check_import")
    assert problems(office, job) == {
        2: {"follow_up_at": "required"},
        3: {"follow_up_at": "after"},
        4: {"follow_up_text": "required"},
        5: {"next_step_at": "required"},
        6: {"follow_up_by_id": "not_an_id", "follow_up_kind_id": "not_an_id"},
        7: {"follow_up_text": "formula"},
    }


def test_nobody_writes_into_a_colleagues_trail_who_may_not(office, bring):  # noqa: F811
    job = bring("lead", [{"name": "甲", **TALK, "follow_up_by_id": "Carol"}], actor=ALICE)
    assert problems(office, job, ALICE) == {2: {"": "Forbidden"}}
    assert office.rows(model.Activity) == []


def test_it_goes_to_a_lead_we_have(office, bring, lead):  # noqa: F811
    job = bring("lead", [{"name": lead["name"], **TALK}])
    assert (job["made"], len(office.rows(model.Lead))) == (1, 1)
    bring.work("take_back", job)
    assert office.rows(model.Lead)[0].archived_at is None
    assert office.rows(model.Activity)[0].archived_at is not None


def test_somebody_there_comes_with_all_that_is_known_of_her(office, bring):  # noqa: F811
    row = {
        "name": FIRM, "contact_name": "王芳", "contact_email": "wang@example.com", "contact_phone": "021-5555 0100",
        "contact_birthday": "1990-05-01", "contact_note": "喜欢茶",
    }  # fmt: skip
    assert bring("customer", [row, {"name": FIRM, "contact_name": "李强"}])["made"] == 2
    wang, li = sorted(office.rows(model.Contact), key=lambda contact: contact.name, reverse=True)
    assert (wang.name, wang.email, wang.phone, str(wang.birthday), wang.note) == (
        "王芳", "wang@example.com", "021-5555 0100", "1990-05-01", "喜欢茶",
    )  # fmt: skip
    assert li.name == "李强"
