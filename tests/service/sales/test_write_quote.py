"""A quote is written: lines from the price list or in free words, adding up to the cent."""

from decimal import Decimal

import pytest

from contracts.customer import ContactListed
from contracts.errors import InUse, Invalid, NotFound
from contracts.sales import OpportunityClosed, QuoteListed
from services.sales import model
from tests.cast import ALICE_ID, id_of
from tests.own_fields import define
from tests.service.sales.conftest import ALICE, BOB, CAROL, LI, OSCILLOSCOPE, QILI, TAIWEI, TRAINING, WANG


def write(office, opportunity, *lines, actor=ALICE, **values):
    given = {"name": "报价", "opportunity_id": opportunity["id"], "lines": list(lines)}
    return office.create(actor, "quote", **(given | values))


def test_it_takes_names_and_prices_from_the_price_list(quote):
    assert [(line["description"], line["unit_price"], line["amount"]) for line in quote["lines"]] == [
        ("数字示波器", "12800.00", "23040.00"),
        ("操作培训", "6000.00", "6000.00"),
    ]
    assert (quote["amount"], quote["state"], quote["number"]) == ("29040.00", "draft", "BJ-HQ-2026-00001")


def test_it_belongs_to_the_opportunity_and_its_customer(office, quote, opportunity):
    assert (quote["customer_id"], quote["contact_id"]) == (str(TAIWEI), str(WANG))
    card = office.emitted(QuoteListed)[-1]
    assert card.data["opportunity_id"] == opportunity["id"]


def test_what_the_opportunity_says_in_own_fields_that_both_have_it_says_too(office, sell):
    """Users 6: what was written with the quote stays."""
    for entity in ("sales.opportunity", "sales.quote"):
        define(office, entity, "room")
        define(office, entity, "floor")
    define(office, "sales.opportunity", "gate")
    opportunity = sell(ALICE, own_room="三楼", own_floor="东", own_gate="二号")
    quote = write(office, opportunity, own_floor="西")
    assert {name: value for name, value in quote.items() if name.startswith("own_")} == {
        "own_room": "三楼", "own_floor": "西",
    }  # fmt: skip
    again = office.ask(ALICE, "update", entity="quote", id=quote["id"], values={"own_room": None})["row"]
    assert again["own_room"] is None


def test_it_is_written_and_revised_when_whom_we_deal_with_has_changed_jobs(office, quote, opportunity, go):
    """CON-04: only nobody new may be named who works elsewhere."""
    at_other = {"customer_id": str(QILI), "owner_id": str(ALICE_ID)}
    office.hear(ContactListed(record_id=WANG, epoch=1, ver=2, label="王芳", data=at_other))
    assert write(office, opportunity)["contact_id"] == str(WANG)
    go(quote, "submit", "approve")
    assert office.ask(ALICE, "revise_quote", id=quote["id"])["row"]["contact_id"] == str(WANG)
    office.ask(ALICE, "update", entity="opportunity", id=opportunity["id"], values={"contact_id": None})
    with pytest.raises(Invalid) as raised:
        write(office, opportunity, contact_id=str(WANG))
    assert [(p.field, p.code) for p in raised.value.fields] == [("contact_id", "not_a_choice")]


def test_a_line_may_say_something_else_than_the_price_list(office, opportunity):
    row = write(
        office, opportunity,
        {"product_id": OSCILLOSCOPE, "description": "示波器（展品）", "unit_price": "9,999.99", "quantity": "３"},
        {"description": "运费", "unit_price": "350"},
    )  # fmt: skip
    assert [line["amount"] for line in row["lines"]] == ["29999.97", "350.00"]
    assert row["amount"] == "30349.97"


def test_changed_lines_change_the_amount_and_the_log_has_both(office, quote):
    lines = [quote["lines"][0] | {"quantity": "3"}]
    given = [
        {k: line[k] for k in ("id", "product_id", "quantity", "unit_price", "discount")} for line in lines
    ]
    row = office.ask(ALICE, "update", entity="quote", id=quote["id"], ver=1, values={"lines": given})["row"]
    assert (row["amount"], row["ver"], len(row["lines"])) == ("34560.00", 2, 1)
    changes = office.ask(ALICE, "history", entity="quote", id=quote["id"])["changes"][0]["changes"]
    assert changes["amount"] == ["29040.00", "34560.00"]
    before, after = changes["lines"]
    assert ([line["amount"] for line in before], [line["amount"] for line in after]) == (
        ["23040.00", "6000.00"],
        ["34560.00"],
    )
    assert len(office.rows(model.QuoteLine)) == 1


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({"unit_price": "1"}, "lines.0.description", "required"), ({"description": "x"}, "lines.0.unit_price", "required"),
        ({"description": "x", "unit_price": "1", "quantity": "0"}, "lines.0.quantity", "too_small"),
        ({"description": "x", "unit_price": "1", "discount": "101"}, "lines.0.discount", "too_large"),
        ({"description": "x", "unit_price": "1.001"}, "lines.0.unit_price", "too_many_decimals"),
        ({"product_id": str(id_of(999)), "unit_price": "1"}, "lines.0.product_id", "not_an_id"),
        ({"description": "x", "unit_price": "9999999999999999", "quantity": "1000000000"}, "lines", "too_large"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named(office, opportunity, line, field, code):
    with pytest.raises(Invalid) as raised:
        write(office, opportunity, line)
    assert [(p.field, p.code) for p in raised.value.fields] == [(field, code)]
    assert office.rows(model.Quote) == []


def test_it_adds_up_exactly(office, opportunity):
    lines = [{"description": str(n), "unit_price": "0.10", "quantity": "3"} for n in range(100)]
    assert write(office, opportunity, *lines)["amount"] == "30.00"
    thirds = [{"description": "x", "unit_price": "10.01", "discount": "33.333"} for _ in range(3)]
    row = write(office, opportunity, *thirds)
    assert Decimal(row["amount"]) == sum(Decimal(line["amount"]) for line in row["lines"])


def test_the_contact_works_for_the_customer(office, opportunity):
    with pytest.raises(Invalid) as raised:
        write(office, opportunity, {"product_id": TRAINING}, actor=BOB, contact_id=str(LI))
    assert raised.value.fields[0].field == "contact_id"


def test_there_is_nothing_to_quote_for_a_closed_opportunity(office, opportunity):
    office.ask(ALICE, "win_opportunity", id=opportunity["id"], amount="1")
    with pytest.raises(OpportunityClosed):
        write(office, opportunity)


def test_whoever_writes_it_for_a_colleague_leaves_it_where_the_opportunity_lies(office, opportunity):
    row = write(office, opportunity, {"product_id": TRAINING}, actor=BOB)
    assert row["owner_id"] == str(ALICE_ID)
    assert office.ask(ALICE, "get", entity="quote", id=row["id"])["row"]["amount"] == "6000.00"


def test_nobody_quotes_for_what_she_does_not_see(office, opportunity, quote):
    with pytest.raises(Invalid):
        write(office, opportunity, actor=CAROL)
    with pytest.raises(NotFound):
        office.ask(CAROL, "get", entity="quote", id=quote["id"])


def test_a_draft_may_be_put_away_a_standing_one_not(office, quote, go):
    go(quote, "submit")
    with pytest.raises(InUse):
        office.ask(ALICE, "archive", entity="quote", id=quote["id"])
    go(quote, "withdraw")
    assert office.ask(ALICE, "archive", entity="quote", id=quote["id"])["row"]["archived_at"]
