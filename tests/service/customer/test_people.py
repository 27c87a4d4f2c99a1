"""The people at customers: their part in buying (CON-02, CON-05), links (CON-03), former jobs (CON-04), wishes (CUS-21, NTF-03)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.customer import WishChanged
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import ChoiceListed, choice_id
from contracts.sales import OpportunityListed
from services.customer import model
from tests.cast import id_of, person
from tests.service.customer.conftest import ALICE, BOB, CAROL, ROOT, VISIT

SELLER = person(ALICE.id, "Alice", "customer.* own", "sales.opportunity.read own", manager_id=BOB.id)
DECIDER, USER = choice_id("buying_role", "decider"), choice_id("buying_role", "user")
PROJECT, OTHER_PROJECT = id_of(821), id_of(822)


@pytest.fixture
def firm(office):
    """A customer of Alice's, two chances to sell there, and the buying roles."""
    for id, name in ((DECIDER, "决定者"), (USER, "使用者")):
        office.hear(ChoiceListed(record_id=id, epoch=1, ver=1, label=name, data={"list": "buying_role"}))
    for id in (PROJECT, OTHER_PROJECT):
        office.hear(
            OpportunityListed(record_id=id, epoch=1, ver=1, label="机房", data={"owner_id": str(ALICE.id)})
        )
    customer = office.create(ALICE, "customer", name="海精仪器", kind="end_customer")
    return office, customer["id"]


def somebody(office, customer: str, name: str) -> str:
    return office.create(ALICE, "contact", name=name, customer_id=customer, job_title="厂长")["id"]


def test_one_person_plays_several_parts_by_project_and_unit_but_each_once(firm):
    office, customer = firm
    wang = somebody(office, customer, "王建国")
    part = {"contact_id": wang, "role_id": str(DECIDER), "influence": 5, "stance": "for_us"}
    made = office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), **part)
    assert (made["name"], made["customer_id"], made["owner_id"]) == ("王建国", customer, str(ALICE.id))
    office.create(SELLER, "stakeholder", opportunity_id=str(OTHER_PROJECT), **part)
    office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), unit="二厂", **part)
    office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), **part | {"role_id": str(USER)})
    with pytest.raises(Invalid) as twice:
        office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), **part)
    assert [(p.field, p.code) for p in twice.value.fields] == [("role_id", "taken")]
    for wrong in ({"influence": 6}, {"stance": "who knows"}, {"role_id": str(id_of(5))}):
        with pytest.raises(Invalid) as refused:
            office.create(SELLER, "stakeholder", **part | wrong)
        assert refused.value.fields[0].field == next(iter(wrong))
    where = {"where": {"opportunity_id": str(PROJECT)}}
    assert office.ask(ALICE, "list", {"entity": "stakeholder", "query": where})["count"] == 3
    assert office.ask(CAROL, "list", {"entity": "stakeholder", "query": where})["count"] == 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_nobody_stands_above_himself_whatever_is_tried(firm, wishes):
    office, customer = firm
    savepoint = office.connection.begin_nested()
    people = [somebody(office, customer, f"人{n}") for n in range(6)]
    above: dict[int, int] = {}
    for one, other in wishes:
        seen, step = {one}, other
        while step in above and step not in seen:
            seen.add(step)
            step = above[step]
        allowed = one not in above and one != other and step not in seen
        try:
            office.create(
                ALICE, "contact_link", contact_id=people[one], other_id=people[other], kind="reports_to"
            )
            assert allowed
            above[one] = other
        except Invalid:
            assert not allowed
    savepoint.rollback()


def test_friends_may_be_each_others_and_a_new_name_is_passed_on(firm):
    office, customer = firm
    wang, li = somebody(office, customer, "王建国"), somebody(office, customer, "李工")
    office.create(ALICE, "contact_link", contact_id=wang, other_id=li, kind="friend")
    office.create(ALICE, "contact_link", contact_id=li, other_id=wang, kind="friend")
    office.create(ALICE, "stakeholder", contact_id=wang, role_id=str(USER))
    office.ask(ALICE, "update", entity="contact", id=wang, values={"name": "王建国（大）"})
    assert {row.name for row in office.rows(model.ContactLink)} == {
        "王建国（大） → 李工",
        "李工 → 王建国（大）",
    }
    assert [row.name for row in office.rows(model.Stakeholder)] == ["王建国（大）"]


