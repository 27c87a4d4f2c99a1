"""Visits are logged, next steps planned, completed, cancelled, assigned."""

import pytest

from chassis import counting
from contracts.customer import ActivityDone, ActivityPlanned
from contracts.errors import Forbidden, IllegalTransition, Invalid, NotFound
from services.customer import model
from services.customer.queries import schedule
from tests.cast import ALICE_ID, BOB_ID
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT, VISIT

TOMORROW = "2026-03-11T02:00:00Z"


def plan(office, actor=ALICE, **more):
    values = {"kind_id": str(CALL), "subject": "回访", "starts_at": TOMORROW, **more}
    return office.ask(actor, "plan_activity", values)["row"]


def test_a_visit_is_logged_with_its_next_step(office, lead):
    row = office.ask(
        ALICE, "log_activity", kind_id=str(VISIT), subject="初次拜访", outcome="有兴趣", lead_id=lead["id"],
        next_subject="寄资料", next_at="2026-03-13T01:00:00Z", next_kind_id=str(CALL),
    )["row"]  # fmt: skip
    assert (row["state"], row["outcome"], row["owner_id"]) == ("done", "有兴趣", str(ALICE_ID))
    stored = office.rows(model.Lead)[0]
    assert (stored.state, str(stored.next_step_on)) == ("following", "2026-03-13")
    (done,) = office.emitted(ActivityDone)
    assert (done.kind, str(done.lead_id), done.owner_id) == ("visit", lead["id"], ALICE_ID)
    (planned,) = office.emitted(ActivityPlanned)
    assert (planned.subject, planned.kind, planned.planned_by) == ("寄资料", "phone", ALICE_ID)


def test_completing_the_last_step_leaves_none_on_the_lead(office, lead):
    first = plan(office, lead_id=lead["id"])
    plan(office, lead_id=lead["id"], starts_at="2026-03-15T02:00:00Z")
    assert str(office.rows(model.Lead)[0].next_step_on) == "2026-03-11"
    office.ask(ALICE, "complete_activity", id=first["id"], outcome="已联系")
    assert str(office.rows(model.Lead)[0].next_step_on) == "2026-03-15"
    second = office.rows(model.Activity, state="planned")[0]
    office.ask(ALICE, "cancel_activity", id=str(second.id))
    assert office.rows(model.Lead)[0].next_step_on is None


def test_moving_it_in_the_calendar_moves_the_next_step(office, lead):
    row = plan(office, lead_id=lead["id"])
    office.ask(
        ALICE, "update", {"entity": "activity", "id": row["id"], "ver": 1, "values": {"starts_at": "2026-03-18T02:00:00Z"}}
    )  # fmt: skip
    assert str(office.rows(model.Lead)[0].next_step_on) == "2026-03-18"
    history = office.ask(ALICE, "history", {"entity": "lead", "id": lead["id"]})["changes"]
    assert history[0]["changes"]["next_step_on"] == ["2026-03-11", "2026-03-18"]


def test_one_entered_as_done_in_the_form_is_done(office, customer):
    row = office.create(
        ALICE, "activity", kind_id=str(VISIT), subject="培训", customer_id=customer["id"],
        starts_at="2026-03-01T02:00:00Z", done_at="2026-03-01T05:00:00Z",
    )  # fmt: skip
    assert row["state"] == "done"
    assert len(office.emitted(ActivityDone)) == 1
    assert office.emitted(ActivityPlanned) == []


def test_editing_a_done_one_says_nothing_new(office, customer):
    row = office.ask(ALICE, "log_activity", kind_id=str(VISIT), subject="培训", customer_id=customer["id"])[
        "row"
    ]
    office.ask(ALICE, "update", {"entity": "activity", "id": row["id"], "values": {"outcome": "很好"}})
    assert len(office.emitted(ActivityDone)) == 1


def test_a_manager_plans_for_whoever_looks_after_the_customer(office, customer):
    row = plan(office, BOB, customer_id=customer["id"])
    assert row["owner_id"] == str(ALICE_ID)
    (said,) = office.emitted(ActivityPlanned)
    assert (said.owner_id, said.planned_by) == (ALICE_ID, BOB_ID)


def test_a_manager_assigns_his_own_work_to_one_of_his_people(office):
    """ACT-03."""
    row = plan(office, BOB, subject="开会")
    assert row["owner_id"] == str(BOB_ID)
    row = office.ask(BOB, "assign_activity", id=row["id"], owner_id=str(ALICE_ID))["row"]
    assert row["owner_id"] == str(ALICE_ID)
    assert [said.owner_id for said in office.emitted(ActivityPlanned)] == [BOB_ID, ALICE_ID]


