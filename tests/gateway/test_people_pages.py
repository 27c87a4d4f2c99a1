"""The group of a customer (CUS-15) and the buying centre that warns (users, leap 8), in both languages."""

import pytest

ID = "01900000-0000-7000-8000-000000000001"
OTHER = "01900000-0000-7000-8000-000000000002"
ROLE = "01900000-0000-7000-8000-000000000003"
FIGURES = dict.fromkeys(
    ("contracts_amount", "paid_amount", "owed_amount", "overdue_amount", "open_amount", "expense_amount"), "1200.50"
)  # fmt: skip


def member(id, name, depth, nature="company"):
    return {"id": id, "name": name, "nature": nature, "depth": depth, "figures": FIGURES}


def part(browser, address, target):
    return browser.get(address, headers={"HX-Request": "true", "HX-Target": target}).text


def test_the_group_as_a_tree_with_its_sums(house, alice, wang):
    members = [member(OTHER, "海精集团", 0), member(ID, "海精仪器", 1)]
    house.doors["customer", "group"] = lambda actor, message: {
        "members": members, "below": 3, "sums": FIGURES, "people": 2
    }  # fmt: skip
    shown = part(alice, f"/customer/customer/{ID}/group", "group")
    for word in ("with its 3 subsidiaries", "海精集团", "1,200.50", 'data-depth="1"', 'aria-current="true"'):
        assert word in shown, word
    assert f"company_id={ID}" in shown
    assert "<html" not in shown
    assert "含 3 家下属公司" in wang.get(f"/customer/customer/{ID}/group").text
    assert alice.get(f"/customer/customer/{ID}/group.json").json["below"] == 3


def test_a_customer_that_stands_alone_has_no_panel(house, alice):
    house.doors["customer", "group"] = lambda actor, message: {
        "members": [member(ID, "独立", 0)], "below": 0, "sums": FIGURES, "people": 0
    }  # fmt: skip
    assert "<section" not in part(alice, f"/customer/customer/{ID}/group", "group")


def test_what_means_nothing_for_a_person_is_named_to_the_form(alice):
    form = alice.get("/customer/customer/new").text
    assert "data-needless" in form
    assert "tax_number" in form


@pytest.fixture
def centre(house):
    """An opportunity whose decider nobody has met."""
    label = {"entity": "organization.choice", "label": "决定者", "label_en": "Decider"}
    found = {
        "opportunity_id": ID, "roles": {ROLE: 1, OTHER: 0}, "decider": "never_met",
        "stances": {"for_us": 2, "neutral": 0, "against_us": 1},
        "influence": {"for_us": 7, "neutral": 0, "against_us": 5},
    }  # fmt: skip
    house.doors["customer", "buying_centres"] = lambda actor, message: {
        "centres": [found] if message["opportunity_ids"] == [ID] else [], "labels": {ROLE: label, OTHER: label | {"label": "使用者"}},
    }  # fmt: skip
    house.doors["sales", "decider_asked_for"] = lambda actor, message: True
    return found


def test_it_warns_when_whoever_decides_was_never_met(house, alice, wang, centre):
    address = f"/sales/opportunity/{ID}/buying-centre"
    shown = part(alice, address, "buying-centre")
    for word in (
        "Whoever decides was never met",
        "Decider",
        "influence 7",
        "nobody known",
        "opportunity_id=" + ID,
    ):
        assert word in shown, word
    assert "<html" not in shown
    assert "决策人尚未见过面" in wang.get(address).text
    assert alice.get(address + ".json").json["is_late"] is True
    house.doors["sales", "decider_asked_for"] = lambda actor, message: False
    assert "notice is-warning" not in part(alice, address, "buying-centre")
    assert alice.get(f"/sales/opportunity/{OTHER}/buying-centre").status_code == 404


def test_the_board_marks_its_card(house, alice, wang, centre):
    card = {
        "id": ID, "ver": 1, "number": "XM-1", "name": "机房", "customer_id": OTHER, "contact_id": None, "owner_id": OTHER,
        "stage_id": ROLE, "expected_amount": "5.00", "expected_on": None, "stage_since": None,
    }  # fmt: skip
    sums = {"count": 1, "amount": "5.00", "weighted": "3.00"}
    column = {
        "stage_id": ROLE,
        "success_rate": "60",
        "asks_for_decider": True,
        "cards": [card],
        "next": None,
        **sums,
    }
    house.doors["sales", "board"] = lambda actor, message: {"columns": [column], "labels": {}, **sums}
    assert "Whoever decides was never met" in alice.get("/sales/board").text
    assert "决策人尚未见过面" in wang.get("/sales/board").text
    house.silent.add("customer")
    assert "机房" in alice.get("/sales/board").text
    house.silent.clear()
    column["asks_for_decider"] = False
    assert "never met" not in alice.get("/sales/board").text
