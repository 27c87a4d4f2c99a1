"""Making and changing a record by hand."""

import re

import pytest

from tests.gateway import toy

LAMP = {"name": "Lamp", "amount": "1,234.50"}


def only(house):
    (row,) = house.rows["toy.gadget"].values()
    return row


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {
        name: value.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&") for name, value in found
    }


def test_it_works(alice, house):
    assert 'name="amount"' in alice.get("/toy/gadget/new").text
    answer = alice.send("/toy/gadget", **LAMP)
    assert answer.status_code == 303
    assert answer.location == f"/toy/gadget/{only(house)['id']}"
    assert only(house)["amount"] == "1234.50"


def test_every_kind_of_field_arrives_as_entered(alice, house):
    maker = house.add(toy.Maker, name="Acme")
    alice.send(
        "/toy/gadget", **LAMP, due_on="2026-02-03", seen_at="2026-02-03T09:30", size="small", colours=["", "red", "green"],
        maker_id=maker, friends=["", maker], weight="12.5", chance="60", pieces="３", is_fragile=["no", "yes"],
        email="a@example.com", phone="010-1", site="www.example.com", notes="one\r\ntwo", parts="",
        **{"parts.0.name": "bulb", "parts.0.quantity": "2", "parts.0.price": "9.90", "parts.7.name": "", "parts.7.quantity": "1"},
    )  # fmt: skip
    row = only(house)
    assert row["seen_at"] == "2026-02-03T01:30:00Z"  # 09:30 in Shanghai
    assert (row["colours"], row["friends"], row["pieces"]) == (["red", "green"], [maker], 3)
    assert (row["is_fragile"], row["site"], row["notes"]) == (True, "https://www.example.com", "one\ntwo")
    assert [(line["name"], line["quantity"], line["price"]) for line in row["parts"]] == [("bulb", 2, "9.90")]


def test_errors_stand_beside_the_field_and_on_top(alice, house):
    answer = alice.send(
        "/toy/gadget", name="", amount="1e309", due_on="2026-02-30", parts="", **{"parts.0.price": "x"}
    )
    assert answer.status_code == 422
    page = answer.text
    assert 'id="f-amount-error">This is not a number: 1e309.' in page
    assert 'id="f-due_on-error">There is no such date: 2026-02-30.' in page
    assert 'id="f-parts-0-price-error">This is not a number: x.' in page
    assert '<a href="#f-name">Name</a>: Please fill this in.' in page
    assert page.count("autofocus") == 1
    assert not house.rows["toy.gadget"]


def test_a_form_sent_twice_makes_one(alice, house):
    fields = hidden(alice.get("/toy/gadget/new").text)
    first = alice.post("/toy/gadget", data={**fields, **LAMP})
    second = alice.post("/toy/gadget", data={**fields, **LAMP})
    assert first.location == second.location
    assert len(house.rows["toy.gadget"]) == 1


def test_only_changed_fields_are_sent(alice, house):
    id = house.add(toy.Gadget, **LAMP, due_on="2026-02-03", seen_at="2026-02-03T01:30:00Z")
    fields = hidden(alice.get(f"/toy/gadget/{id}/edit").text)
    alice.post(
        f"/toy/gadget/{id}", data={**fields, "name": "Lamp 2", "amount": "1234.50", "due_on": "2026-02-03"}
    )
    sent = next(call for call in reversed(house.calls) if call.method == "update")
    assert sent.message["values"] == {"name": "Lamp 2"}


def test_an_untouched_form_sends_nothing(alice, house):
    maker = house.add(toy.Maker, name="Acme")
    id = house.add(
        toy.Gadget, **LAMP, seen_at="2026-02-03T01:30:00Z", maker_id=maker, colours=["red"], is_fragile=True,
        parts=[{"name": "bulb", "price": "9.90"}],
    )  # fmt: skip
    page = alice.get(f"/toy/gadget/{id}/edit").text
    line = house.rows["toy.gadget"][id]["parts"][0]["id"]
    fields = hidden(page) | {
        "name": "Lamp", "amount": "1234.50", "currency": "CNY", "seen_at": "2026-02-03T09:30", "maker_id": maker,
        "colours": ["", "red"], "is_fragile": ["no", "yes"], "parts": "", "parts.0.id": line, "parts.0.name": "bulb",
        "parts.0.quantity": "1", "parts.0.price": "9.90", "parts.0.maker_id": "",
    }  # fmt: skip
    fields = {name: value for name, value in fields.items() if "__n__" not in name}
    assert alice.post(f"/toy/gadget/{id}", data=fields).status_code == 303
    assert not [call for call in house.calls if call.method == "update"]


def test_somebody_saved_meanwhile_shows_three_versions(alice, wang, house):
    id = house.add(toy.Gadget, **LAMP, notes="old")
    mine = hidden(alice.get(f"/toy/gadget/{id}/edit").text)
    theirs = hidden(wang.get(f"/toy/gadget/{id}/edit").text)
    wang.post(f"/toy/gadget/{id}", data={**theirs, "name": "Lampe", "notes": "theirs"})
    answer = alice.post(f"/toy/gadget/{id}", data={**mine, "notes": "mine", "phone": "010-1"})
    assert answer.status_code == 409
    for text in ("old", "theirs", "mine", "Lampe", "王建国"):
        assert text in answer.text
    assert house.rows["toy.gadget"][id]["notes"] == "theirs"
    chosen = hidden(answer.text) | {"_take.notes": "own", "_take.name": "theirs", "_take.phone": "own"}
    assert alice.post(f"/toy/gadget/{id}", data=chosen).status_code == 303
    row = house.rows["toy.gadget"][id]
    assert (row["name"], row["notes"], row["phone"]) == ("Lampe", "mine", "010-1")


