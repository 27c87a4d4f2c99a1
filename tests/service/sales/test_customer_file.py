"""Our share of the customer page."""

from tests.cast import ALICE_ID
from tests.service.sales.conftest import ALICE, BOB, CAROL, STAGE, TAIWEI


def test_figures_rows_and_what_happened(office, opportunity, quote, go, sell):
    office.later(hours=1)
    office.ask(ALICE, "move_opportunity", id=opportunity["id"], stage_id=STAGE["quotation"])
    office.later(hours=1)
    go(quote, "submit", "approve", "send", "accept")
    office.later(hours=1)
    office.ask(ALICE, "win_opportunity", id=opportunity["id"], note="签了")
    sell(ALICE, name="二期", expected_amount="1000.00")
    file = office.ask(BOB, "customer_file", customer_id=str(TAIWEI))
    assert file["figures"] == {
        "open_opportunities": 1, "open_amount": "1000.00", "open_weighted": "100.00",
        "won_opportunities": 1, "won_amount": "29040.00",
    }  # fmt: skip
    assert [(part["entity"], part["count"]) for part in file["related"]] == [
        ("sales.opportunity", 2),
        ("sales.quote", 1),
    ]
    kinds = [item["kind"] for item in file["timeline"]]
    assert set(kinds[:2]) == {"opportunity_opened", "opportunity_won"}
    assert kinds[2:6] == ["quote_accepted", "quote_sent", "quote_approved", "quote_submitted"]
    assert kinds[6] == "opportunity_moved"
    won = next(item for item in file["timeline"] if item["kind"] == "opportunity_won")
    assert (won["amount"], won["text"], won["actor_id"]) == ("29040.00", "签了", str(ALICE_ID))
    moved = file["timeline"][6]
    assert file["labels"][moved["about_id"]]["label"] == "报价"


def test_what_was_remarked_stands_on_the_line_of_time_of_whoever_sees_the_record(office, opportunity, quote):
    office.later(hours=1)
    office.ask(BOB, "add_comment", about="sales.quote", record_id=quote["id"], text="价格可以再谈")
    file = office.ask(ALICE, "customer_file", customer_id=str(TAIWEI))
    latest = file["timeline"][0]
    assert (latest["kind"], latest["entity"], latest["id"]) == ("commented", "sales.quote", quote["id"])
    assert (latest["text"], latest["actor_id"]) == ("价格可以再谈", str(BOB.id))
    assert file["labels"][str(BOB.id)]["label"] == "Bob"


def test_others_see_nothing_of_it(office, opportunity, quote):
    office.ask(BOB, "add_comment", about="sales.quote", record_id=quote["id"], text="价格可以再谈")
    file = office.ask(CAROL, "customer_file", customer_id=str(TAIWEI))
    assert (file["figures"]["open_opportunities"], file["timeline"]) == (0, [])
    assert [part["count"] for part in file["related"]] == [0, 0]
