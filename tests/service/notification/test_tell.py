"""Somebody is told something: once for one reason, in her language, in the way she prefers (NTF-01, NTF-02)."""

import pytest

from chassis.identity import new_id
from contracts.actor import Actor
from contracts.customer import (
    ActivityComesUp,
    ActivityCommented,
    ActivityPlanned,
    BirthdayComesUp,
    ContactDue,
    CustomerHandedOver,
    CustomersStalled,
    LadderReported,
    LeadAssigned,
    LiesWithoutPlan,
    NextStepsDue,
    RecordCommented,
    WebFormFilledIn,
    WentToPool,
    WishChanged,
)
from contracts.errors import NotFound
from contracts.organization import ExportEnded
from contracts.receivables import (
    ContractApproved,
    ContractComesToEnd,
    ContractRejected,
    ContractSigned,
    ContractSubmitted,
    ExecutionChanged,
    InstalmentComesDue,
)
from contracts.sales import QuoteApproved, QuoteRejected, QuoteSubmitted
from contracts.service_desk import (
    DealHandoverAccepted,
    DealHandoverOpened,
    TicketOpened,
    WishConcernsService,
)
from services.notification import model
from tests.cast import ALICE_ID, BEIJING, BOB_ID, CAROL_ID, DAN_ID, EVE_ID, FRANK_ID, GRACE_ID, id_of
from tests.desk import NOON, Desk
from tests.factories.notification import ALICE, BOB, CUSTOMER, assigned, fell_due, staff


def notices(house: Desk, **where) -> list[model.Notice]:
    """In the order in which they were told."""
    return sorted(house.rows(model.Notice, **where), key=lambda notice: (notice.created_at, notice.id))


def test_an_overdue_instalment_tells_the_rep_by_bell_and_letter(house: Desk):
    event = fell_due()
    house.hear(event)
    (notice,) = notices(house)
    assert (notice.owner_id, notice.kind, notice.way) == (ALICE_ID, "instalment_fell_due", "email")
    assert notice.subject == "应收款已逾期：HT-HQ-2026-00001，¥1,234.50"
    assert "上海泰微" in notice.text
    assert "2026年3月10日" in notice.text
    assert notice.link == f"/receivables/receivable/{event.receivable_id}"
    (letter,) = house.rows(model.Letter)
    assert (letter.state, letter.address, letter.owner_id) == ("queued", "alice@example.com", ALICE_ID)


def test_the_same_instalment_tells_her_once_however_often_it_is_announced(house: Desk):
    event = fell_due()
    for _ in range(10):
        house.hear(event)
    assert len(notices(house)) == len(house.rows(model.Letter)) == 1


def test_everybody_reads_her_own_language(house: Desk):
    house.hear(fell_due(BOB_ID))
    (notice,) = notices(house)
    assert notice.language == "en"
    assert notice.subject == "Overdue: HT-HQ-2026-00001, CN¥1,234.50"
    assert "Shanghai Taiwei" in notice.text
    assert "March 10, 2026" in notice.text


def test_times_are_those_of_where_she_works(house: Desk):
    house.hear(assigned())
    assert "2026年3月10日 12:00:00" in notices(house)[0].text


def test_who_left_is_told_nothing(house: Desk):
    house.hear(fell_due(EVE_ID))
    assert notices(house) == []


def test_nobody_is_told_of_what_she_did_herself(house: Desk):
    planned = ActivityPlanned(
        activity_id=new_id(), subject="拜访", owner_id=ALICE_ID, planned_by=ALICE_ID, starts_at=NOON
    )
    house.hear(planned, by=ALICE)
    assert notices(house) == []
    house.hear(planned.model_copy(update={"planned_by": BOB_ID}), by=BOB)
    assert notices(house)[0].subject == "新日程：拜访（2026年3月10日 12:00:00）"


def test_one_whose_card_is_still_on_its_way_is_waited_for(house: Desk):
    with pytest.raises(NotFound):
        house.hear(fell_due(id_of(399)))
    house.hear(staff(id_of(399), "New", "new@example.com"))
    house.hear(fell_due(id_of(399)))
    assert len(notices(house)) == 1


