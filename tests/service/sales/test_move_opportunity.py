"""An opportunity goes from stage to stage, forward or back."""

from datetime import timedelta

import pytest

from contracts.errors import ChangedMeanwhile, Forbidden, IllegalTransition, Invalid, NotFound
from contracts.sales import OpportunityMoved
from services.sales import model
from tests.cast import ALICE_ID
from tests.desk import NOON
from tests.service.sales.conftest import ALICE, BOB, CAROL, DAN, ROOT, STAGE


def move(office, opportunity, to, actor=ALICE, **more):
    return office.ask(actor, "move_opportunity", id=opportunity["id"], stage_id=STAGE[to], **more)["row"]


def test_it_stands_there_since_now(office, opportunity):
    office.later(days=2)
    moved = move(office, opportunity, "solution")
    assert (moved["stage_id"], moved["ver"]) == (STAGE["solution"], 2)
    assert moved["stage_since"] == (NOON + timedelta(days=2)).isoformat()


def test_it_is_announced_with_when_it_happened(office, opportunity):
    office.later(days=5)
    yesterday = office.now - timedelta(days=1)
    move(office, opportunity, "solution", happened_at=yesterday.isoformat())
    move(office, opportunity, "need")
    first, second = office.emitted(OpportunityMoved)
    assert (str(first.from_stage_id), str(first.to_stage_id)) == (STAGE["contact"], STAGE["solution"])
    assert (first.moved_at, first.owner_id) == (yesterday, ALICE_ID)
    assert (str(second.from_stage_id), str(second.to_stage_id)) == (STAGE["solution"], STAGE["need"])
    assert second.moved_at == office.now


def test_the_form_moves_it_just_as_well(office, opportunity):
    office.later(hours=1)
    office.ask(
        ALICE, "update", entity="opportunity", id=opportunity["id"], values={"stage_id": STAGE["need"]}
    )
    (said,) = office.emitted(OpportunityMoved)
    assert (str(said.to_stage_id), said.moved_at) == (STAGE["need"], office.now)


def test_the_same_stage_again_is_no_move(office, opportunity):
    assert move(office, opportunity, "contact")["ver"] == 1
    assert office.emitted(OpportunityMoved) == []


def test_its_trail_stands_in_the_log(office, opportunity):
    move(office, opportunity, "need", note="客户确认了预算")
    entry = office.ask(BOB, "history", entity="opportunity", id=opportunity["id"])["changes"][0]
    assert entry["changes"]["stage_id"] == [STAGE["contact"], STAGE["need"]]
    assert (entry["actor_name"], entry["door"], entry["note"]) == (
        "Alice",
        "sales.move_opportunity",
        "客户确认了预算",
    )


@pytest.mark.parametrize(("delta", "code"), [({"days": 1}, "after"), ({"days": -9}, "before")])
def test_it_happened_neither_in_the_future_nor_before_the_step_before(office, opportunity, delta, code):
    at = (office.now + timedelta(**delta)).isoformat()
    with pytest.raises(Invalid) as raised:
        move(office, opportunity, "need", happened_at=at)
    assert [(p.field, p.code) for p in raised.value.fields] == [("happened_at", code)]


def test_not_to_a_stage_that_was_put_away(office, opportunity):
    office.ask(ROOT, "archive", entity="stage", id=STAGE["order"])
    with pytest.raises(Invalid):
        move(office, opportunity, "order")
    with pytest.raises(Invalid):
        office.ask(ALICE, "move_opportunity", id=opportunity["id"], stage_id=str(opportunity["id"]))


def test_a_closed_one_does_not_move(office, opportunity):
    office.ask(ALICE, "win_opportunity", id=opportunity["id"], amount="1")
    with pytest.raises(IllegalTransition):
        move(office, opportunity, "need")


def test_two_who_move_it_at_once_are_told(office, opportunity):
    move(office, opportunity, "need", ver=1)
    with pytest.raises(ChangedMeanwhile):
        move(office, opportunity, "solution", ver=1)


def test_the_superior_may_others_may_not(office, opportunity):
    assert move(office, opportunity, "need", actor=BOB)["stage_id"] == STAGE["need"]
    with pytest.raises(NotFound):
        move(office, opportunity, "order", actor=CAROL)
    with pytest.raises(Forbidden):
        move(office, opportunity, "order", actor=DAN)
    assert [str(o.stage_id) for o in office.rows(model.Opportunity)] == [STAGE["need"]]