def test_nobody_fills_a_colleagues_calendar(office, customer):
    with pytest.raises(Forbidden):
        plan(office, ALICE, customer_id=customer["id"], owner_id=str(BOB_ID))
    mine = plan(office, ALICE, customer_id=customer["id"])
    with pytest.raises(Forbidden):
        office.ask(ALICE, "assign_activity", id=mine["id"], owner_id=str(CAROL.id))
    assert office.rows(model.Activity)[0].owner_id == ALICE_ID


def test_whoever_looks_after_the_customer_sees_what_a_colleague_did_there(office, customer):
    row = office.ask(BOB, "log_activity", kind_id=str(VISIT), subject="高层拜访", customer_id=customer["id"])[
        "row"
    ]
    assert row["owner_id"] == str(BOB_ID)
    seen = office.ask(ALICE, "list", {"entity": "activity"})["rows"]
    assert [entry["id"] for entry in seen] == [row["id"]]


def test_a_contact_brings_her_customer(office, customer):
    contact = office.create(ALICE, "contact", customer_id=customer["id"], name="李雷")
    assert contact["owner_id"] == str(ALICE_ID)
    assert plan(office, contact_id=contact["id"])["customer_id"] == customer["id"]


def test_a_contact_of_another_customer_is_refused(office, customer):
    other = office.create(ALICE, "customer", name="另一家公司")
    contact = office.create(ALICE, "contact", customer_id=other["id"], name="韩梅梅")
    with pytest.raises(Invalid) as refused:
        plan(office, contact_id=contact["id"], customer_id=customer["id"])
    assert refused.value.fields[0].field == "contact_id"


def test_the_end_is_not_before_the_beginning(office):
    with pytest.raises(Invalid) as refused:
        plan(office, ends_at="2026-03-10T02:00:00Z")
    assert (refused.value.fields[0].field, refused.value.fields[0].code) == ("ends_at", "before")


def test_not_completed_twice(office):
    row = plan(office)
    office.ask(ALICE, "complete_activity", id=row["id"])
    with pytest.raises(IllegalTransition):
        office.ask(ALICE, "complete_activity", id=row["id"])
    assert len(office.emitted(ActivityDone)) == 1


def test_not_at_a_customer_one_cannot_see(office, customer):
    with pytest.raises(Invalid):
        plan(office, CAROL, customer_id=customer["id"])
    row = plan(office)
    with pytest.raises(NotFound):
        office.ask(CAROL, "complete_activity", id=row["id"])


def test_the_calendar_shows_a_span_within_ones_rights(office, customer):
    plan(office, customer_id=customer["id"])
    plan(office, subject="太晚", starts_at="2026-04-11T02:00:00Z")
    gone = plan(office, subject="取消")
    office.ask(ALICE, "cancel_activity", id=gone["id"])
    plan(office, BOB, subject="例会", owner_id=str(BOB_ID))
    plan(office, CAROL, subject="上海")
    span = {"from": "2026-03-09T16:00:00Z", "to": "2026-03-16T16:00:00Z"}

    def seen(actor, **more):
        return {e["subject"] for e in office.ask(actor, "calendar", {**span, **more})["entries"]}

    assert seen(ALICE) == {"回访"}
    assert seen(BOB) == {"回访", "例会"}
    assert seen(BOB, staff_id=str(ALICE_ID)) == {"回访"}
    assert seen(ROOT) == {"回访", "例会", "上海"}


def test_a_calendar_that_is_too_full_shows_what_is_nearest_to_today_and_says_so(office, monkeypatch):
    """ACT-04: a telephone must not lose what is to come for what was long ago."""
    monkeypatch.setattr(schedule, "MOST", 3)
    for day in ("2026-01-05", "2026-02-05", "2026-03-09", "2026-03-11", "2026-03-12"):
        plan(office, subject=day, starts_at=f"{day}T02:00:00Z", remind="1_hour_before")
    span = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    answer = office.ask(ALICE, "calendar", span)
    told = [(entry["subject"], entry["reminders"]) for entry in answer["entries"]]
    assert told == [("2026-03-09", [60]), ("2026-03-11", [60]), ("2026-03-12", [60])]
    whole = office.ask(ALICE, "calendar", {**span, "from": "2026-03-09T00:00:00Z"})
    assert (answer["is_cut"], whole["is_cut"]) == (True, False)


def test_my_day_counts_all_that_waits_also_where_it_tells_only_the_first(office, lead, monkeypatch):
    monkeypatch.setattr(schedule, "PARTS", dict.fromkeys(schedule.PARTS, 2))
    for hour in range(3):
        plan(office, subject="今天", starts_at=f"2026-03-10T0{hour + 5}:00:00Z")
        plan(office, subject="昨天", starts_at=f"2026-03-09T0{hour + 5}:00:00Z")
    office.ask(ALICE, "follow_lead", id=lead["id"], next_step_on="2026-03-10")
    day = office.ask(ALICE, "my_day")
    assert {name: (len(day[name]), part["count"]) for name, part in day["counts"].items()} == {
        "today": (2, 3), "overdue": (2, 3), "open": (0, 0), "leads": (1, 1), "comments": (0, 0),
    }  # fmt: skip
    monkeypatch.setattr(counting, "CAP", 2)
    assert office.ask(ALICE, "my_day")["counts"]["overdue"] == {"count": 2, "capped": True}