def test_one_without_an_address_has_it_at_the_bell_and_the_log_says_why_no_letter_went(house: Desk):
    house.hear(staff(ALICE_ID, "Alice", None, ver=2))
    house.hear(fell_due())
    assert len(notices(house)) == 1
    assert [(letter.state, letter.error) for letter in house.rows(model.Letter)] == [("failed", "no address")]


def test_a_remark_tells_whose_activity_it_is(house: Desk):
    remark = {"comment_id": new_id(), "owner_id": ALICE_ID, "author_id": BOB_ID, "text": "先约决策人"}
    house.hear(ActivityCommented(activity_id=new_id(), subject="拜访", **remark), by=BOB)
    house.later(seconds=1)
    customer = {"about": "customer.customer", "record_id": CUSTOMER, "name": "上海泰微"}
    house.hear(RecordCommented(**remark | customer), by=BOB)
    assert [notice.subject for notice in notices(house)] == [
        "Bob 评论了您的跟进：拜访",
        "Bob 评论了 上海泰微",
    ]
    assert notices(house)[1].link == f"/customer/customer/{CUSTOMER}"


def test_who_gets_the_leads_of_a_web_form_is_told_what_the_stranger_wants(house: Desk):
    """Users 7."""
    wanted = {"name": "苏州精工", "contact_name": "王工", "need": "三坐标", "form_name": "预约演示"}
    event = WebFormFilledIn(lead_id=id_of(802), owner_id=ALICE_ID, **wanted)
    for _ in range(2):
        house.hear(event, by=Actor.anonymous(), id=id_of(803))
    [told] = notices(house)
    assert (told.owner_id, told.link) == (ALICE_ID, f"/customer/lead/{id_of(802)}")
    assert all(words in told.subject + told.text for words in wanted.values())


def test_a_decision_is_asked_of_the_superior_or_else_of_the_general_manager(house: Desk):
    contract = {
        "contract_id": new_id(), "number": "HT-1", "name": "机房", "customer_id": CUSTOMER, "amount": "10",
        "requested_by": ALICE_ID, "owner_id": ALICE_ID,
    }  # fmt: skip
    house.hear(ContractSubmitted(**contract, approver_id=BOB_ID), by=ALICE)
    house.later(seconds=1)
    house.hear(ContractSubmitted(**contract), by=ALICE)
    assert [notice.owner_id for notice in notices(house)] == [BOB_ID, GRACE_ID]


CONTRACT = {
    "contract_id": id_of(801), "number": "HT-1", "name": "机房", "customer_id": CUSTOMER, "owner_id": ALICE_ID,
    "amount": "10",
}  # fmt: skip
QUOTE = {
    "quote_id": id_of(811), "number": "BJ-1", "name": "机房", "opportunity_id": id_of(821), "customer_id": CUSTOMER,
    "owner_id": ALICE_ID, "amount": "99.90", "requested_by": ALICE_ID,
}  # fmt: skip


def test_a_decision_on_a_quote_is_asked_and_goes_back_with_what_was_said(house: Desk):
    decided = {**QUOTE, "decided_by": BOB_ID, "note": "折扣到此为止"}
    house.hear(QuoteSubmitted(**QUOTE, approver_id=BOB_ID), by=ALICE)
    house.later(seconds=1)
    house.hear(QuoteRejected(**decided), by=BOB)
    house.later(seconds=1)
    house.hear(QuoteApproved(**decided), by=BOB)
    asked, rejected, approved = notices(house)
    assert (asked.owner_id, asked.kind, asked.link) == (
        BOB_ID,
        "quote_submitted",
        f"/sales/quote/{id_of(811)}",
    )
    assert (rejected.owner_id, rejected.kind) == (ALICE_ID, "quote_rejected")
    assert (approved.owner_id, approved.text.splitlines()[-1]) == (ALICE_ID, "折扣到此为止")


def test_a_decision_on_a_contract_goes_back_to_whose_contract_it_is(house: Desk):
    house.hear(
        ContractRejected(**CONTRACT, decided_by=BOB_ID, requested_by=ALICE_ID, note="付款太晚"), by=BOB
    )
    house.later(seconds=1)
    house.hear(ContractApproved(**CONTRACT, decided_by=BOB_ID, requested_by=ALICE_ID), by=BOB)
    rejected, approved = notices(house)
    assert (rejected.owner_id, rejected.text.splitlines()[-1]) == (ALICE_ID, "付款太晚")
    assert (approved.owner_id, approved.kind, approved.customer_id) == (
        ALICE_ID,
        "contract_approved",
        CUSTOMER,
    )