def test_what_was_to_do_with_her_at_the_old_company_stays_in_hand_when_she_changes_jobs(firm):
    """CON-04: kept, moved, corrected, put away and handed over; but nothing new is planned with her there."""
    office, customer = firm
    wang = somebody(office, customer, "王建国")
    new = office.create(ALICE, "customer", name="上海泰微")
    whom = {"customer_id": customer, "contact_id": wang}
    plan = {"kind_id": str(VISIT), "starts_at": "2026-03-12T02:00:00Z", **whom}
    ids = [office.create(ALICE, "activity", subject=f"拜访{n}", **plan)["id"] for n in range(5)]
    office.ask(ALICE, "change_job_contact", id=wang, customer_id=new["id"])
    office.ask(ALICE, "complete_activity", id=ids[0], outcome="谈了")
    office.ask(ALICE, "cancel_activity", id=ids[1], note="他走了")
    office.ask(ALICE, "move_activity", id=ids[2], starts_at="2026-03-13T02:00:00Z")
    office.ask(ALICE, "update", entity="activity", id=ids[0], values={"outcome": "谈成了"})
    office.ask(ALICE, "archive", entity="activity", id=ids[3])
    office.ask(ROOT, "hand_over_customer", id=customer, owner_id=str(CAROL.id))
    assert {a.owner_id for a in office.rows(model.Activity) if str(a.id) in (ids[2], ids[4])} == {CAROL.id}
    with pytest.raises(Invalid) as refused:
        office.create(CAROL, "activity", subject="再去", **plan)
    assert [(p.field, p.code) for p in refused.value.fields] == [("contact_id", "not_an_id")]
    with pytest.raises(Invalid) as refused:
        office.create(ROOT, "activity", subject="再去", **plan)
    assert [(p.field, p.code) for p in refused.value.fields] == [("contact_id", "not_a_choice")]


def test_a_new_job_keeps_the_old_one_on_both_sides(firm):
    office, customer = firm
    wang = somebody(office, customer, "王建国")
    new = office.create(CAROL, "customer", name="上海泰微", kind="end_customer")
    with pytest.raises(NotFound):  # not a company that Alice sees
        office.ask(ALICE, "change_job_contact", id=wang, customer_id=new["id"])
    office.ask(
        ROOT,
        "change_job_contact",
        id=wang,
        customer_id=new["id"],
        job_title="总经理",
        on="2026-02-01",
        note="升职",
    )
    (contact,) = office.rows(model.Contact, id=wang)
    assert (str(contact.customer_id), contact.job_title, contact.owner_id) == (new["id"], "总经理", CAROL.id)
    (former,) = office.rows(model.Employment)
    assert (str(former.customer_id), former.job_title, former.until_on) == (
        customer,
        "厂长",
        date(2026, 2, 1),
    )
    assert former.owner_id == ALICE.id, "whoever looks after the old company still knows"
    office.ask(CAROL, "change_job_contact", id=wang)
    (contact,) = office.rows(model.Contact, id=wang)
    assert contact.archived_at is not None
    second = max(office.rows(model.Employment), key=lambda row: row.until_on)
    assert (second.from_on, str(second.customer_id)) == (date(2026, 2, 1), new["id"])
    for wrong in ({"on": "2026-03-11"}, {"customer_id": customer}):
        with pytest.raises(Invalid):
            office.ask(ALICE, "change_job_contact", id=somebody(office, customer, "李工"), **wrong)


