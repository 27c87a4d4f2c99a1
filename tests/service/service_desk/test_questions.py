"""What is asked of the service desk: my tickets, the customer's file, the problem tree."""

import pytest

from contracts.errors import Invalid, NotFound
from tests.cast import BOB_ID, person
from tests.desk import Desk
from tests.factories.service_desk import (
    ALICE,
    CAROL,
    CLASS_B,
    CUSTOMER,
    EVE,
    FRANK,
    GRACE,
    OTHER_CUSTOMER,
    SCOPE,
    SOFTWARE,
    closed,
    opened,
    problem,
    signed,
)


def test_my_tickets_come_most_urgent_first_and_without_those_settled(house: Desk):
    opened(house, subject="慢", priority="low")
    opened(house, subject="急", priority="urgent")
    closed(house, subject="完")
    opened(house, EVE, subject="别人的")
    page = house.ask(FRANK, "my_tickets")
    assert [row["subject"] for row in page["rows"]] == ["急", "慢"]
    assert (page["count"], house.ask(EVE, "my_tickets")["count"]) == (2, 1)


def test_the_customers_file_shows_tickets_handovers_figures_and_what_happened(house: Desk):
    house.hear(signed())
    house.ask(EVE, "note_ticket", id=opened(house, customer_id=str(OTHER_CUSTOMER))["id"], text="x")
    house.ask(FRANK, "rate_ticket", id=closed(house, kind="complaint")["id"], rating=4)
    opened(house, priority="urgent")
    opened(house, customer_id=str(OTHER_CUSTOMER))
    house.later(hours=9)
    file = house.ask(FRANK, "customer_file", customer_id=str(CUSTOMER))
    assert file["figures"] == {
        "open_tickets": 1, "overdue_tickets": 1, "complaints": 1, "rating": "4.00", "average_hours": "0.00",
    }  # fmt: skip
    assert [(part["entity"], part["count"]) for part in file["related"]] == [
        ("service_desk.ticket", 2),
        ("service_desk.deal_handover", 1),
    ]
    kinds = sorted(entry["kind"] for entry in file["timeline"])
    assert kinds == [
        "deal_handover_opened", "ticket_answered", "ticket_closed", "ticket_opened", "ticket_opened",
    ]  # fmt: skip
    assert file["labels"][str(CUSTOMER)]["label"] == "上海泰微"
    assert {entry["actor_id"] for entry in file["timeline"]} <= set(file["labels"]), "everybody has a name"


def test_the_file_shows_each_only_what_she_may_see(house: Desk):
    opened(house)
    seen = {
        actor.name: house.ask(actor, "customer_file", customer_id=str(CUSTOMER))["figures"]["open_tickets"]
        for actor in (ALICE, CAROL, FRANK)
    }
    assert seen == {"Alice": 1, "Carol": 0, "Frank": 1}


def test_the_trail_of_whoever_deals_with_tickets_and_what_was_remarked_on_them(house: Desk):
    """STF-07: whoever leads service reads what her people did since a day, of nobody else."""
    opened(house, subject="早先")
    house.later(days=40)
    ticket = closed(house, subject="不亮")
    opened(house, EVE)
    about = {"about": "service_desk.ticket", "record_id": ticket["id"]}
    house.ask(GRACE, "add_comment", {**about, "text": "先问保修期"})
    found = house.ask(GRACE, "staff_trail", staff_id=str(FRANK.id))
    kinds = sorted(entry["kind"] for entry in found["timeline"])
    assert kinds == ["ticket_answered", "ticket_closed", "ticket_opened"]
    assert {entry["id"] for entry in found["timeline"]} == {ticket["id"]}
    (remark,) = found["remarks"][ticket["id"]]
    assert (remark["text"], remark["by_id"]) == ("先问保修期", str(GRACE.id))
    assert {str(FRANK.id), str(GRACE.id)} <= found["labels"].keys()
    leader = person(BOB_ID, "Bob", "service_desk.staff_trail team", "service_desk.ticket.read all")
    with pytest.raises(NotFound):
        house.ask(leader, "staff_trail", staff_id=str(FRANK.id))


def test_the_problem_tree_has_both_languages_and_hangs_together(house: Desk):
    tree = house.ask(FRANK, "problem_tree")["tree"]
    fault = next(node for node in tree if node["code"] == "F")
    assert (fault["name"], fault["name_en"]) == ("故障", "Fault")
    readings = next(node for node in fault["children"] if node["code"] == "F04")
    assert [node["name"] for node in readings["children"]] == ["波形失真", "光路偏移", "温度不稳定"]


def test_with_a_product_the_tree_has_only_what_can_happen_with_it(house: Desk):
    house.create(GRACE, "problem", code="Z", name="授权失效", product_class_id=str(CLASS_B))
    for product, shown in ((SOFTWARE, True), (SCOPE, False)):
        codes = {node["code"] for node in house.ask(FRANK, "problem_tree", product_id=str(product))["tree"]}
        assert ("Z" in codes, "F" in codes) == (shown, True)


def test_a_catalogue_entry_cannot_stand_below_itself(house: Desk):
    change = {"entity": "problem", "id": problem(house, "F"), "values": {"parent_id": problem(house, "F04")}}
    with pytest.raises(Invalid):
        house.ask(GRACE, "update", change)


def test_nothing_is_settled_before_it_is_answered(house: Desk):
    row = house.ask(GRACE, "list", {"entity": "service_level"})["rows"][0]
    change = {"entity": "service_level", "id": row["id"], "values": {"answer_hours": 5, "close_hours": 4}}
    with pytest.raises(Invalid):
        house.ask(GRACE, "update", change)