def test_a_changed_plan_reaches_everybody_who_carries_it_out(house: Desk):
    plan = {name: value for name, value in CONTRACT.items() if name != "amount"}
    house.hear(ExecutionChanged(**plan, executor_ids=(FRANK_ID, ALICE_ID, FRANK_ID)), by=ALICE)
    assert [notice.owner_id for notice in notices(house)] == [FRANK_ID]


def test_an_instalment_that_will_fall_due_is_at_the_bell(house: Desk):
    event = fell_due()
    house.hear(InstalmentComesDue.of(event))
    house.hear(InstalmentComesDue.of(event))
    assert [(notice.kind, notice.way) for notice in notices(house)] == [("instalment_comes_due", "bell")]


def test_a_customer_given_to_her_is_news(house: Desk):
    given = CustomerHandedOver(
        customer_id=CUSTOMER, number="KH-1", name="上海泰微", from_id=ALICE_ID, to_id=CAROL_ID
    )
    house.hear(given, by=BOB)
    (notice,) = notices(house)
    assert (notice.owner_id, notice.text) == (CAROL_ID, "Bob 把客户 上海泰微（KH-1）交给您负责。")


def test_whoever_lost_a_lead_to_the_pool_hears_of_it_but_not_who_let_go_of_it(house: Desk):
    lead = {"about": "customer.lead", "number": "XS-1", "name": "上海泰微", "from_id": ALICE_ID}
    house.hear(WentToPool(record_id=id_of(801), idle_days=30, **lead))
    house.hear(WentToPool(record_id=id_of(802), **lead))
    (notice,) = notices(house)
    assert (notice.owner_id, notice.way, notice.link) == (ALICE_ID, "bell", "/pool/lead")
    assert notice.subject == "已退回公海：上海泰微"
    assert "30 天" in notice.text


def test_a_contract_that_will_end_tells_whoever_looks_after_the_customer_once(house: Desk):
    end = ContractComesToEnd(
        contract_id=id_of(803),
        number="HT-1",
        name="示波器",
        customer_id=CUSTOMER,
        owner_id=ALICE_ID,
        ends_on="2026-04-09",
    )
    house.hear(end)
    house.hear(end)
    (notice,) = notices(house)
    assert (notice.owner_id, notice.way, notice.link) == (
        ALICE_ID,
        "email",
        f"/receivables/contract/{id_of(803)}",
    )
    assert notice.subject == "合同将于2026年4月9日到期：HT-1 示波器"
    assert len(house.rows(model.Letter)) == 1


@pytest.mark.parametrize(
    ("about", "subject"),
    [("customer.customer", "7 位客户没有下一步计划"), ("customer.lead", "7 条线索没有下一步计划")],
)
def test_what_lies_without_a_plan_is_one_message_a_morning_that_opens_the_list(house: Desk, about, subject):
    lies = LiesWithoutPlan(
        owner_id=ALICE_ID, about=about, on="2026-03-10", days=30, count=7, names=("甲", "乙")
    )
    house.hear(lies)
    house.hear(lies)
    (notice,) = notices(house)
    assert (notice.subject, notice.way) == (subject, "bell")
    assert "甲、乙" in notice.text
    assert notice.link.startswith(f"/{about.replace('.', '/')}?owner_id=me&")


def test_next_steps_that_are_due_are_one_message_a_morning(house: Desk):
    house.hear(NextStepsDue(owner_id=BOB_ID, on="2026-03-10", count=1, names=("Taiwei",)))
    (notice,) = notices(house)
    assert (notice.subject, notice.language) == ("Next steps due with leads: 1", "en")


def test_customers_that_stall_are_one_message_that_opens_them(house: Desk):
    """CUS-07."""
    house.hear(CustomersStalled(owner_id=BOB_ID, on="2026-03-10", count=2, names=("Taiwei", "Qili")))
    (notice,) = notices(house)
    assert (notice.subject, notice.way) == ("Stalled customers: 2", "bell")
    assert notice.link == "/customer/customer?owner_id=me&stalls_on__lte=today&is_lost=no"