def test_a_wish_is_told_and_is_of_somebody_there(firm):
    office, customer = firm
    wang = somebody(office, customer, "王建国")
    row = office.create(
        BOB, "wish", text="周五下午不要打电话", kind="time", customer_id=customer, contact_id=wang
    )
    (told,) = office.emitted(WishChanged)
    assert (told.owner_id, told.text, str(told.contact_id)) == (ALICE.id, "周五下午不要打电话", wang)
    office.ask(BOB, "update", entity="wish", id=row["id"], values={"text": "周五不要打电话"})
    assert [event.text for event in office.emitted(WishChanged)][1:] == ["周五不要打电话"]
    stranger = office.create(ROOT, "customer", name="别家", kind="partner")
    with pytest.raises(Invalid) as refused:
        office.create(ROOT, "wish", text="x", customer_id=stranger["id"], contact_id=wang)
    assert refused.value.fields[0].field == "contact_id"
    with pytest.raises((Forbidden, NotFound, Invalid)):
        office.create(CAROL, "wish", text="x", customer_id=customer)


@pytest.fixture
def moved(firm):
    """王建国 reports to 李总, leads 张工, is a friend of 赵工, decides; then he goes from Alice's company to Carol's."""
    office, customer = firm
    new = office.create(CAROL, "customer", name="上海泰微", kind="end_customer")["id"]
    wang, boss, below, friend = (somebody(office, customer, n) for n in ("王建国", "李总", "张工", "赵工"))
    values = {"buying_role_id": str(DECIDER), "phone": "010-62345678", "email": "wang@haijing.example"}
    office.ask(ALICE, "update", entity="contact", id=wang, values=values | {"mobile": "13800138000"})
    office.create(SELLER, "stakeholder", contact_id=wang, role_id=str(DECIDER), opportunity_id=str(PROJECT))
    for one, other, kind in (
        (wang, boss, "reports_to"), (below, wang, "reports_to"), (wang, friend, "friend"), (friend, wang, "schoolmate"),
    ):  # fmt: skip
        office.create(ALICE, "contact_link", contact_id=one, other_id=other, kind=kind)
    office.create(ALICE, "wish", text="不收礼品", kind="taboo", customer_id=customer, contact_id=wang)
    office.create(ALICE, "wish", text="上午联系", kind="time", customer_id=customer)
    office.ask(
        ROOT, "change_job_contact", id=wang, customer_id=new, on="2026-02-01", email="wang@taiwei.example"
    )
    return office, customer, new, wang, boss, below


def test_what_is_personal_goes_along_and_what_was_of_the_old_company_ends_there(moved):
    """CON-03, CON-04, docs/decisions/0075: friends go along, reporting lines and parts in buying stay as history."""
    office, customer, new, wang, boss, below = moved
    links = {
        (row.kind, str(row.customer_id), row.archived_at is None) for row in office.rows(model.ContactLink)
    }
    assert links == {
        ("reports_to", customer, False), ("friend", new, True), ("schoolmate", customer, True),
    }  # fmt: skip
    (friend,) = office.rows(model.ContactLink, kind="friend")
    assert friend.owner_id == CAROL.id
    (part,) = office.rows(model.Stakeholder)
    assert (part.archived_at is None, str(part.customer_id), part.owner_id) == (False, customer, ALICE.id)
    (contact,) = office.rows(model.Contact, id=wang)
    assert contact.buying_role_id is None, "nobody has said that he decides there"
    for one, other in ((wang, boss), (below, boss)):  # nothing old stands in the way
        office.create(ROOT, "contact_link", contact_id=one, other_id=other, kind="reports_to")


def test_whoever_leaves_for_nowhere_known_ends_as_well(moved):
    office, _, _new, wang, _boss, below = moved
    office.create(ROOT, "contact_link", contact_id=below, other_id=wang, kind="reports_to")
    office.create(SELLER, "stakeholder", contact_id=below, role_id=str(USER))
    office.ask(ALICE, "change_job_contact", id=below)
    office.ask(CAROL, "change_job_contact", id=wang)
    assert {row.archived_at is None for row in office.rows(model.Stakeholder)} == {False}
    assert {row.archived_at is None for row in office.rows(model.ContactLink, kind="reports_to")} == {False}


