"""Picked in a list, tried, done and taken back (users 24)."""

import io
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from contracts.batches import TooManyAtOnce
from contracts.errors import FieldProblem, Invalid
from tests.gateway import toy
from tests.gateway.fake_batches import FakeBatches, row


@pytest.fixture
def batches(house):
    return FakeBatches(house)


def test_a_field_is_chosen_tried_and_shown_before_it_is_changed(alice, house, batches):
    ids = [house.add(toy.Gadget, name=f"Lamp {n}", amount="1") for n in range(2)]
    bar = alice.get("/toy/gadget").text
    assert 'formaction="' not in bar.partition('id="bulk-bar"')[2].partition("</form>")[0]
    picked = alice.send("/toy/gadget/picked", id=ids, _do="update")
    assert batches.asked[-1] == ("pick_batch", {"entity": "toy.gadget", "ids": ids})
    page = alice.get(picked.location).text
    assert '<option value="weight"' in page
    assert '<option value="name"' not in page
    address = picked.location.partition("?")[0]
    assert 'name="weight"' in alice.get(f"{address}?verb=update&_field=weight").text
    batches.counts = {"good": 2, "bad": 1}
    batches.rows = [
        row("good", changes={"weight": ["1", "2.5"]}),
        row("bad", "Old", problem={"field": "", "code": "Forbidden", "params": {"permission": "x"}}),
    ]
    tried = alice.send(f"{address}/check", verb="update", _field="weight", weight="2.5")
    assert batches.asked[-1][1]["values"] == {"weight": "2.5"}
    preview = alice.get(tried.location).text
    assert "nothing is done yet" in preview
    assert "2.5" in preview.partition("<ins>")[2][:80]
    assert "Old" in alice.get(f"{tried.location}?state=bad").text
    batches.counts = {"done": 2, "left": 1}
    batches.rows = [row("left", "Old", problem={"field": "", "code": "ChangedMeanwhile", "params": {}})]
    done = alice.send(f"{address}/run")
    told = alice.get(done.location).text
    assert "2 records are done." in told
    assert "Old" in told
    batches.counts, batches.rows = {"undone": 2}, [row("undone")]
    back = alice.send(f"{address}/take-back", note="wrong")
    assert batches.asked[-1] == (
        "take_back_batch",
        {"batch_id": address.rpartition("/")[2], "note": "wrong"},
    )
    assert "2 records read as before." in alice.get(back.location).text


def test_who_did_it_and_who_took_it_back_are_called_in_the_readers_language(alice, wang, batches):
    """Users 24: 王芳 did it, for whoever reads English she is Fang Wang; who has no card keeps her name as it was."""
    done = batches.ask("pick_batch", entity="toy.gadget", ids=["1"])
    batches.ask("check_batch", batch_id=done["id"], verb="sign")
    fang, bob = str(uuid4()), str(uuid4())
    done |= {"state": "taken_back", "done_at": done["created_at"], "undone_at": done["created_at"], "actor_id": fang,
             "actor_name": "王芳", "undone_by": "鲍勃", "undone_by_id": bob}  # fmt: skip
    names = {fang: ("王芳", "Fang Wang"), bob: ("鲍勃", "Bob Li")}
    batches.labels = {
        id: {"entity": "organization.staff", "label": label, "label_en": english} for id, (label, english) in names.items()
    }  # fmt: skip
    for browser, hers, his in ((alice, "Fang Wang", "Bob Li"), (wang, "王芳", "鲍勃")):
        assert hers in browser.get("/toy/gadget/batches").text
        page = browser.get(f"/toy/gadget/batches/{done['id']}").text
        assert (hers in page, his in page) == (True, True)
    batches.labels = {}
    assert "王芳" in alice.get("/toy/gadget/batches").text


def test_who_may_do_nothing_to_many_picks_none(alice, dan, house):
    house.add(toy.Gadget, name="Lamp", amount="1")
    assert 'id="bulk-bar"' in alice.get("/toy/gadget").text
    page = dan.get("/toy/gadget").text
    assert "Lamp" in page
    assert 'id="bulk-bar"' not in page
    assert 'class="list-table is-only-read"' in page