def test_the_ladder_of_a_month_is_told_by_bell_and_mail_with_its_way(house: Desk):
    """CUS-06; CUS-05: contact that is due is told at the bell and opens those customers."""
    told = {
        "from_on": "2026-02-01",
        "to_on": "2026-02-28",
        "counts": {"target": 2, "loyal": 1},
        "up": 1,
        "down": 0,
    }
    house.hear(LadderReported(staff_id=BOB_ID, went_up=("Taiwei",), **told))
    due = {"value_class": "key", "on": "2026-03-10", "days": 7, "count": 1, "names": ("Qili",)}
    house.hear(ContactDue(owner_id=BOB_ID, **due))
    by_kind = {notice.kind: notice for notice in notices(house)}
    ladder, contact = by_kind["ladder_reported"], by_kind["contact_due"]
    assert (ladder.way, ladder.link) == ("email", "/ladder?from_on=2026-02-01&to_on=2026-02-28")
    assert "target 2, potential 0, prospect 0, closed 0, loyal 1" in ladder.text
    assert "Went up: 1 (Taiwei)" in ladder.text
    asked = "value_class=key&last_activity_at__ne=last_6_days&is_lost=no"
    assert (contact.way, contact.link) == ("bell", f"/customer/customer?owner_id=me&{asked}")


def test_who_sold_it_hears_who_looks_after_it(house: Desk):
    accepted = DealHandoverAccepted(
        deal_handover_id=new_id(), number="JJ-1", contract_id=new_id(), contract_number="HT-1",
        customer_id=CUSTOMER, from_id=ALICE_ID, to_id=FRANK_ID, accepted_at=NOON,
    )  # fmt: skip
    house.hear(accepted, by=Actor.system("test"))
    assert [(n.owner_id, n.subject) for n in notices(house)] == [(ALICE_ID, "成交交接已接收：HT-1")]


def test_the_customers_file_says_who_was_told_what_within_ones_rights(house: Desk):
    house.hear(fell_due())
    told = house.ask(ALICE, "customer_file", customer_id=str(CUSTOMER))
    assert [(entry["kind"], entry["actor_id"]) for entry in told["timeline"]] == [
        ("notice_told", str(ALICE_ID))
    ]
    assert told["labels"][str(ALICE_ID)]["label"] == "陈爱丽"
    assert house.ask(BOB, "customer_file", customer_id=str(CUSTOMER))["timeline"] == []


def test_a_signed_contract_tells_who_keeps_the_books_and_the_rep_unless_she_signed_it(house: Desk):
    signed = ContractSigned(
        contract_id=new_id(), number="HT-1", name="机房", customer_id=CUSTOMER, owner_id=ALICE_ID, amount="10",
        signed_on=NOON.date(), receivable_id=new_id(),
    )  # fmt: skip
    house.hear(signed, by=ALICE)
    house.hear(signed, by=BOB)
    assert sorted(notice.owner_id for notice in notices(house)) == sorted([DAN_ID, DAN_ID, ALICE_ID])


def test_a_deal_to_take_over_tells_service_of_that_branch(house: Desk):
    house.hear(staff(CAROL_ID, "Carol", "carol@example.com", "service_engineer", ver=2))
    handover = {"number": "JJ-1", "contract_id": new_id(), "contract_number": "HT-1", "from_id": ALICE_ID}
    house.hear(DealHandoverOpened(deal_handover_id=new_id(), branch_id=BEIJING, **handover), by=ALICE)
    assert {notice.owner_id for notice in notices(house)} == {FRANK_ID, CAROL_ID}
    house.hear(staff(CAROL_ID, "Carol", "carol@example.com", "service_manager", ver=3))
    house.hear(DealHandoverOpened(deal_handover_id=new_id(), branch_id=BEIJING, **handover), by=ALICE)
    assert sorted(n.owner_id for n in notices(house)) == sorted([FRANK_ID, CAROL_ID, CAROL_ID])