def test_a_new_phone_and_mail_replace_the_old_and_the_rest_is_kept_or_dropped(moved):
    office, customer, _, wang, *_ = moved
    (contact,) = office.rows(model.Contact, id=wang)
    reach = (contact.email, contact.phone, contact.mobile)
    assert reach == ("wang@taiwei.example", "010-62345678", "13800138000")
    office.ask(
        ROOT, "change_job_contact", id=wang, customer_id=customer, drops_reach=True, phone="010-1234567"
    )
    (contact,) = office.rows(model.Contact, id=wang)
    assert (contact.email, contact.phone, contact.mobile) == (None, "010-1234567", "13800138000")


def test_what_he_prefers_goes_along_is_told_there_and_can_be_changed(moved):
    """CUS-21, NTF-03: what the old company wished stays with it."""
    office, customer, new, _wang, *_ = moved
    hers = {row.text: (str(row.customer_id), row.owner_id) for row in office.rows(model.Wish)}
    assert hers == {"不收礼品": (new, CAROL.id), "上午联系": (customer, ALICE.id)}
    assert office.emitted(WishChanged)[-1].owner_id == CAROL.id, "whoever looks after him now hears of it"
    (row,) = office.rows(model.Wish, text="不收礼品")
    office.ask(CAROL, "update", entity="wish", id=str(row.id), values={"text": "不收礼品，不吃饭"})
    office.ask(CAROL, "archive", entity="wish", id=str(row.id))


def test_a_company_chosen_wrongly_is_corrected_with_all_that_hangs_on_her(firm):
    """It is the same job: her superior and her parts go along."""
    office, customer = firm
    right = office.create(ALICE, "customer", name="海精集团", kind="end_customer")["id"]
    wang, boss = somebody(office, customer, "王建国"), somebody(office, right, "李总")
    values = {"contact_id": wang, "role_id": str(DECIDER)}
    office.create(SELLER, "stakeholder", **values)
    office.create(ALICE, "contact_link", contact_id=wang, other_id=boss, kind="reports_to")
    office.create(ALICE, "wish", text="不收礼品", kind="taboo", customer_id=customer, contact_id=wang)
    office.ask(ALICE, "update", entity="contact", id=wang, values={"customer_id": right})
    for cls in (model.Stakeholder, model.ContactLink, model.Wish):
        (row,) = office.rows(cls)
        assert (str(row.customer_id), row.archived_at) == (right, None), cls


def test_jobs_before_our_time_are_written_down_and_corrected(moved):
    """CON-04: at a company we know or at any other; seen by whoever looks after her and by whoever looks after the company."""
    office, customer, _, wang, *_ = moved
    (left,) = office.rows(model.Employment)
    assert (left.employer, left.owner_id) == ("海精仪器", ALICE.id)
    office.ask(CAROL, "update", entity="employment", id=str(left.id), values={"until_on": "2026-01-15"})
    elsewhere = office.create(
        CAROL, "employment", contact_id=wang, employer="华北电子", job_title="工程师", until_on="2015-06-30"
    )
    assert (elsewhere["name"], elsewhere["owner_id"]) == ("王建国", str(CAROL.id))
    for wrong, field in (
        ({"employer": None}, "employer"), ({"until_on": "2026-03-11"}, "until_on"), ({"from_on": "2016-01-01"}, "until_on"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            office.ask(CAROL, "update", entity="employment", id=elsewhere["id"], values=wrong)
        assert refused.value.fields[0].field == field
    seen = [office.ask(who, "list", entity="employment")["count"] for who in (ALICE, CAROL)]
    assert seen == [1, 2]
    back = {"id": wang, "customer_id": customer}
    with pytest.raises(Invalid) as early:  # before he came there
        office.ask(ROOT, "change_job_contact", **back, on="2026-01-01")
    assert early.value.fields[0].field == "on"
    office.ask(ROOT, "change_job_contact", **back)
    assert office.ask(ALICE, "list", entity="employment")["count"] == 3, "with him comes where he was"
