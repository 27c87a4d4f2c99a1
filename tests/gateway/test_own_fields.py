"""Own fields on pages (users 6): a field that organization tells of stands in forms, lists, filters and files."""

from __future__ import annotations

import base64
import io

import pytest

from contracts.organization import Form, OwnField, SavedView
from tests.gateway import toy
from tests.gateway.fake import ALICE
from tests.gateway.test_lists import names

FIELD = {
    "entity_name": "toy.gadget",
    "name": "产地",
    "name_en": "Origin",
    "code": "origin",
    "kind": "text",
    "help": "按发票",
    "help_en": "As invoiced",
    "position": 1,
}


@pytest.fixture
def origin(app, house):
    house.records[OwnField.entity()] = OwnField
    house.rows[OwnField.entity()] = {}
    turns = app.extensions["guanxi-kept"].turns
    turns.next("organization")
    yield house.add(OwnField, **FIELD, is_in_list=True)
    turns.next("organization")


def test_it_is_entered_and_shown_in_the_readers_language(alice, wang, house, origin):
    form = alice.get("/toy/gadget/new").text
    assert 'name="own_origin"' in form
    assert "Origin" in form
    assert "As invoiced" in form
    assert "按发票" not in form
    chinese = wang.get("/toy/gadget/new").text
    assert "产地" in chinese
    assert "按发票" in chinese
    answer = alice.send("/toy/gadget", name="Lamp", amount="10", own_origin=" Suzhou ")
    assert answer.status_code == 303, answer.text
    assert "Suzhou" in alice.get(answer.headers["Location"]).text


def test_it_is_a_column_a_filter_and_a_field_of_json(alice, house, origin):
    for place in ("Suzhou", "Wuxi"):
        assert alice.send("/toy/gadget", name=place, amount="1", own_origin=place).status_code == 303
    page = alice.get("/toy/gadget").text
    assert "Origin" in page
    assert "Wuxi" in page
    assert names(alice.get("/toy/gadget?own_origin=Wuxi").text) == ["Wuxi"]
    assert alice.get("/toy/gadget/filter?_field=own_origin").status_code == 200
    assert alice.get("/toy/gadget.json?own_origin=Wuxi").json["rows"][0]["own_origin"] == "Wuxi"
    assert "Suzhou" in alice.get("/toy/gadget.csv").text
    assert "Origin" in alice.get("/toy/gadget.csv").text.splitlines()[0]


def test_wrong_fields_are_told_beside_it(alice, origin):
    answer = alice.send("/toy/gadget", name="Lamp", amount="10", own_origin="x" * 300)
    assert answer.status_code == 422
    assert "200" in answer.text


def test_what_was_put_away_is_gone_at_once(alice, house, origin):
    assert "own_origin" in alice.get("/toy/gadget/new").text
    assert alice.send(f"/organization/own_field/{origin}/archive").status_code == 303
    assert "own_origin" not in alice.get("/toy/gadget/new").text


def test_while_organization_is_silent_what_was_known_stays(app, alice, house, origin):
    assert "own_origin" in alice.get("/toy/gadget/new").text
    house.silent.add("organization")
    app.extensions["guanxi-kept"].turns.next("organization")
    assert "own_origin" in alice.get("/toy/gadget/new").text


def test_its_form_offers_kinds_of_records_and_of_fields(alice, origin):
    form = alice.get("/organization/own_field/new").text
    for shown in ('value="customer.customer"', "Several choices", 'value="sales.product"'):
        assert shown in form
    assert 'value="notification.template"' not in form


def test_a_command_that_makes_such_a_record_asks_for_it_too(alice, house, origin):
    """Else a required field of the company's own would stop a dialog that does not show it."""
    told = []
    house.doors["toy", "count_gadgets"] = lambda _actor, message: told.append(message)
    maker = house.add(toy.Maker, name="Maker")
    assert 'name="own_origin"' in alice.get("/toy/do/count_gadgets").text
    assert alice.send("/toy/do/count_gadgets", maker_id=maker, own_origin=" Wuxi ").status_code == 303
    assert told == [{"maker_id": maker, "own_origin": "Wuxi"}]
    wrong = alice.send("/toy/do/count_gadgets", maker_id=maker, own_origin="x" * 300)
    assert (wrong.status_code, "200" in wrong.text) == (422, True)


@pytest.fixture
def scan(app, house, origin):
    house.add(
        OwnField,
        **FIELD | {"name": "证书", "name_en": "Certificate", "code": "scan", "kind": "file"},
        is_in_list=True,
    )
    app.extensions["guanxi-kept"].turns.next("organization")
    house.parts = []
    house.doors["toy", "put_part"] = lambda _actor, message: house.parts.append(message) or {"position": 0}


def test_a_file_is_chosen_in_the_form_and_shown_with_its_name(alice, house, scan):
    form = alice.get("/toy/gadget/new").text
    assert ('enctype="multipart/form-data"' in form, 'name="own_scan__file"' in form) == (True, True)
    sent = {"own_scan__file": (io.BytesIO(b"%PDF-1.4 x"), "证书.pdf")}
    answer = alice.send("/toy/gadget", name="Lamp", amount="10", own_scan="", **sent)
    assert answer.status_code == 303, answer.text
    assert base64.b64decode(house.parts[0]["data"]) == b"%PDF-1.4 x"
    told = alice.get("/toy/gadget.json").json["rows"][0]["own_scan"]
    assert (told["name"], told["media_type"], told["size"]) == ("证书.pdf", "application/pdf", 10)
    assert told["file_id"] == house.parts[0]["file_id"]
    for page in ("/toy/gadget", answer.headers["Location"]):
        assert "证书.pdf" in alice.get(page).text
    assert "证书.pdf http" in alice.get("/toy/gadget.csv").text