def test_what_matters_less_is_only_at_the_bell(house: Desk):
    opened = TicketOpened(
        ticket_id=new_id(), number="FW-1", subject="无法开机", kind="repair", channel="phone", priority="normal",
        customer_id=CUSTOMER, customer_owner_id=ALICE_ID, opened_at=NOON, due_at=NOON,
    )  # fmt: skip
    house.hear(opened, by=Actor.system("test"))
    assert notices(house)[0].way == "bell"
    assert house.rows(model.Letter) == []


def test_values_cannot_break_a_subject_or_call_for_other_values(house: Desk):
    house.hear(assigned(subject="换行\n再$number 一次 ${by}" + "长" * 400))
    subject = notices(house)[0].subject
    assert "\n" not in subject
    assert "换行 再$number 一次 ${by}" in subject
    assert len(subject) <= 300


def test_a_reminder_comes_once_by_bell_and_letter_and_again_when_it_was_moved(house: Desk):
    """ACT-01: `remind_of_activity`."""
    what = {
        "activity_id": id_of(71),
        "subject": "看车间",
        "owner_id": ALICE_ID,
        "customer_id": CUSTOMER,
        "minutes": 60,
    }
    for _ in range(3):
        house.hear(ActivityComesUp(starts_at=NOON, **what))
    (notice,) = notices(house)
    assert notice.subject.startswith("提醒：看车间")
    assert (notice.way, notice.link) == ("email", f"/customer/activity/{id_of(71)}")
    assert len(house.rows(model.Letter)) == 1
    house.hear(ActivityComesUp(starts_at=NOON.replace(day=11), **what))
    assert len(notices(house)) == 2


def test_a_birthday_is_told_once_a_year_with_what_she_wishes(house: Desk):
    """CAR-03, NTF-03: `remind_of_birthday`."""
    what = {
        "about": "customer.contact", "record_id": id_of(72), "name": "王芳", "customer_id": CUSTOMER, "owner_id": ALICE_ID,
        "wishes": ("不收礼", "上午十点以前不要打电话"),
    }  # fmt: skip
    for _ in range(3):
        house.hear(BirthdayComesUp(on=NOON.date(), **what))
    (notice,) = notices(house)
    assert (notice.subject, notice.way) == ("生日提醒：王芳（2026年3月10日）", "email")
    assert notice.text.splitlines()[1:] == ["客户：上海泰微", "♥ 不收礼", "♥ 上午十点以前不要打电话"]
    assert (notice.link, notice.customer_id) == (f"/customer/contact/{id_of(72)}", CUSTOMER)
    house.hear(BirthdayComesUp(on=NOON.date().replace(year=2027), **what | {"wishes": ()}))
    assert notices(house)[1].text.splitlines()[1:] == ["客户：上海泰微"]


def test_a_reminder_says_what_the_customer_wishes(house: Desk):
    """NTF-03"""
    soon = {
        "activity_id": id_of(73),
        "subject": "回访",
        "owner_id": ALICE_ID,
        "customer_id": CUSTOMER,
        "minutes": 15,
    }
    house.hear(ActivityComesUp(starts_at=NOON, **soon, wishes=("上午十点以前不要打电话",)))
    assert notices(house)[0].text.endswith("♥ 上午十点以前不要打电话")


def test_a_lead_or_customer_given_her_is_told_with_why_it_is_more_than_usual(house: Desk):
    """LED-07, LED-08: `tell_lead_assigned`."""
    what = {
        "number": "XS-1",
        "name": "启利",
        "to_id": ALICE_ID,
        "note": "请本周联系",
        "beyond_limit": "她熟悉这个行业",
    }
    house.hear(LeadAssigned(lead_id=id_of(74), **what), by=BOB)
    house.hear(CustomerHandedOver(customer_id=CUSTOMER, **what), by=BOB)
    for notice, link in zip(notices(house), (f"lead/{id_of(74)}", f"customer/{CUSTOMER}"), strict=True):
        assert notice.text.splitlines()[1:] == ["请本周联系", "她熟悉这个行业"]
        assert notice.link == f"/customer/{link}"
    assert notices(house)[0].subject == "线索交给您跟进：启利"


