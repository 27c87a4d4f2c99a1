"""Own objects on pages (users 6): a kind of record that organization tells of has its pages, and is gone when it was put away."""

from __future__ import annotations

import pytest

from contracts import own_objects
from contracts.organization import OwnField, OwnObject
from tests.gateway.test_lists import names

EQUIPMENT = {
    "name": "设备", "name_en": "Machine", "plural_en": "Machines", "icon_name": "engine", "code": "equipment",
    "has_customer": True, "number_prefix": "SB", "position": 1,
}  # fmt: skip
LIST = "/customer/object_equipment"
POWER = {
    "entity_name": "customer.object_equipment",
    "name": "功率",
    "name_en": "Power",
    "code": "power",
    "kind": "number",
}


@pytest.fixture
def equipment(app, house):
    for record in (OwnObject, OwnField):
        house.records[record.entity()] = record
        house.rows[record.entity()] = {}
    described = own_objects.record_of(EQUIPMENT)
    house.records[described.entity()], house.rows[described.entity()] = described, {}
    house.add(OwnField, **POWER, is_in_list=True, position=1)
    turns = app.extensions["guanxi-kept"].turns
    turns.next("organization")
    yield house.add(OwnObject, **EQUIPMENT)
    turns.next("organization")


def test_it_stands_in_the_menu_and_under_new_in_the_readers_language(alice, wang, dan, equipment):
    page = alice.get(LIST).text
    assert "<span>Machines</span>" in page
    assert f'href="{LIST}/new"' in page
    assert "<span>设备</span>" in wang.get(LIST).text
    assert "Machines" not in dan.get("/toy/gadget").text, "without the right to read it is not there"
    assert dan.get(LIST).status_code == 403


def test_it_is_entered_listed_filtered_printed_and_exported(alice, house, equipment):
    form = alice.get(f"{LIST}/new").text
    for field in ("name", "customer_id", "own_power", "tags"):
        assert f'name="{field}"' in form
    for name, power in (("Press", "7.5"), ("Lathe", "3")):
        answer = alice.send(LIST, name=name, own_power=power)
        assert answer.status_code == 303, answer.text
    record = alice.get(answer.headers["Location"]).text
    for shown in ("Lathe", "Power", 'id="remarks"'):
        assert shown in record
    assert names(alice.get(f"{LIST}?own_power=3").text) == ["Lathe"]
    assert "Press" in alice.get(f"{LIST}.csv").text
    assert alice.get(f"{answer.headers['Location']}/paper").status_code == 200
    assert alice.get(f"{LIST}/import").status_code == 200
    wrong = alice.send(LIST, name="Lathe", own_power="a lot")
    assert (wrong.status_code, "f-own_power-error" in wrong.text) == (422, True)


def test_it_is_found_by_search(alice, equipment):
    assert alice.send(LIST, name="Press").status_code == 303
    assert (
        "customer.object_equipment"
        in alice.get("/search?q=Press", headers={"Accept": "application/json"}).json["found"]
    )


def test_programs_read_of_it_and_strangers_do_not(app, alice, equipment):
    described = alice.get("/openapi.json").json
    assert f"{LIST}/{{id}}" in described["paths"]
    assert "own_power" in described["components"]["schemas"]["customer.object_equipment.Draft"]["properties"]
    assert LIST not in app.test_client().get("/openapi.json").json["paths"]


def test_its_form_shows_icons_and_fields_may_refer_to_it(alice, equipment):
    form = alice.get("/organization/own_object/new").text
    assert 'type="radio" name="icon_name" value="microscope"' in form
    fields = alice.get("/organization/own_field/new").text
    assert fields.count('value="customer.object_equipment"') == 2, "as kind of record, and to refer to"


def test_a_form_sends_what_was_left_empty_as_empty(alice, house, equipment):
    sent = {
        "entity_name": "customer.object_equipment",
        "name": "Colour",
        "kind": "text",
        "refers_to": "",
        "code": "colour",
    }
    assert alice.send("/organization/own_field", **sent).status_code == 303
    kept = house.rows["organization.own_field"].values()
    assert [row["refers_to"] for row in kept if row["name"] == "Colour"] == [None]
    sent = {"name": "展会", "name_en": "", "icon_name": "presentation", "number_prefix": "", "code": "expo"}
    assert alice.send("/organization/own_object", **sent).status_code == 303


def test_its_page_says_what_goes_with_it(alice, house, equipment):
    used = {"entity": "customer.object_equipment", "fields": 1, "views": 2, "roles": 3}
    house.doors["organization", "own_object_use"] = lambda _actor, _message: used
    assert "/organization/own-objects/use" in alice.get(f"/organization/own_object/{equipment}").text
    assert alice.send(LIST, name="Press").status_code == 303
    told = alice.get(f"/organization/own-objects/use?organization.own_object={equipment}").text
    for shown in ("1 record", "1 field", "3 roles", "2 saved views", "entity_name=customer.object_equipment"):
        assert shown in told


def test_what_was_put_away_is_gone_at_once_and_comes_back(alice, equipment):
    assert alice.get(LIST).status_code == 200
    assert alice.send(f"/organization/own_object/{equipment}/archive").status_code == 303
    assert alice.get(LIST).status_code == 404
    assert "Machines" not in alice.get("/toy/gadget").text
    assert alice.send(f"/organization/own_object/{equipment}/restore").status_code == 303
    assert alice.get(LIST).status_code == 200


def test_while_organization_is_silent_it_stays(app, alice, house, equipment):
    assert alice.get(LIST).status_code == 200
    house.silent.add("organization")
    app.extensions["guanxi-kept"].turns.next("organization")
    assert alice.get(LIST).status_code == 200
