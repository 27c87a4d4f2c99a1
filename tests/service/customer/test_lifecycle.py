"""A customer's lifecycle (CUS-07): entered by facts or by hand, stalled, lost, come back; and who stands where (CUS-08)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import CustomersStalled
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.receivables import (
    ContractCancelled,
    ContractCompleted,
    ContractSigned,
    ExecutionChanged,
    FormerContractBooked,
    StepTaken,
)
from contracts.sales import (
    OpportunityListed,
    OpportunityLost,
    OpportunityMoved,
    OpportunityOpened,
    OpportunityWon,
    QuoteAccepted,
    QuoteSent,
)
from contracts.service_desk import DealHandoverAccepted, TicketReopened
from contracts.shipped import shipped_id
from services.customer import model, rules
from services.customer.actions.classes import ask_again
from services.customer.actions.nudges import nudge
from services.customer.seed import seed, stages
from tests.cast import id_of
from tests.desk import NOON
from tests.service.customer.conftest import ALICE, CALL, CAROL, READER, ROOT

CODES = {str(stage["id"]): code for stage, code in zip(stages(), (
    "target", "potential", "need", "solution", "negotiation", "order", "customer", "delivery", "implementation",
    "training", "acceptance", "service", "repeat",
), strict=True)}  # fmt: skip


@pytest.fixture(autouse=True)
def shipped(office):
    """The stages that the service is born with."""
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), office.house, door="seed"))


def stage(code):
    return str(shipped_id("customer.lifecycle_stage", code))


def look(office):
    with office.house.sessions.begin() as session:
        ask_again(Work(session, Actor.system("night"), office.house, door="ask_again"))


def stands(office, customer):
    row = office.ask(ALICE, "get", entity="customer", id=customer["id"])["row"]
    return CODES.get(row["stage_id"])


def mark(office, customer, actor=ALICE, **said):
    return office.ask(actor, "mark_customer", id=customer["id"], **said)["row"]


def way(office, customer, actor=ALICE, **more):
    return office.ask(actor, "lifecycle", customer_id=customer["id"], **more)


def chance(customer, number=0):
    return {"opportunity_id": id_of(850 + number), "customer_id": customer["id"], "stage_id": id_of(1)}


def contract(customer, number=0):
    return {"contract_id": id_of(860 + number), "customer_id": customer["id"]}


def opened(customer, number=0, at=NOON):
    return OpportunityOpened(name="机房", expected_amount="900.00", opened_at=at, **chance(customer, number))


def signed(customer, number=0, on="2026-03-10"):
    told = {
        "number": f"HT-{number}",
        "name": "机房",
        "amount": "5.00",
        "signed_on": on,
        "receivable_id": id_of(1),
    }
    return ContractSigned(**told, **contract(customer, number))


def test_facts_lead_a_customer_from_stage_to_stage(office, customer):
    quote = {
        "quote_id": id_of(870),
        "name": "报价",
        "opportunity_id": id_of(850),
        "customer_id": customer["id"],
        "amount": "9",
    }
    told = {"number": "HT-1", "customer_id": customer["id"]}
    look(office)
    seen = [stands(office, customer)]
    office.ask(ALICE, "log_activity", kind_id=str(CALL), subject="回访", customer_id=customer["id"])
    look(office)
    for event in (
        None,
        opened(customer),
        QuoteSent(sent_at=NOON, **quote),
        QuoteAccepted(accepted_at=NOON, **quote),
        OpportunityWon(name="机房", amount="9", contract_id=id_of(860), won_at=NOON, **chance(customer)),
        signed(customer),
        ContractCompleted(contract_id=id_of(860), **told),
        DealHandoverAccepted(
            deal_handover_id=id_of(871), contract_id=id_of(860), contract_number="HT-1", to_id=id_of(2), accepted_at=NOON,
            **told,
        ),
        FormerContractBooked(
            contract_id=id_of(869), name="旧合同", amount="5", signed_on="2020-01-01", receivable_id=id_of(1), **told
        ),
    ):  # fmt: skip
        if event is not None:
            office.hear(event)
        seen.append(stands(office, customer))
    assert seen == [
        "target", "potential", "need", "solution", "negotiation", "order", "customer", "acceptance", "service", "repeat",
    ]  # fmt: skip
    office.hear(ContractCancelled(amount="5", was_signed=True, reason="x", contract_id=id_of(869), **told))
    assert stands(office, customer) == "service"


def test_steps_of_a_contract_s_execution_lead_on_and_what_was_taken_back_is_not_said(office, customer):
    """CUS-07: delivery, implementation, training and acceptance follow from the contract, not from typing."""

    def carried_out(**days):
        steps = tuple(
            StepTaken(kind=kind, begun_on=begun, done_on=done) for kind, (begun, done) in days.items()
        )
        office.hear(ExecutionChanged(name="机房", number="HT-1", steps=steps, **contract(customer)))
        return stands(office, customer)

    office.hear(signed(customer))
    assert carried_out(review=("2026-03-01", "2026-03-02"), delivery=(None, None)) == "customer"
    assert carried_out(delivery=("2026-03-10", None)) == "delivery"
    assert carried_out(delivery=("2026-03-10", "2026-03-10"), training=("2026-03-10", None)) == "training"
    entered = {CODES[step["id"]]: step["entered"] for step in way(office, customer)["stages"]}
    assert (entered["training"]["fact"], entered["training"]["on"]) == ("training_begun", "2026-03-10")
    assert carried_out(delivery=("2026-03-10", None), training=(None, None)) == "delivery", "it was a mistake"
    change = {"id": stage("acceptance"), "values": {"entered_by": "acceptance_done"}}
    office.ask(ROOT, "update", entity="lifecycle_stage", **change)
    assert carried_out(delivery=("2026-03-10", None), acceptance=(None, "2026-03-10")) == "acceptance"


def test_stages_of_an_earlier_release_that_nobody_touched_follow_the_new_facts(office):
    with office.house.sessions.begin() as session:
        work = Work(session, Actor.system("seed"), office.house, door="seed")
        work.get(model.LifecycleStage, UUID(stage("delivery"))).entered_by = None
    change = {"id": stage("training"), "values": {"entered_by": None}}
    office.ask(ROOT, "update", entity="lifecycle_stage", **change)
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), office.house, door="seed"))
    rows = {CODES[str(row.id)]: row.entered_by for row in office.rows(model.LifecycleStage)}
    assert (rows["delivery"], rows["training"]) == ("delivery_begun", None)


def test_whoever_looks_after_a_customer_hears_once_that_it_stalls(office, customer):
    """CUS-07: it may stall at any step."""

    def morning(days):
        office.later(days=days)
        with office.house.sessions.begin() as session:
            nudge(Work(session, Actor.system("customer"), office.house, door="nudge"))
        return [(told.owner_id, told.count, told.names) for told in office.emitted(CustomersStalled)]

    office.hear(opened(customer))
    assert morning(29) == []
    hers = (ALICE.id, 1, (customer["name"],))
    assert morning(1) == [hers]
    assert morning(1) == [hers]
    office.ask(ALICE, "log_activity", kind_id=str(CALL), subject="回访", customer_id=customer["id"])
    look(office)
    assert morning(30) == [hers, hers], "that is another time"
    office.ask(ALICE, "mark_customer", id=customer["id"], mark="lost", note="选了对手")
    assert morning(90) == [hers, hers]


def test_many_are_marked_at_once_and_it_is_taken_back_where_nobody_said_more(office):
    rows = [office.create(ALICE, "customer", name=name) for name in ("甲", "乙", "丙")]
    look(office)
    picked = office.ask(ALICE, "pick_batch", entity="customer", ids=[row["id"] for row in rows])
    values = {"mark": "entered", "stage_id": stage("need")}
    office.ask(ALICE, "check_batch", batch_id=picked["id"], verb="mark", values=values)
    assert {stands(office, row) for row in rows} == {"target"}, "tried only"
    office.ask(ALICE, "run_batch", batch_id=picked["id"])
    assert {stands(office, row) for row in rows} == {"need"}
    mark(office, rows[0], mark="planned", stage_id=stage("solution"), on="2026-04-20")
    mark(office, rows[1], stage_id=stage("solution"))
    counts = office.ask(ALICE, "take_back_batch", batch_id=picked["id"], note="弄错了")["counts"]
    assert counts == {"undone": 2, "kept": 1}
    assert [stands(office, row) for row in rows] == ["target", "solution", "target"]
    assert any(step["planned"] for step in way(office, rows[0])["stages"]), "what she said besides stays"


def test_a_person_says_what_no_fact_tells_and_takes_it_back(office, customer):
    office.hear(signed(customer))
    mark(office, customer, stage_id=stage("delivery"), on="2026-03-10", note="已发货")
    mark(office, customer, mark="planned", stage_id=stage("training"), on="2026-04-20")
    assert stands(office, customer) == "delivery"
    steps = {CODES[step["id"]]: step for step in way(office, customer)["stages"]}
    assert (steps["delivery"]["entered"]["note"], steps["delivery"]["entered"]["told_by"]) == (
        "已发货",
        "Alice",
    )
    assert (steps["training"]["planned"]["on"], steps["training"]["entered"]) == ("2026-04-20", None)
    office.ask(ALICE, "unmark_customer", id=customer["id"], mark_id=steps["delivery"]["entered"]["id"])
    assert stands(office, customer) == "customer"
    with pytest.raises(NotFound):
        office.ask(ALICE, "unmark_customer", id=customer["id"], mark_id=steps["delivery"]["entered"]["id"])


def test_it_stalls_is_lost_and_comes_back(office, customer):
    office.hear(opened(customer))
    office.later(days=29)
    assert way(office, customer)["is_stalled"] is False
    office.later(days=1)
    assert way(office, customer)["is_stalled"] is True
    office.ask(ALICE, "log_activity", kind_id=str(CALL), subject="回访", customer_id=customer["id"])
    look(office)
    assert way(office, customer)["is_stalled"] is False
    assert mark(office, customer, mark="lost", note="选了对手")["is_lost"] is True
    found = way(office, customer)
    assert (found["is_lost"], found["stalls_on"], found["told"][0]["note"]) == (True, None, "选了对手")
    assert way(office, customer, as_of="2026-03-20")["is_lost"] is False
    office.later(days=5)
    office.hear(opened(customer, 1, at=office.now))
    assert way(office, customer)["is_lost"] is False
    assert [turn["mark"] for turn in way(office, customer)["told"]] == ["lost", "returned"]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("stage_id", {}),
        ("stage_id", {"stage_id": str(id_of(1))}),
        ("stage_id", {"mark": "lost", "stage_id": stage("need"), "note": "x"}),
        ("note", {"mark": "lost"}),
        ("on", {"stage_id": stage("need"), "on": "2026-03-11"}),
        ("mark", {"mark": "gone"}),
    ],
)
def test_what_cannot_be_said_is_refused(office, customer, field, said):
    with pytest.raises(Invalid) as told:
        mark(office, customer, **said)
    assert [problem.field for problem in told.value.fields] == [field]
    assert office.rows(model.LifecycleMark) == []


def test_rights_are_those_of_the_customer(office, customer):
    office.hear(opened(customer))
    for door in (mark, way):
        with pytest.raises(NotFound):
            door(office, customer, CAROL)
    with pytest.raises(Forbidden):
        mark(office, customer, READER, mark="returned")
    assert sum(row["customers"] for row in office.ask(CAROL, "lifecycle_counts")["stages"]) == 0


def test_who_stands_where_and_what_lies_there(office, customer):
    other = office.create(ALICE, "customer", name="泰微信息")
    office.hear(opened(customer))
    office.hear(opened(other, 1))
    office.hear(OpportunityLost(reason_id=id_of(2), lost_at=NOON, **chance(other, 1)))
    office.hear(
        OpportunityMoved(
            from_stage_id=id_of(1), to_stage_id=id_of(2), expected_amount="950.00", moved_at=NOON,
            opportunity_id=id_of(850), customer_id=customer["id"],
        ), sequence=9,
    )  # fmt: skip
    office.hear(
        TicketReopened(ticket_id=id_of(880), number="SR-1", subject="漏油", customer_id=customer["id"])
    )
    data = {"customer_id": customer["id"], "state": "open"}
    office.hear(OpportunityListed(record_id=id_of(850), epoch=1, ver=2, label="机房", data=data))
    mark(office, other, mark="lost", note="没有预算")
    office.later(days=40)
    (need,) = [row for row in office.ask(ROOT, "lifecycle_counts")["stages"] if CODES[row["id"]] == "need"]
    told = ("customers", "stalled", "lost", "opportunities", "amount", "tickets", "activities")
    assert [need[name] for name in told] == [2, 1, 1, 1, "950.00", 1, 0]
    where = {"stage_id": need["id"], "stalls_on__lte": office.now.date().isoformat()}
    rows = office.ask(ROOT, "list", entity="customer", query={"where": where})["rows"]
    assert [row["id"] for row in rows] == [customer["id"]]


def test_one_fact_leads_into_one_stage(office):
    with pytest.raises(Invalid):
        office.create(ROOT, "lifecycle_stage", name="又一个", position=1, entered_by="quote_sent")


TURNS = st.lists(
    st.builds(
        rules.Turn, st.dates(date(2026, 1, 1), date(2026, 1, 9)), st.just(None),
        st.sampled_from(("entered", "lost", "returned")), st.sampled_from([row["id"] for row in stages()]),
        st.integers(0, 10**6),
    ), max_size=6, unique_by=lambda turn: turn.id,
)  # fmt: skip


@given(told=TURNS, data=st.data())
def test_the_way_is_the_same_in_whatever_order_it_was_heard(told, data):
    there = [model.LifecycleStage(**row) for row in stages()]
    facts = [
        rules.Turn(date(2026, 1, 2), "opportunity_opened"),
        rules.Turn(date(2026, 1, 5), "contract_signed"),
    ]
    one = rules.way(there, facts + told)
    other = rules.way(there[::-1], data.draw(st.permutations(facts + told)))
    assert (one.stage, one.since, one.is_lost, one.moved_on) == (
        other.stage,
        other.since,
        other.is_lost,
        other.moved_on,
    )