def test_a_typed_name_finds_its_record_without_a_script(alice, house):
    maker = house.add(toy.Maker, name="Acme")
    house.add(toy.Maker, name="Acme Two")
    alice.send("/toy/gadget", **LAMP, maker_id="", maker_id__text="acme")
    assert only(house)["maker_id"] == maker


def test_a_typed_name_that_fits_several_is_asked_again(alice, house):
    house.add(toy.Maker, name="Acme One")
    house.add(toy.Maker, name="Acme Two")
    answer = alice.send("/toy/gadget", **LAMP, maker_id="", maker_id__text="acme")
    assert answer.status_code == 422
    assert "Several records have this name: acme." in answer.text
    assert 'value="acme"' in answer.text


def test_a_row_is_added_without_a_script(alice, house):
    answer = alice.send("/toy/gadget", **LAMP, parts="", **{"parts.0.name": "bulb", "_add": "parts"})
    assert answer.status_code == 200
    assert 'name="parts.1.name"' in answer.text
    assert not house.rows["toy.gadget"]


def test_one_field_is_edited_in_its_place(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    htmx = {"HX-Request": "true", "HX-Target": ""}
    part = alice.get(f"/toy/gadget/{id}/edit?field=notes", headers=htmx).text
    assert "<html" not in part
    assert 'name="notes"' in part
    answer = alice.post(f"/toy/gadget/{id}", data={**hidden(part), "notes": "new"}, headers=htmx)
    assert answer.headers["HX-Redirect"] == f"/toy/gadget/{id}"
    assert house.rows["toy.gadget"][id]["notes"] == "new"


def test_without_the_right_there_is_no_form(dan, house):
    assert dan.get("/toy/gadget/new").status_code == 403
    assert dan.send("/toy/gadget", **LAMP).status_code == 403
    assert not house.rows["toy.gadget"]


def test_a_service_that_is_down_keeps_what_was_typed(alice, house):
    house.silent.add("toy")
    answer = alice.send("/toy/gadget", **LAMP, notes="a long story")
    assert answer.status_code == 503
    assert "a long story" in answer.text


class TestNothingIsOverwrittenUnseen:
    """Two programs, or a program and a person, at the same record (users 11)."""

    @pytest.fixture
    def asked(self, alice):
        token = {"X-CSRFToken": alice.token(), "Accept": "application/json"}
        at = alice.post("/toy/gadget", json=LAMP, headers=token).location
        return lambda body, seen=None: alice.patch(
            at, json=body, headers=token | ({"If-Match": seen} if seen else {})
        )

    def test_a_change_that_does_not_say_what_was_seen_is_refused(self, asked):
        answer = asked({"name": "L"})
        assert (answer.status_code, answer.json["code"]) == (428, "VersionMissing")
        assert "If-Match" in answer.json["detail"]

    def test_the_version_may_stand_in_the_header(self, asked):
        first = asked({"name": "L"}, '"1"')
        assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
        stale = asked({"name": "M"}, '"1"')
        assert (stale.status_code, stale.json["code"]) == (409, "ChangedMeanwhile")
        assert asked({"name": "M"}, first.headers["ETag"]).status_code == 200

    def test_who_wants_to_overwrite_says_so(self, asked):
        asked({"name": "L", "ver": 1})
        assert asked({"name": "M"}, "*").json["row"]["name"] == "M"

    def test_a_version_that_is_none_is_named(self, asked):
        answer = asked({"name": "L"}, '"yesterday"')
        assert answer.status_code == 422
        assert [field["field"] for field in answer.json["fields"]] == ["ver"]

    def test_a_record_says_its_version(self, alice):
        made = alice.send("/toy/gadget", **LAMP)
        assert alice.get(f"{made.location}.json").headers["ETag"] == '"1"'

    def test_a_form_without_its_version_changes_nothing(self, alice):
        made = alice.send("/toy/gadget", **LAMP)
        assert alice.send(made.location, name="L").status_code == 428
        assert alice.get(f"{made.location}.json").json["row"]["name"] == "Lamp"


def test_json_creates_and_changes(alice, house):
    token = {"X-CSRFToken": alice.token(), "Accept": "application/json"}
    made = alice.post("/toy/gadget", json=LAMP, headers=token | {"Idempotency-Key": "k1"})
    assert made.status_code == 201
    id = made.json["row"]["id"]
    assert made.location == f"/toy/gadget/{id}"
    changed = alice.patch(f"/toy/gadget/{id}", json={"name": "L", "ver": 1}, headers=token)
    assert changed.json["row"]["name"] == "L"
    stale = alice.patch(f"/toy/gadget/{id}", json={"name": "M", "ver": 1}, headers=token)
    assert (stale.status_code, stale.json["code"]) == (409, "ChangedMeanwhile")
    assert stale.content_type == "application/problem+json"
    wrong = alice.patch(f"/toy/gadget/{id}", json={"amount": "NaN", "zzz": 1, "ver": 2}, headers=token)
    assert {field["field"]: field["code"] for field in wrong.json["fields"]} == {
        "amount": "not_a_number",
        "zzz": "unknown",
    }
