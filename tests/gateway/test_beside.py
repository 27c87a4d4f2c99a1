"""What stands beside forms, dialogs and records (NTF-03): a place for a hint, wherever somebody deals with such a record."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from gateway.beside import Beside
from tests.gateway import toy

ID = "01900000-0000-7000-8000-000000000001"
OTHER = "01900000-0000-7000-8000-000000000002"


@pytest.fixture
def hinted(app):
    """A page that has something to say about makers."""
    before = app.extensions["guanxi-beside"]
    app.extensions["guanxi-beside"] = [Beside("wishes.about", "customer.wish.read", ("toy.maker",))]
    yield app
    app.extensions["guanxi-beside"] = before


def hints(text: str) -> list[list[tuple[str, str]]]:
    found = re.findall(r'class="beside" hx-get="([^"]+)"', text)
    return [parse_qsl(urlsplit(one.replace("&amp;", "&")).query) for one in found]


def test_a_place_in_every_form_dialog_and_record_about_one(hinted, house, alice):
    maker = house.add(toy.Maker, name="Maker")
    gadget = house.add(toy.Gadget, name="Lamp", amount="1", maker_id=maker)
    asked = ("_field", "maker_id:toy.maker")
    for address, told in (
        ("/toy/gadget/new", [asked]),
        (f"/toy/gadget/{gadget}/edit", [asked]),
        (f"/toy/gadget/{gadget}", [("toy.maker", maker)]),
        (f"/toy/gadget/{gadget}/sign", [("toy.maker", maker)]),
        (f"/toy/maker/{maker}/edit", [("toy.maker", maker)]),
        ("/toy/do/count_gadgets", [asked]),
        (f"/toy/do/count_gadgets?maker_id={maker}", [("toy.maker", maker)]),
    ):
        assert hints(alice.get(address).text) == [told], address


def test_a_form_that_was_refused_still_says_whom_it_is_about(hinted, house, alice):
    maker = house.add(toy.Maker, name="Maker")
    gadget = house.add(toy.Gadget, name="Lamp", amount="1", maker_id=maker)
    refused = alice.send(f"/toy/gadget/{gadget}/sign", signed_on="never")
    assert refused.status_code == 422
    assert hints(refused.text) == [[("toy.maker", maker)]]
    assert "Lamp" in refused.text


def test_none_for_whoever_may_not_read_it_or_where_it_says_nothing(hinted, house, dan, alice):
    maker = house.add(toy.Maker, name="Maker")
    assert hints(dan.get(f"/toy/maker/{maker}").text) == []
    assert hints(alice.get("/organization/branch/new").text) == []


def test_wishes_are_lines_in_both_languages(house, alice, wang):
    asked = []

    def wishes_about(actor, message):
        asked.append(message["about"])
        rows = [
            {"id": ID, "text": "不收礼品", "kind": "taboo", "contact_id": OTHER, "customer_id": ID},
            {"id": OTHER, "text": "上午联系", "kind": "time", "contact_id": None, "customer_id": ID},
        ]
        label = {"entity": "customer.contact", "label": "王芳", "label_en": None}
        return {"rows": rows, "labels": {OTHER: label}}

    house.doors["customer", "wishes_about"] = wishes_about
    address = f"/customer/wishes?customer.customer={ID}&_field=contact_id:customer.contact&contact_id={OTHER}"
    part = alice.get(address, headers={"HX-Request": "true"}).text
    for word in ("不收礼品", "王芳", "上午联系", "is-taboo", "Taboo"):
        assert word in part
    assert "<html" not in part
    assert asked[0] == [
        {"entity": "customer.customer", "id": ID},
        {"entity": "customer.contact", "id": OTHER},
    ]
    assert "忌讳" in wang.get(address).text
    assert alice.get(address, headers={"Accept": "application/json"}).json["rows"][0]["text"] == "不收礼品"
    assert alice.get("/customer/wishes?customer.customer=nobody").status_code == 422
    assert alice.get("/customer/wishes", headers={"HX-Request": "true"}).text.strip() == ""


def test_something_planned_is_of_the_kind_by_which_they_are_best_reached(house, alice):
    """CUS-21: what one person there prefers before what her company does, and what was chosen before both."""
    of_company = {
        "id": ID,
        "text": "微信",
        "kind": "channel",
        "contact_id": None,
        "customer_id": ID,
        "channel_id": ID,
    }
    of_person = of_company | {"contact_id": OTHER, "channel_id": OTHER}
    found = {"rows": [of_company], "labels": {}}
    house.doors["customer", "wishes_about"] = lambda actor, message: found

    def kind(query: str = "") -> str:
        page = alice.get(f"/customer/do/plan_activity?customer_id={ID}{query}").text
        return re.search(r'name="kind_id"[^>]*value="([^"]*)"', page).group(1)

    assert kind() == ID
    found["rows"].append(of_person)
    assert kind() == OTHER
    assert kind(f"&kind_id={ID}") == ID