def test_of_a_series_she_is_told_once(house: Desk):
    what = {"subject": "周会", "owner_id": ALICE_ID, "planned_by": BOB_ID, "starts_at": NOON}
    for number in range(3):
        house.hear(ActivityPlanned(activity_id=id_of(80 + number), is_repeated=number > 0, **what), by=BOB)
    assert len(notices(house)) == 1


def test_a_wish_of_her_customer_reaches_the_owner_at_the_bell(house: Desk):
    """NTF-03: `tell_wish_changed`; whoever wrote it down herself is not told."""
    wish = {
        "wish_id": id_of(91),
        "customer_id": CUSTOMER,
        "kind": "time",
        "text": "周五不要打电话",
        "owner_id": ALICE_ID,
    }
    house.hear(WishChanged(**wish), by=ALICE)
    assert notices(house) == []
    house.hear(WishChanged(**wish), by=BOB)
    (notice,) = notices(house)
    assert (notice.way, notice.subject) == ("bell", "上海泰微 的需求或偏好有变化：周五不要打电话")


def test_a_wish_reaches_whoever_else_deals_with_the_customer(house: Desk):
    """CUS-21: also those who serve it: `tell_wish_to_service`."""
    wish = {"wish_id": id_of(92), "customer_id": CUSTOMER, "text": "周五不要打电话"}
    house.hear(WishChanged(**wish, kind="time", owner_id=ALICE_ID, also_ids=(BOB_ID, FRANK_ID)), by=BOB)
    house.hear(WishConcernsService(**wish, staff_ids=(GRACE_ID, BOB_ID), told_by=BOB_ID))
    assert {notice.owner_id for notice in notices(house)} == {ALICE_ID, FRANK_ID, GRACE_ID}
    assert {notice.kind for notice in notices(house)} == {"wish_changed"}


def test_whoever_is_mentioned_is_told_once_for_a_remark_and_its_owner_not_twice(house: Desk):
    """However often the remark comes, and whether or not the record is hers (users 9)."""
    remark = {"comment_id": new_id(), "owner_id": ALICE_ID, "author_id": DAN_ID, "text": "@Alice @Bob 请看"}
    customer = {"about": "customer.customer", "record_id": CUSTOMER, "name": "上海泰微"}
    event = RecordCommented(**remark, **customer, mentioned_ids=(ALICE_ID, BOB_ID, DAN_ID, EVE_ID))
    for _ in range(3):
        house.hear(event, by=Actor(id=DAN_ID, name="Dan"))
    told = {notice.owner_id: notice for notice in notices(house)}
    assert {id: notice.kind for id, notice in told.items()} == {ALICE_ID: "mentioned", BOB_ID: "mentioned"}
    assert len(notices(house)) == 2
    assert told[ALICE_ID].subject == "Dan 在 上海泰微 的评论中提到了您"
    assert told[BOB_ID].subject == "Dan mentioned you on 上海泰微"
    assert told[BOB_ID].link == f"/customer/customer/{CUSTOMER}"
    house.hear(
        ActivityCommented(
            activity_id=new_id(), subject="拜访", **remark | {"comment_id": new_id()}, mentioned_ids=(BOB_ID,)
        ),
        by=Actor(id=DAN_ID, name="Dan"),
    )
    assert sorted((n.owner_id, n.kind) for n in notices(house)[2:]) == [
        (ALICE_ID, "activity_commented"),
        (BOB_ID, "mentioned"),
    ]


@pytest.mark.parametrize(
    ("is_ready", "said"), [(True, "导出完成：线索 2026-03-10"), (False, "导出失败：线索 2026-03-10")]
)
def test_whoever_asked_for_a_file_hears_that_it_is_there_or_will_not_come(
    house: Desk, is_ready: bool, said: str
):
    """`tell_export_ended` (DAT-04)"""
    event = ExportEnded(
        export_id=new_id(), owner_id=ALICE_ID, name="线索 2026-03-10", is_ready=is_ready, rows=2500
    )
    for _ in range(2):
        house.hear(event)
    (notice,) = notices(house)
    assert (notice.owner_id, notice.way, notice.subject) == (ALICE_ID, "bell", said)
    assert notice.link == f"/organization/export/{event.export_id}"
    assert ("2500" in notice.text) == is_ready