def test_what_began_before_today_and_goes_on_lies_on_todays_desk_and_is_not_overdue(office):
    """ACT-04, ACT-05: a fair of three days, a night; what ended at midnight is over."""
    spans = {
        "展会": ("2026-03-09T00:00+08:00", "2026-03-12T00:00+08:00"), "夜班": ("2026-03-09T22:00+08:00", "2026-03-10T06:00+08:00"),
        "昨天全天": ("2026-03-09T00:00+08:00", "2026-03-10T00:00+08:00"), "明天": ("2026-03-11T09:00+08:00", "2026-03-11T10:00+08:00"),
    }  # fmt: skip
    for subject, (starts_at, ends_at) in spans.items():
        plan(office, subject=subject, starts_at=starts_at, ends_at=ends_at)
    day = office.ask(ALICE, "my_day")
    found = {part: [row["subject"] for row in day[part]] for part in ("today", "overdue", "open")}
    assert found == {"today": ["展会", "夜班"], "overdue": ["昨天全天"], "open": ["明天"]}


def test_my_day(office, lead, customer):
    plan(office, subject="今天", starts_at="2026-03-10T07:00:00Z")
    plan(office, subject="明天", customer_id=customer["id"])
    late = plan(office, subject="昨天", starts_at="2026-03-09T07:00:00Z")
    office.ask(ALICE, "follow_lead", id=lead["id"], next_step_on="2026-03-10")
    office.ask(BOB, "add_comment", about="customer.activity", record_id=late["id"], text="抓紧")
    office.ask(ALICE, "add_comment", about="customer.activity", record_id=late["id"], text="好的")
    day = office.ask(ALICE, "my_day")
    subjects = {name: [e["subject"] for e in day[name]] for name in ("today", "overdue", "open")}
    assert subjects == {"today": ["今天"], "overdue": ["昨天"], "open": ["明天"]}
    assert [row["name"] for row in day["leads"]] == [lead["name"]]
    assert [row["text"] for row in day["comments"]] == ["抓紧"]
    assert day["labels"][late["id"]]["label"] == "昨天"
    assert day["labels"][customer["id"]]["label"] == customer["name"]
    empty = office.ask(CAROL, "my_day")
    assert not any(empty[name] for name in ("today", "overdue", "open", "leads", "comments"))


def test_how_a_contact_stands_with_us_is_asked_of_the_list(office, customer):
    """CON-01: whom nobody spoke to for 90 days, with whom nothing is planned, and what is planned with the others."""
    spoken, silent, ahead = (
        office.create(ALICE, "contact", name=name, customer_id=customer["id"]) for name in ("王", "李", "赵")
    )
    for contact, at in ((spoken, "2026-03-09T02:00:00Z"), (silent, "2025-11-01T02:00:00Z")):
        office.ask(
            ALICE, "log_activity", kind_id=str(CALL), subject="电话", contact_id=contact["id"], happened_at=at
        )
    step = plan(office, contact_id=ahead["id"])

    def people(**where):
        query = {"where": where, "sort": "-last_activity_at"}
        return [row["name"] for row in office.ask(ALICE, "list", entity="contact", query=query)["rows"]]

    assert people() == ["王", "李", "赵"]
    assert people(last_activity_at__ne="last_90_days") == ["李", "赵"]
    assert people(next_activity_at__empty=True) == ["王", "李"]
    assert people(open_activities__gte=1, next_activity_at="next_7_days") == ["赵"]
    office.ask(ALICE, "cancel_activity", id=step["id"])
    assert people(next_activity_at__empty=True) == ["王", "李", "赵"]
    ver = office.ask(ALICE, "get", entity="contact", id=spoken["id"])["row"]["ver"]
    assert ver == 1, "what is done with her is no change of hers"


def test_customers_without_a_contact_and_without_a_planned_activity_are_found(office, customer):
    """CON-01, DAT-02: what must not be so."""
    other = office.create(ALICE, "customer", name="别家")
    office.create(ALICE, "contact", name="王", customer_id=customer["id"])
    plan(office, customer_id=customer["id"])
    plan(office, customer_id=other["id"])
    office.ask(ALICE, "cancel_activity", id=str(office.rows(model.Activity, customer_id=other["id"])[0].id))

    def firms(**where):
        return [
            row["name"]
            for row in office.ask(ALICE, "list", entity="customer", query={"where": where})["rows"]
        ]

    assert firms(**{"-contact.customer_id__empty": False}) == ["别家"]
    assert firms(**{"-activity.customer_id.state": "planned"}) == ["别家"]
    assert firms(**{"activity.customer_id.state": "planned"}) == [customer["name"]]