def test_a_verb_asks_once_for_all_and_says_whether_anything_takes_it_back(alice, house, batches):
    id = house.add(toy.Gadget, name="Lamp", amount="1")
    assert 'value="sign"' in alice.get("/toy/gadget").text
    address = alice.send("/toy/gadget/picked", id=[id], _do="sign").location
    assert 'name="note"' in alice.get(address).text
    batches.counts, batches.rows = {"good": 1}, [row("good")]
    address = address.partition("?")[0]
    preview = alice.get(alice.send(f"{address}/check", verb="sign", note="x").location).text
    assert "It cannot be taken back." in preview
    preview = alice.get(alice.send(f"{address}/check", verb="close").location).text
    assert "It can be taken back afterwards." in preview
    batches.counts = {"bad": 1}
    batches.rows = [row("bad", problem={"field": "note", "code": "required", "params": {}})]
    refused = alice.get(alice.send(f"{address}/check", verb="sign").location).text
    assert "Note: Please fill this in." in refused
    assert 'class="batch-asked"' not in refused


def test_all_that_the_filter_shows_are_found_by_the_service(alice, house, batches):
    for n in range(60):
        house.add(toy.Gadget, name=f"Lamp {n}", amount="1")
    assert "Select all 60 of this list" in alice.get("/toy/gadget?size__empty=yes").text
    alice.send("/toy/gadget/picked", _all="1", _query="?size__empty=yes&sort=name", _do="archive")
    query = batches.asked[-1][1]["query"]
    assert (query["where"], query["sort"]) == ({"size__empty": "yes"}, "name")
    batches.problem = TooManyAtOnce(limit=1000)
    sent = alice.send("/toy/gadget/picked", _all="1", _query="?sort=name", _do="archive")
    assert sent.location == "/toy/gadget?sort=name"
    assert "At most 1000 records at once" in alice.get(sent.location).text


def test_hundreds_of_picked_ones_travel_in_the_body(alice, house, batches):
    ids = [str(uuid4()) for _ in range(1000)]
    assert len(alice.send("/toy/gadget/picked", id=ids, _do="archive").location) < 200
    assert len(batches.asked[-1][1]["ids"]) == 1000


def test_export_and_merge_start_from_the_same_bar(alice, house, batches):
    ids = [house.add(toy.Maker, name=f"Maker {n}") for n in range(3)]
    file = alice.send("/toy/maker/picked", id=ids[:2], _do="export")
    assert file.mimetype.endswith("sheet")
    many = alice.send("/toy/maker/picked", id=ids[:1], _do="merge")
    assert many.location.startswith("/toy/maker")
    assert "from 2 to 20" in alice.get(many.location).text


def test_where_nothing_is_picked_the_list_says_so(alice, house, batches):
    for do in ("export", "update", "archive"):
        back = alice.send("/toy/gadget/picked", _do=do, _query="?sort=name").location
        assert back == "/toy/gadget?sort=name"
        assert "Pick some records in the list first." in alice.get(back).text
    assert batches.asked == []


def test_those_picked_among_archived_ones_are_in_the_file_with_the_columns_of_the_list(alice, house, batches):
    """DAT-04"""
    ids = [house.add(toy.Gadget, name=f"Lamp {n}", amount="1") for n in range(3)]
    for id in ids:
        house.rows["toy.gadget"][id]["archived_at"] = house.now.isoformat()
    query = "?archived=1&columns=name,amount&sort=name"
    sent = alice.send("/toy/gadget/picked", id=ids[1:], _query=query, _do="export")
    titles, *rows = CalamineWorkbook.from_filelike(io.BytesIO(sent.data)).get_sheet_by_index(0).to_python()
    assert [row[titles.index("Name")] for row in rows] == ["Lamp 1", "Lamp 2"]
    assert "Size" not in titles


