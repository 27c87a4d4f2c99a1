"""A chance to sell is written down, or comes from a converted lead."""

import pytest

from contracts.customer import LeadConverted
from contracts.errors import Forbidden, InUse, Invalid, NotFound
from contracts.noted import Noted
from contracts.sales import NoStages, OpportunityListed, OpportunityOpened
from services.sales import model
from tests.cast import ALICE_ID, BEIJING, CAROL_ID, SALES, id_of
from tests.desk import NOON
from tests.own_fields import define
from tests.service.sales.conftest import ALICE, BOB, CAROL, DAN, LI, ROOT, STAGE, TAIWEI, WANG

CONVERTED = LeadConverted(
    lead_id=id_of(701), customer_id=TAIWEI, contact_id=WANG, opportunity_id=id_of(702), name="泰微一期",
    expected_amount="80000.00", expected_on="2026-05-31", owner_id=ALICE_ID,
)  # fmt: skip


def test_it_stands_at_the_first_stage_and_belongs_to_whoever_wrote_it_down(opportunity):
    assert opportunity["number"] == "XM-HQ-2026-00001"
    assert (opportunity["stage_id"], opportunity["state"]) == (STAGE["contact"], "open")
    assert opportunity["stage_since"] == NOON.isoformat()
    assert (opportunity["owner_id"], opportunity["department_id"]) == (str(ALICE_ID), str(SALES))


def test_it_may_begin_further_on(sell):
    assert sell(ALICE, stage_id=STAGE["solution"])["stage_id"] == STAGE["solution"]


def test_it_is_announced(office, opportunity):
    (said,) = office.emitted(OpportunityOpened)
    assert (str(said.opportunity_id), said.number) == (opportunity["id"], opportunity["number"])
    assert (said.customer_id, said.owner_id, str(said.stage_id)) == (TAIWEI, ALICE_ID, STAGE["contact"])
    assert (said.opened_at, str(said.expected_amount)) == (NOON, "100000.00")
    (card,) = office.emitted(OpportunityListed)
    assert card.data["state"] == "open"
    assert card.data["customer_id"] == str(TAIWEI)


def test_a_converted_lead_opens_it_under_the_id_it_was_given(office):
    office.hear(CONVERTED)
    (row,) = office.rows(model.Opportunity)
    assert (row.id, row.lead_id, row.contact_id) == (id_of(702), id_of(701), WANG)
    assert (row.owner_id, row.department_id, row.branch_id) == (ALICE_ID, SALES, BEIJING)
    assert str(row.stage_id) == STAGE["contact"]
    assert office.ask(ALICE, "get", entity="opportunity", id=str(row.id))["row"]["name"] == "泰微一期"


def test_it_says_what_the_lead_said_in_own_fields_that_both_have(office):
    """LED-06, users 6: of the same code and kind."""
    for entity, kind in (("customer.lead", "text"), ("sales.opportunity", "text")):
        define(office, entity, "room", kind)
    define(office, "customer.lead", "floor", "text")
    define(office, "sales.opportunity", "floor", "whole_number")
    own = {"own_room": "三楼", "own_floor": "东", "own_gone": "x"}
    office.hear(CONVERTED.model_copy(update={"noted": (Noted(entity="customer.lead", own=own),)}))
    row = office.ask(ALICE, "get", entity="opportunity", id=str(id_of(702)))["row"]
    assert (row["own_room"], row["own_floor"]) == ("三楼", None)


def test_the_same_news_twice_opens_one(office):
    office.hear(CONVERTED)
    office.hear(CONVERTED)
    assert len(office.rows(model.Opportunity)) == 1
    assert len(office.emitted(OpportunityOpened)) == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("customer_id", str(id_of(999)), "not_an_id"), ("contact_id", str(LI), "not_a_choice"), ("name", "", "required"),
        ("expected_amount", "-1", "too_small"), ("expected_on", "2026-02-30", "not_a_date"),
        ("stage_id", str(id_of(999)), "not_an_id"),
    ],
)  # fmt: skip
def test_wrong_input_names_its_field(sell, field, value, code):
    with pytest.raises(Invalid) as raised:
        sell(ALICE, **{field: value})
    assert [(p.field, p.code) for p in raised.value.fields] == [(field, code)]


def test_nobody_sells_to_a_customer_she_does_not_see(sell):
    """泰微 is Alice's; Carol sees her own customers."""
    with pytest.raises(Invalid):
        sell(CAROL)


def test_without_stages_nothing_can_be_opened(office, sell):
    for id in STAGE.values():
        office.ask(ROOT, "archive", entity="stage", id=id)
    with pytest.raises(NoStages):
        sell(ALICE)


def test_the_team_sees_it_and_nobody_else(office, opportunity):
    seen = {"entity": "opportunity", "id": opportunity["id"]}
    assert office.ask(BOB, "get", seen)["row"]["id"] == opportunity["id"]
    assert office.ask(DAN, "list", entity="opportunity")["count"] == 1
    assert office.ask(CAROL, "list", entity="opportunity")["count"] == 0
    with pytest.raises(NotFound):
        office.ask(CAROL, "get", seen)
    with pytest.raises(Forbidden):
        office.ask(DAN, "create", entity="opportunity", values={"name": "x", "customer_id": str(TAIWEI)})


def test_its_quotes_go_with_it_to_a_new_owner(office, quote, opportunity):
    office.ask(BOB, "update", entity="opportunity", id=opportunity["id"], values={"owner_id": str(ALICE_ID)})
    boss = BOB.model_copy(update={"grants": ROOT.grants})
    office.ask(boss, "update", entity="opportunity", id=opportunity["id"], values={"owner_id": str(CAROL_ID)})
    assert [q.owner_id for q in office.rows(model.Quote)] == [CAROL_ID]
    log = office.ask(ROOT, "history", entity="quote", id=quote["id"])["changes"][0]
    assert log["changes"]["owner_id"] == [str(ALICE_ID), str(CAROL_ID)]


def test_a_won_one_or_one_with_a_standing_quote_is_not_put_away(office, opportunity, quote, go):
    go(quote, "submit")
    with pytest.raises(InUse):
        office.ask(ALICE, "archive", entity="opportunity", id=opportunity["id"])
