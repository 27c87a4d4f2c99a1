"""The customer decides against us."""

import pytest

from contracts.errors import IllegalTransition, Invalid, NotFound
from contracts.organization import ChoiceListed
from contracts.sales import OpportunityLost
from tests.cards import card
from tests.cast import id_of
from tests.service.sales.conftest import ALICE, CAROL, PRICE, STAGE


def lose(office, opportunity, actor=ALICE, reason=PRICE, **more):
    return office.ask(actor, "lose_opportunity", id=opportunity["id"], reason_id=str(reason), **more)["row"]


def test_it_says_why(office, opportunity):
    lost = lose(office, opportunity, note="对手低 15%")
    assert (lost["state"], lost["reason_id"], lost["closed_at"]) == (
        "lost",
        str(PRICE),
        office.now.isoformat(),
    )
    (said,) = office.emitted(OpportunityLost)
    assert (said.reason_id, str(said.stage_id), said.lost_at) == (PRICE, STAGE["contact"], office.now)
    entry = office.ask(ALICE, "history", entity="opportunity", id=opportunity["id"])["changes"][0]
    assert entry["note"] == "对手低 15%"


def test_the_reason_is_one_of_the_list(office, opportunity):
    office.hear(card(ChoiceListed, id_of(901), "商业贸易", list="industry", code="trade"))
    for reason in (id_of(901), id_of(999)):
        with pytest.raises(Invalid) as raised:
            lose(office, opportunity, reason=reason)
        assert raised.value.fields[0].field == "reason_id"
    with pytest.raises(Invalid):
        office.ask(ALICE, "lose_opportunity", id=opportunity["id"])


def test_it_is_lost_once(office, opportunity):
    lose(office, opportunity)
    with pytest.raises(IllegalTransition):
        lose(office, opportunity)


def test_nobody_gives_up_for_others(office, opportunity):
    with pytest.raises(NotFound):
        lose(office, opportunity, actor=CAROL)


def test_who_else_offered_is_kept_with_it(office, opportunity):
    """CUS-02: what was written down before stays, unless it is said anew."""
    office.ask(ALICE, "update", entity="opportunity", id=opportunity["id"], values={"competitors": "甲公司"})
    assert lose(office, opportunity)["competitors"] == "甲公司"
    office.ask(ALICE, "reopen_opportunity", id=opportunity["id"])
    assert (
        lose(office, opportunity, competitors="甲公司、乙公司（中标）")["competitors"]
        == "甲公司、乙公司（中标）"
    )