def test_a_place_in_a_batch_that_no_number_names_is_told(alice, house, batches):
    batch = batches.ask("pick_batch", entity="toy.gadget", ids=[str(uuid4())])
    batches.ask("check_batch", batch_id=batch["id"], verb="archive", values={})
    for address in (f"/toy/gadget/batches/{batch['id']}", f"/toy/gadget/batches/{batch['id']}.json"):
        told = alice.get(f"{address}?after={'9' * 30}", headers={"Accept": "application/json"})
        assert (told.status_code, told.json["fields"][0]["field"]) == (422, "after")
    assert alice.get(f"/toy/gadget/batches/{batch['id']}?after={'9' * 30}").status_code == 422


def test_what_asks_for_no_values_shows_none(alice, house, batches):
    batch = batches.ask("pick_batch", entity="toy.gadget", ids=[str(uuid4())])
    batches.ask("check_batch", batch_id=batch["id"], verb="archive", values={})
    assert 'class="batch-asked"' not in alice.get(f"/toy/gadget/batches/{batch['id']}").text


def test_what_is_wrong_stands_in_the_form(alice, house, batches):
    address = alice.send("/toy/gadget/picked", id=[str(uuid4())], _do="update").location.partition("?")[0]
    batches.problem = Invalid(FieldProblem("weight", "wrong"))
    wrong = alice.send(f"{address}/check", verb="update", _field="weight", weight="much")
    assert wrong.status_code == 422
    assert 'value="much"' in wrong.text
    assert alice.send(f"{address}/check", verb="update").status_code == 422
    assert alice.get(f"{address}?verb=burn").status_code == 404


def test_where_a_field_holds_several_values_one_says_what_becomes_of_those_there(alice, house, batches):
    address = alice.send("/toy/gadget/picked", id=[str(uuid4())], _do="update").location.partition("?")[0]
    assert "these are added" in alice.get(f"{address}?verb=update&_field=colours").text
    assert "these are added" not in alice.get(f"{address}?verb=update&_field=size").text
    alice.send(f"{address}/check", verb="update", _field="colours", colours="red", _how="add")
    assert (batches.asked[-1][1]["values"], batches.asked[-1][1]["how"]) == ({"colours": ["red"]}, "add")
    wrong = alice.send(f"{address}/check", verb="update", _field="colours", colours="red", _how="burn")
    assert wrong.status_code == 422


def test_programs_do_the_same_in_two_calls(alice, house, batches):
    ids = [str(uuid4())]
    headers = {"X-CSRFToken": alice.token(), "Accept": "application/json"}
    batches.counts = {"good": 1}
    body = {"ids": ids, "verb": "update", "values": {"weight": 2}}
    tried = alice.post("/toy/gadget/batches", json=body, headers=headers)
    assert (tried.status_code, tried.json["state"]) == (201, "checked")
    batches.counts = {"done": 1}
    address = tried.headers["Location"]
    assert alice.post(f"{address}/run", headers=headers).json["counts"] == {"done": 1}
    assert alice.get(f"{address}.json").json["batch"]["state"] == "done"
    assert (
        alice.post(f"{address}/take-back", json={"note": "x"}, headers=headers).json["state"] == "taken_back"
    )
    assert len(alice.get("/toy/gadget/batches.json").json["batches"]) == 1
    house.doors["toy", "change_many"] = lambda actor, message: {"changed": len(message["ids"]), "refused": []}
    answer = alice.post(
        "/toy/gadget/change-many", json={"ids": ids, "values": {"weight": 2}}, headers=headers
    )
    assert answer.json == {"changed": 1, "refused": []}


def test_the_history_of_what_was_done_and_nothing_for_whoever_only_reads(alice, wang, dan, house, batches):
    address = alice.send("/toy/gadget/picked", id=[str(uuid4())], _do="close").location.partition("?")[0]
    alice.send(f"{address}/check", verb="close")
    batches.counts = {"done": 1}
    alice.send(f"{address}/run")
    listed = alice.get("/toy/gadget/batches").text
    assert address in listed
    assert "Close" in listed
    assert "批量" in wang.get("/toy/gadget/batches").text
    assert "/toy/gadget/batches" not in dan.get("/toy/gadget").text
    assert 'value="update"' not in dan.get("/toy/gadget").text
