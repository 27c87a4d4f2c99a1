"""The verbs of a document as buttons, dialogs and JSON."""

from tests.gateway import toy
from tests.gateway.test_forms import LAMP, hidden

HTMX = {"HX-Request": "true", "HX-Target": "dialog-body"}


def test_it_works(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    assert f'hx-get="/toy/gadget/{id}/sign"' in alice.get(f"/toy/gadget/{id}").text
    dialog = alice.get(f"/toy/gadget/{id}/sign", headers=HTMX).text
    assert "<html" not in dialog
    assert 'name="amount" value="1234.50"' in dialog  # known from the record
    data = {**hidden(dialog), "signed_on": "2026-03-01", "amount": "1234.50", "note": "at last"}
    answer = alice.post(f"/toy/gadget/{id}/sign", data=data, headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"/toy/gadget/{id}"
    assert house.rows["toy.gadget"][id]["state"] == "signed"
    page = alice.get(f"/toy/gadget/{id}").text
    assert "at last" in page
    assert f'hx-get="/toy/gadget/{id}/close"' in page


def test_the_dialog_says_what_is_wrong(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    answer = alice.post(
        f"/toy/gadget/{id}/sign", data={"csrf_token": alice.token(), "signed_on": ""}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "Please fill this in." in answer.text


def test_it_is_a_page_without_a_script(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    assert "<html" in alice.get(f"/toy/gadget/{id}/sign").text
    assert alice.send(f"/toy/gadget/{id}/sign", signed_on="2026-03-01").location == f"/toy/gadget/{id}"


def test_an_impossible_verb_is_refused(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    answer = alice.send(f"/toy/gadget/{id}/close")
    assert answer.status_code == 409
    assert "Not possible in the state “Draft”." in answer.text


def test_an_unknown_verb_is_not_found(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    assert alice.send(f"/toy/gadget/{id}/explode").status_code == 404


def test_without_the_right_no_button_and_no_act(dan, house):
    id = house.add(toy.Gadget, **LAMP)
    assert "/sign" not in dan.get(f"/toy/gadget/{id}").text.replace("/sign-out", "")
    assert dan.send(f"/toy/gadget/{id}/sign", signed_on="2026-03-01").status_code == 403


def test_json(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    headers = {"X-CSRFToken": alice.token(), "Accept": "application/json"}
    answer = alice.post(f"/toy/gadget/{id}/sign", json={"signed_on": "2026-03-01", "ver": 1}, headers=headers)
    assert answer.json["row"]["state"] == "signed"
    wrong = alice.post(f"/toy/gadget/{id}/sign", json={"signed_on": "2026-02-30"}, headers=headers)
    assert (wrong.status_code, wrong.json["fields"][0]["code"]) == (422, "not_a_date")


def test_archive_and_bring_back(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    alice.send(f"/toy/gadget/{id}/archive")
    assert "Lamp" not in alice.get("/toy/gadget").text
    assert "Lamp" in alice.get("/toy/gadget?archived=1").text
    alice.send(f"/toy/gadget/{id}/restore")
    assert "Lamp" in alice.get("/toy/gadget").text


def test_history_names_who_when_and_what(alice, wang, house):
    id = house.add(toy.Gadget, **LAMP)
    wang.send(f"/toy/gadget/{id}", name="Lampe", ver="1")
    page = alice.get(f"/toy/gadget/{id}/history").text
    assert "王建国" in page
    assert "<del>Lamp</del>" in page
    assert "Lampe</ins>" in page


def test_history_is_silent_about_what_nobody_wrote(alice, wang, house):
    id = house.add(toy.Gadget, **LAMP)
    wang.send(f"/toy/gadget/{id}", name="Lampe", ver="1")
    house.changes[0]["changes"] |= {"id": [None, id], "home": [None, "HQ"], "epoch": [None, 1]}
    page = alice.get(f"/toy/gadget/{id}/history").text
    assert "Lampe</ins>" in page
    assert not [word for word in ("世代", "Epoch", "HQ</ins>", f"{id}</ins>") if word in page]


def test_what_cannot_be_edited_offers_no_editing(alice, house):
    id = house.add(toy.Gadget, **LAMP)
    assert f"/toy/gadget/{id}/edit" in alice.get(f"/toy/gadget/{id}").text
    alice.send(f"/toy/gadget/{id}/archive")
    assert f"/toy/gadget/{id}/edit" not in alice.get(f"/toy/gadget/{id}").text