def test_an_empty_file_is_told_beside_the_field(alice, house, scan):
    answer = alice.send("/toy/gadget", name="Lamp", amount="10", own_scan__file=(io.BytesIO(b""), "x.pdf"))
    assert (answer.status_code, house.parts) == (422, [])
    assert "f-own_scan-error" in answer.text


def test_a_field_of_files_is_asked_whether_there_is_one(alice, scan):
    panel = alice.get("/toy/gadget/filter?_field=own_scan").text
    assert "is empty" in panel
    assert "contains" not in panel
    assert "own_scan" not in alice.get("/toy/gadget/import").text


def test_the_history_tells_files_by_their_names(alice, house, scan):
    sent = {"own_scan__file": (io.BytesIO(b"%PDF-1.4 x"), "first.pdf")}
    record = alice.send("/toy/gadget", name="Lamp", amount="10", own_scan="", **sent).headers["Location"]
    told = alice.get(f"{record}/history").text
    assert "first.pdf" in told
    assert "media_type" not in told
    assert alice.get("/openapi.json").status_code == 200


# -- deleted ----------------------------------------------------------------------------------------------------------

USED = {
    "values": 3,
    "mentions": [
        {
            "entity": "organization.saved_view",
            "id": "01a22d29-2898-7000-8f8e-a7ef3f620d6b",
            "name": "Northern",
        },
        {"entity": "organization.saved_view", "id": None, "name": ""},
        {"entity": "organization.form", "id": "01a22d29-2898-7000-8f8e-a7ef3f620d6c", "name": ""},
    ],
}


@pytest.fixture
def away(app, alice, house, origin):
    """It was filled in once, then put away."""
    record = alice.send("/toy/gadget", name="Lamp", amount="10", own_origin="Suzhou").headers["Location"]
    house.records.update({SavedView.entity(): SavedView, Form.entity(): Form})
    house.rows.update({SavedView.entity(): {}, Form.entity(): {}})
    house.doors["organization", "field_use"] = lambda _actor, _message: {
        "values": 0,
        "mentions": USED["mentions"],
    }
    house.doors["toy", "field_use"] = lambda _actor, _message: {"values": 3, "mentions": []}
    assert alice.send(f"/organization/own_field/{origin}/archive").status_code == 303
    return record


def delete(house, app, origin):
    row = house.rows[OwnField.entity()][origin]
    row["state"] = "deleted"
    app.extensions["guanxi-kept"].turns.next("organization")
    return row


def test_whoever_is_about_to_delete_it_sees_what_would_be_lost(alice, wang, dan, origin, away):
    page = alice.get(f"/organization/own_field/{origin}").text
    assert f"/organization/own_field/{origin}/delete" in page
    dialog = alice.get(f"/organization/own_field/{origin}/delete").text
    assert 'name="confirm"' in dialog
    place = f"/organization/own-fields/use?organization.own_field={origin}"
    assert place in page
    assert place in dialog
    told = alice.get(place).text
    for shown in ("3 records", "Saved views", "(2)", "Northern", "Form", "cannot be brought back"):
        assert shown in told
    assert "无法恢复" in wang.get(place).text
    assert alice.get(place, headers={"Accept": "application/json"}).json == USED
    assert "own-fields/use" not in dan.get("/toy/gadget").text


def test_a_part_that_is_silent_is_named(alice, house, origin, away):
    house.doors.pop(("toy", "field_use"))
    house.silent.add("toy")
    told = alice.get(f"/organization/own-fields/use?organization.own_field={origin}").text
    assert "does not answer" in told
    place = f"/organization/own-fields/use?organization.own_field={origin}"
    assert alice.get(place, headers={"Accept": "application/json"}).status_code == 503
    assert "records" not in told


def test_history_keeps_its_old_name_beside_the_next_field_of_that_code(app, alice, wang, house, origin, away):
    """What Alice said in «Origin» is not told as said in the field that has the code now."""
    assert "Origin" in alice.get(f"{away}/history").text, "put away, it is still told of"
    row = delete(house, app, origin)
    house.add(OwnField, **FIELD | {"name": "产年", "name_en": "Year", "kind": "whole_number"})
    new = next(one for one in house.rows[OwnField.entity()].values() if one["name"] == "产年")
    new["kept_as"] = "own_origin.2"
    gadget = house.rows["toy.gadget"][away.rpartition("/")[2]]
    gadget["own_origin"] = None
    house._log(toy.Gadget, gadget, ALICE, "update", {"own_origin.2": [None, 1998]})
    app.extensions["guanxi-kept"].turns.next("organization")
    told = alice.get(f"{away}/history").text
    assert "Origin (deleted)" in told
    assert told.index("Year") < told.index("1,998") < told.index("Origin (deleted)") < told.index("Suzhou")
    assert "产地（已删除）" in wang.get(f"{away}/history").text
    assert row["code"] == new["code"]


def test_a_list_that_asks_for_it_says_that_the_field_is_gone(app, alice, wang, house, origin, away):
    delete(house, app, origin)
    address = f"/toy/gadget?gone={origin}&state=draft"
    page = alice.get(address).text
    assert names(page) == []
    for shown in (
        "asks for a field that was deleted",
        "Deleted field",
        "Origin",
        'href="/toy/gadget?state=draft"',
    ):
        assert shown in page
    assert "已删除的字段" in wang.get(address).text
    answer = alice.get(f"/toy/gadget.json?gone={origin}")
    assert (answer.status_code, answer.json["fields"][0]["field"]) == (422, "gone")
    assert alice.get(f"/toy/gadget/filter?_field=gone&gone={origin}").status_code == 200
