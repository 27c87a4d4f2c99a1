"""Texts that are suggested while one types: the units of a client, so that one is not written three ways (CON-05)."""

ANNA, FIRM = "01900000-0000-7000-8000-0000000000a1", "01900000-0000-7000-8000-0000000000f1"
ADDRESS = "/customer/stakeholder/suggest/unit"


def knows_units(house, *units):
    """The customer of Anna, at whom somebody else plays a part for each of these units."""
    asked = []
    house.doors["customer", "get"] = lambda actor, message: {"row": {"id": ANNA, "customer_id": FIRM}}

    def rows(actor, message):
        asked.append(message)
        return {
            "rows": [{"id": str(n), "unit": unit} for n, unit in enumerate(units)], "labels": {}, "next": None, "count": 0,
            "capped": False, "totals": {},
        }  # fmt: skip

    house.doors["customer", "list"] = rows
    return asked


def test_units_of_the_same_customer_are_suggested_the_most_frequent_first(house, alice):
    asked = knows_units(house, "二分厂", "一分厂", "采购部", "采购部")
    assert alice.get(f"{ADDRESS}.json?contact_id={ANNA}").json == {"texts": ["采购部", "一分厂", "二分厂"]}
    assert asked[-1]["query"]["where"] == {"contact_id.customer_id": FIRM, "unit__empty": False}
    assert '<option value="采购部"></option>' in alice.get(f"{ADDRESS}?contact_id={ANNA}").text


def test_nothing_is_suggested_while_nobody_is_chosen_and_no_id_is_told(house, alice):
    asked = knows_units(house, "采购部")
    assert alice.get(f"{ADDRESS}.json").json == {"texts": []}
    wrong = alice.get(f"{ADDRESS}.json?contact_id=nobody")
    assert (wrong.status_code, wrong.json["fields"][0]["field"]) == (422, "contact_id")
    assert asked == []
    assert alice.get(f"/customer/stakeholder/suggest/note.json?contact_id={ANNA}").status_code == 404


def test_the_form_asks_for_them_when_the_contact_is_chosen(house, alice, wang, dan):
    knows_units(house)
    for browser in (alice, wang):
        page = browser.get("/customer/stakeholder/new").text
        assert 'list="f-unit-known"' in page
        assert f'hx-get="{ADDRESS}"' in page
        assert 'hx-params="contact_id"' in page
    assert dan.get(f"{ADDRESS}?contact_id={ANNA}").status_code == 403
