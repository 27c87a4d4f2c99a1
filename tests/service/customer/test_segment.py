"""Segments keep who fits a question, since when, and do once for each new member what the template says (CUS-16, CUS-22)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from chassis.outbox import Outgoing
from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import (
    ActivityPlanned,
    CustomerHandedOver,
    CustomerListed,
    LeadAssigned,
    SegmentListed,
)
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import RoleListed, StaffListed
from contracts.shipped import shipped_id
from services.customer import model
from services.customer.actions import segment as gathering
from services.customer.actions.classes import ask_again
from services.customer.seed import seed
from tests.cast import BEIJING, SALES, grants, person
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT

OWN, TEAM = UUID(int=7001), UUID(int=7002)
VIP = shipped_id("organization.choice", "tag", "vip")


@pytest.fixture
def house(office):
    """Whose rights the cards tell: Alice sees her own customers, Bob those of his people."""
    for id, code, reach in ((OWN, "rep", "own"), (TEAM, "sales_manager", "team")):
        grants = [{"permission": "customer.*", "scope": reach}]
        office.hear(
            RoleListed(record_id=id, epoch=1, ver=1, label=code, data={"code": code, "grants": grants})
        )
    for who, role, manager in ((ALICE, OWN, BOB), (BOB, TEAM, None)):
        meet(office, who, role, manager)
    return office


def meet_role(office, id, *granted: str) -> None:
    """A role that is changed: what it grants now."""
    lines = [dict(zip(("permission", "scope"), grant.split(), strict=True)) for grant in granted]
    office.hear(RoleListed(record_id=id, epoch=1, ver=9, label="x", data={"code": "x", "grants": lines}))


def meet(office, who, role, manager=None, ver=2, **more) -> None:
    data = {
        "login": who.name.lower(), "department_id": str(SALES), "branch_id": str(BEIJING), "roles": [str(role)],
        "manager_id": str(manager.id) if manager else None, "state": "active", **more,
    }  # fmt: skip
    office.hear(StaffListed(record_id=who.id, epoch=1, ver=ver, label=who.name, data=data))


def kept(office, who=BOB, **values) -> dict[str, Any]:
    given = {
        "name": "很久没联系",
        "list_of": "customer.customer",
        "query": "kind=partner",
        "rhythm": "daily",
        **values,
    }
    return office.create(who, "segment", **given)


def gather(office, times: int = 1) -> None:
    for _ in range(times):
        with office.house.sessions.begin() as session:
            gathering.gather(Work(session, Actor.system("customer"), office.house, door="gather"))


def names(office, segment, who=ROOT) -> list[str]:
    query = {"where": {"segments": segment["id"]}, "sort": "name"}
    return [row["name"] for row in office.ask(who, "list", entity="customer", query=query)["rows"]]


def turns(office, segment, who=BOB) -> dict[str, Any]:
    return office.ask(who, "segment_turns", segment_id=segment["id"])


def test_who_fits_the_question_is_a_member_and_leaves_when_she_does_not(house):
    first = house.create(ALICE, "customer", name="甲", kind="partner")
    house.create(ALICE, "customer", name="乙")
    segment = kept(house)
    gather(house)
    assert names(house, segment) == ["甲"]
    assert house.ask(BOB, "get", entity="segment", id=segment["id"])["row"]["members"] == 1
    house.ask(ALICE, "update", entity="customer", id=first["id"], values={"kind": "internal"})
    house.create(ALICE, "customer", name="丙", kind="partner")
    house.later(days=1)
    gather(house, 2)
    assert names(house, segment) == ["丙"]
    told = turns(house, segment)
    assert [(day["came"], day["went"]) for day in told["days"]] == [(1, 1), (1, 0)]
    assert [(turn["name"], turn["joined"]) for turn in told["turned"]][2] == ("甲", True)


def cards(office) -> dict[str, CustomerListed]:
    """The newest card of each customer, as a listener keeps it."""
    said = sorted(office.emitted(CustomerListed), key=lambda card: (card.ver, card.retold))
    return {card.label: card for card in said}


def test_other_services_hear_who_belongs_to_it_many_together_and_each_change_once(house):
    """CUS-16: their lists ask for it; a nightly gathering of all customers is not a message for each."""
    for name in ("甲", "乙", "丙"):
        house.create(ALICE, "customer", name=name, kind="partner")
    segment, before = kept(house), len(house.rows(Outgoing))
    gather(house)
    told = cards(house)
    assert {name: card.data["segments"] for name, card in told.items()} == {
        name: [segment["id"]] for name in "甲乙丙"
    }
    assert {(card.ver, card.retold) for card in told.values()} == {(1, 1)}, (
        "nobody's form is out of date by it"
    )
    assert len(house.rows(Outgoing)) - before == 1, "one row for all of them"
    house.later(days=1)
    gather(house)
    assert cards(house) == told, "nothing is told where nothing changed"
    assert house.emitted(SegmentListed)[-1].label == "很久没联系"


def test_a_card_says_where_she_belongs_also_when_that_changed_while_somebody_was_typing(house):
    customer = house.create(ALICE, "customer", name="甲", kind="partner")
    with house.house.sessions.begin() as session:
        work = Work(session, Actor.system("customer"), house.house, door="update")
        row = work.get(model.Customer, UUID(customer["id"]))
        put = text("UPDATE customer SET segments = ARRAY[CAST(:segment AS uuid)], retold = retold + 1")
        session.connection().execute(put, {"segment": str(VIP)})  # by another, past what this one has in hand
        row.name = "乙"
    card = cards(house)["乙"]
    assert (card.ver, card.retold, card.data["segments"]) == (2, 2, [str(VIP)])


def test_cards_of_before_are_told_anew_with_all_they_say_now(house):
    house.create(ALICE, "customer", name="甲", nature="company")
    with house.house.sessions.begin() as session:
        session.connection().execute(text(f"UPDATE customer SET retold = -1, tags = ARRAY['{VIP}'::uuid]"))
    with house.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), house.house, door="seed"))
    for _ in range(2):
        with house.house.sessions.begin() as session:
            ask_again(Work(session, Actor.system("customer"), house.house, door="ask_again"))
    (card,) = [card for card in house.emitted(CustomerListed) if card.ver == 1][1:]
    assert (card.data["nature"], card.data["tags"], card.retold) == ("company", [str(VIP)], 0)


def test_it_is_gathered_with_the_rights_its_owner_has_today(house):
    house.create(ALICE, "customer", name="她的", kind="partner")
    house.create(CAROL, "customer", name="上海的", kind="partner")
    of_bob, of_alice = kept(house), kept(house, ALICE, name="我的")
    gather(house, 2)
    assert names(house, of_bob) == names(house, of_alice) == ["她的"]
    meet(house, ALICE, OWN, None, ver=3)  # she works for somebody else now
    house.later(days=1)
    gather(house, 2)
    assert (names(house, of_bob), names(house, of_alice)) == ([], ["她的"])


def test_an_owner_who_left_leaves_the_members_as_they_are_and_the_page_says_so(house):
    house.create(ALICE, "customer", name="甲", kind="partner")
    segment = kept(house)
    gather(house)
    meet(house, BOB, TEAM, ver=3, state="left")
    house.later(days=1)
    gather(house)
    row = house.ask(ROOT, "get", entity="segment", id=segment["id"])["row"]
    assert (row["trouble"], names(house, segment)) == ("owner_left", ["甲"])


def test_related_records_brackets_and_days_in_words_count_as_in_any_list(house):
    called, silent = (house.create(ALICE, "customer", name=name) for name in ("常联系", "没联系"))
    house.create(ALICE, "contact", name="王工", customer_id=silent["id"], job_title="厂长")
    house.ask(ALICE, "log_activity", kind_id=CALL, subject="问候", customer_id=called["id"])
    segment = kept(
        house,
        query="last_activity_at__ne=last_30_days&1.contact.customer_id.job_title=厂长&1.kind=partner&sort=-name",
    )
    assert "sort" not in segment["query"], "an order says nothing about who belongs to it"
    gather(house)
    assert names(house, segment) == ["没联系"]
    house.later(days=31)
    house.create(ALICE, "contact", name="李工", customer_id=called["id"], job_title="厂长")
    gather(house)
    assert names(house, segment) == ["常联系", "没联系"]


TREATED = {
    "plan_kind_id": str(CALL), "plan_subject": "回访", "plan_in_days": 3, "plan_text": "问问近况", "strategy": "每月一次",
}  # fmt: skip


def test_each_joining_is_handled_once_however_often_and_whenever_the_job_ran(house):
    first = house.create(ALICE, "customer", name="甲", kind="partner")
    told = house.create(ALICE, "customer", name="乙", kind="partner", strategy="已有打算")
    segment = kept(house, **TREATED)
    gather(house, 5)
    done = house.rows(model.Activity)
    assert (
        sorted((a.owner_id, a.subject, str(a.segment_id)) for a in done)
        == [(ALICE.id, "回访", segment["id"])] * 2
    )
    assert {str(a.starts_at) for a in done} == {"2026-03-13 01:00:00+00:00"}, "nine in the morning in Beijing"
    assert [event.planned_by for event in house.emitted(ActivityPlanned)] == [BOB.id] * 2
    kept_as = {row.name: row.strategy for row in house.rows(model.Customer)}
    assert kept_as == {"甲": "每月一次", "乙": "已有打算"}
    for kind, days in (("internal", 1), ("partner", 2)):  # she leaves and comes again
        for row in (first, told)[:1]:
            house.ask(ALICE, "update", entity="customer", id=row["id"], values={"kind": kind})
        house.later(days=days)
        gather(house, 3)
    assert len(house.rows(model.Activity)) == 3


def test_killed_between_joining_and_handling_nothing_is_lost_or_done_twice(house, monkeypatch):
    """Every stretch and every handful is one transaction: whatever was not committed is done again from the start."""
    for n in range(5):
        house.create(ALICE, "customer", name=f"客户{n}", kind="partner")
    segment = kept(house, **TREATED)
    monkeypatch.setattr(gathering, "STRETCH", 2)
    monkeypatch.setattr(gathering, "HANDLED_AT_ONCE", 2)
    for n in range(12):
        point = house.connection.begin_nested()
        gather(house)
        point.rollback() if n % 2 else point.commit()
    assert len(names(house, segment)) == 5
    assert len(house.rows(model.Activity)) == len({a.customer_id for a in house.rows(model.Activity)}) == 5


def test_only_who_joins_later_is_handled_when_that_is_wished(house):
    house.create(ALICE, "customer", name="早就在", kind="partner")
    kept(house, **TREATED, only_newcomers=True)
    gather(house, 2)
    assert house.rows(model.Activity) == []
    house.create(ALICE, "customer", name="新来的", kind="partner")
    house.later(days=1)
    gather(house, 2)
    assert len(house.rows(model.Activity)) == 1


def test_what_cannot_be_done_for_one_does_not_keep_the_others_waiting(house):
    shown = house.create(CAROL, "customer", name="上海的", kind="partner")
    house.create(ALICE, "customer", name="她的", kind="partner")
    with house.house.sessions.begin() as session:
        from chassis import scope

        scope.share(session, session.get(model.Customer, UUID(shown["id"])), BOB.id)
    segment = kept(house, plan_kind_id=str(CALL), plan_subject="回访")
    gather(house, 2)
    planned = {(a.customer_id, a.owner_id) for a in house.rows(model.Activity)}
    assert (UUID(shown["id"]), BOB.id) in planned, (
        "nobody fills the calendar of a colleague who is not below him"
    )
    assert len(planned) == 2
    assert turns(house, segment)["waiting"] == 0


def test_why_one_could_not_be_handled_is_kept_and_found_again(house):
    """CUS-22: «could not be handled» says why, for each."""
    house.create(ALICE, "customer", name="甲", kind="partner")
    meet_role(house, TEAM, "customer.customer.* team", "customer.segment.* team")
    segment = kept(house, plan_kind_id=str(CALL), plan_subject="回访")
    gather(house, 2)
    (turn,) = turns(house, segment)["turned"]
    assert (turn["unhandled"]["code"], turns(house, segment)["unhandled"]) == ("Forbidden", 1)
    found = house.ask(BOB, "segment_turns", segment_id=segment["id"], unhandled=True)
    assert [one["name"] for one in found["turned"]] == ["甲"]


def test_all_changes_are_read_a_page_at_a_time(house):
    for n in range(5):
        house.create(ALICE, "customer", name=f"客户{n}", kind="partner")
    segment = kept(house)
    gather(house)
    first, seen, before = True, [], None
    while first or before:
        first, found = (
            False,
            house.ask(BOB, "segment_turns", segment_id=segment["id"], limit=2, before=before),
        )
        seen += [turn["name"] for turn in found["turned"]]
        before = found["next"]
    assert sorted(seen) == [f"客户{n}" for n in range(5)], "all came at one moment, and each is told once"
    for wrong in ("x", "[1]", '["2026-03-10T00:00:00+00:00", 5]'):
        with pytest.raises(Invalid):
            house.ask(BOB, "segment_turns", segment_id=segment["id"], before=wrong)


def test_a_new_member_is_given_to_somebody_who_is_told(house):
    """CUS-22: the handling template says who looks after whoever joins."""
    row = house.create(BOB, "customer", name="甲", kind="partner")
    lead = house.create(BOB, "lead", name="线索甲")
    kept(house, give_to_id=str(ALICE.id), plan_kind_id=str(CALL), plan_subject="认识一下")
    kept(house, name="线索", list_of="customer.lead", query="state=new", give_to_id=str(ALICE.id))
    gather(house, 4)
    owner = {"customer": row["id"], "lead": lead["id"]}
    assert {house.ask(ROOT, "get", entity=noun, id=id)["row"]["owner_id"] for noun, id in owner.items()} == {
        str(ALICE.id)
    }
    (handed,) = house.emitted(CustomerHandedOver)
    assert (handed.to_id, handed.note) == (ALICE.id, "很久没联系")
    (assigned,) = house.emitted(LeadAssigned)
    assert assigned.to_id == ALICE.id
    assert [a.owner_id for a in house.rows(model.Activity)] == [ALICE.id], (
        "the plan is for whoever looks after it now"
    )


def test_a_second_step_is_taken_for_who_is_still_there_some_days_later(house):
    """CUS-22: once, and not for who has left meanwhile."""
    stays, goes = (house.create(ALICE, "customer", name=name, kind="partner") for name in ("留下", "离开"))
    again = {"again_in_days": 14, "again_kind_id": str(CALL), "again_subject": "再问一次"}
    segment = kept(house, strategy="每月一次", **again)
    gather(house, 3)
    assert house.rows(model.Activity) == []
    assert {turn["again_on"] for turn in turns(house, segment)["turned"]} == {"2026-03-24"}
    house.ask(ALICE, "update", entity="customer", id=goes["id"], values={"kind": "internal"})
    for _ in range(3):
        house.later(days=7)
        gather(house, 3)
    (planned,) = house.rows(model.Activity)
    assert (str(planned.customer_id), planned.subject) == (stays["id"], "再问一次")
    assert turns(house, segment)["unhandled"] == 0
    assert {turn["again_on"] for turn in turns(house, segment)["turned"]} == {None, "2026-03-24"}


def test_put_away_nobody_belongs_to_it_and_by_hand_it_waits_for_a_hand(house):
    house.create(ALICE, "customer", name="甲", kind="partner")
    segment = kept(house, rhythm="by_hand")
    gather(house)
    house.create(ALICE, "customer", name="乙", kind="partner")
    house.later(days=40)
    gather(house)
    assert names(house, segment) == ["甲"]
    house.ask(BOB, "gather_segment", id=segment["id"])
    gather(house)
    assert names(house, segment) == ["乙", "甲"]
    house.ask(BOB, "archive", entity="segment", id=segment["id"])
    gather(house)
    assert names(house, segment) == []


def test_put_away_while_it_is_gathered_it_leaves_nobody_marked(house, monkeypatch):
    monkeypatch.setattr(gathering, "STRETCH", 1)
    for n in range(3):
        house.create(ALICE, "customer", name=f"客户{n}", kind="partner")
    segment = kept(house)
    gather(house, 2)
    assert len(names(house, segment)) == 2
    house.ask(BOB, "archive", entity="segment", id=segment["id"])
    gather(house, 4)
    assert names(house, segment) == []
    house.ask(BOB, "restore", entity="segment", id=segment["id"])
    gather(house, 4)
    assert len(names(house, segment)) == 3


def test_who_came_is_named_only_as_far_as_one_sees_them(house):
    house.create(ALICE, "customer", name="甲", kind="partner")
    segment = kept(house)
    gather(house)
    assert [turn["name"] for turn in turns(house, segment, ROOT)["turned"]] == ["甲"]
    with pytest.raises(NotFound):
        turns(house, segment, CAROL)
    with pytest.raises(Forbidden):
        house.ask(ALICE.model_copy(update={"grants": ()}), "gather_segment", id=segment["id"])


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"query": "nothing=1"}, "query", "wrong_condition"), ({"query": "created_at=someday"}, "query", "wrong_condition"),
        ({"query": ""}, "query", "required"), ({"query": "sort=name"}, "query", "required"),
        ({"plan_subject": "回访"}, "plan_kind_id", "required"), ({"plan_kind_id": str(CALL)}, "plan_subject", "required"),
        ({"list_of": "customer.lead", "query": "state=new", "strategy": "x"}, "strategy", "wrong"),
        ({"again_in_days": 3, "again_kind_id": str(CALL)}, "again_subject", "required"),
        ({"list_of": "customer.contact", "query": "job_title=厂长", "give_to_id": str(ALICE.id)}, "give_to_id", "wrong"),
        ({"list_of": "sales.quote"}, "list_of", "not_a_choice"), ({"plan_in_days": 9999}, "plan_in_days", "too_large"),
    ],
)  # fmt: skip
def test_wrong_input_names_its_field(house, values, field, code):
    with pytest.raises(Invalid) as raised:
        kept(house, **values)
    assert [(p.field, p.code) for p in raised.value.fields] == [(field, code)]
    assert house.rows(model.Segment) == []


def test_nobody_lets_a_segment_run_with_the_rights_of_somebody_else(house):
    """Everybody may read segments; that must not be a way to what only a colleague sees and may change."""
    alice = ALICE.model_copy(update={"grants": (*ALICE.grants, *grants("customer.segment.read all"))})
    of_bob, mine = kept(house), kept(house, alice, name="我的", strategy="先下手")
    with pytest.raises(Forbidden):
        kept(house, alice, owner_id=str(BOB.id), strategy="先下手")
    for values in ({"owner_id": str(BOB.id)}, {"owner_id": str(CAROL.id)}):
        with pytest.raises(Forbidden):
            house.ask(alice, "update", entity="segment", id=mine["id"], values=values)
    peer = person(UUID(int=7003), "Peer", "customer.* department")
    for values in ({"query": "kind=internal"}, {"strategy": "先下手"}, {"plan_in_days": 3}):
        with pytest.raises(Forbidden):
            house.ask(peer, "update", entity="segment", id=of_bob["id"], values=values)
    house.ask(peer, "update", entity="segment", id=of_bob["id"], values={"name": "换个名字"})
    house.ask(BOB, "update", entity="segment", id=mine["id"], values={"query": "kind=internal"})
    house.ask(ROOT, "update", entity="segment", id=mine["id"], values={"owner_id": str(BOB.id)})


def test_a_question_the_database_cannot_answer_stops_its_own_segment_and_no_other(house, monkeypatch):
    house.create(ALICE, "customer", name="甲", kind="partner")
    broken, sound = kept(house, name="坏的", query="kind=internal"), kept(house)
    chosen = gathering.filters.chosen

    def asked(work, cls, query, *within):
        wrong = [text("1 / 0 = 1")] if "internal" in query.where.values() else []
        return chosen(work, cls, query, *within, *wrong)

    monkeypatch.setattr(gathering.filters, "chosen", asked)
    gather(house, 2)
    rows = {row.name: row for row in house.rows(model.Segment)}
    assert (rows["坏的"].trouble, rows["坏的"].walked_to) == ("question_outdated", None)
    assert (rows[sound["name"]].members, names(house, broken)) == (1, [])


def test_a_fragment_with_a_sign_that_no_database_keeps_is_asked_without_it(house):
    house.create(ALICE, "customer", name="甲公司")
    segment = kept(house, query="q=%00甲")
    gather(house)
    assert names(house, segment) == ["甲公司"]


KINDS = ("end_customer", "partner", "internal")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from(KINDS), min_size=4, max_size=4), min_size=1, max_size=5),
    st.integers(1, 5),
)
def test_after_any_history_the_members_are_those_who_fit_and_each_joining_is_a_row(house, history, stretch):
    savepoint = house.connection.begin_nested()
    patch = pytest.MonkeyPatch()
    patch.setattr(gathering, "STRETCH", stretch)
    rows = [house.create(ALICE, "customer", name=f"客户{n}") for n in range(4)]
    segment = kept(house, rhythm="by_hand", **TREATED)
    gather(house, 6)
    inside, joinings = set(), 0
    for kinds in history:
        for row, kind in zip(rows, kinds, strict=True):
            house.ask(ALICE, "update", entity="customer", id=row["id"], values={"kind": kind})
        house.later(minutes=1)
        house.ask(BOB, "gather_segment", id=segment["id"])
        gather(house, 6)
        fits = {row["name"] for row, kind in zip(rows, kinds, strict=True) if kind == "partner"}
        joinings += len(fits - inside)
        inside = fits
        assert set(names(house, segment)) == inside
    members = house.rows(model.SegmentMember)
    assert (len(members), sum(m.until is None for m in members)) == (joinings, len(inside))
    assert len(house.rows(model.Activity)) == joinings
    patch.undo()
    savepoint.rollback()
