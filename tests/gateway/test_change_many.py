"""Picked in a list, changed in one go (users 24)."""

from tests.gateway import toy


def test_field_and_value_are_chosen_and_what_was_refused_is_told(alice, house):
    ids = [house.add(toy.Gadget, name=f"Lamp {n}", amount="1") for n in range(2)]
    refused, asked = [], []
    house.doors["toy", "change_many"] = lambda actor, message: asked.append(message) or {
        "changed": 2 - len(refused), "refused": refused,
    }  # fmt: skip
    query = "&".join(f"id={id}" for id in ids)
    page = alice.get(f"/toy/gadget/change-many?{query}").text
    assert '<option value="weight"' in page
    assert '<option value="name"' not in page
    assert 'name="weight"' in alice.get(f"/toy/gadget/change-many?{query}&_field=weight").text
    done = alice.send("/toy/gadget/change-many", id=ids, _field="weight", weight="2.5")
    assert done.location == "/toy/gadget"
    assert asked == [{"entity": "toy.gadget", "ids": ids, "values": {"weight": "2.5"}}]
    refused.append(
        {"id": ids[1], "name": "Lamp 1", "field": "", "code": "Forbidden", "params": {"permission": "x"}}
    )
    told = alice.send("/toy/gadget/change-many", id=ids, _field="weight", weight="2.5")
    assert "Lamp 1" in told.text
    assert "1 records changed, 1 not" in told.text


def test_where_a_field_holds_several_values_one_says_what_becomes_of_those_there(alice, house):
    id = house.add(toy.Gadget, name="Lamp", amount="1")
    asked = []
    house.doors["toy", "change_many"] = lambda actor, message: asked.append(message) or {
        "changed": 1, "refused": [],
    }  # fmt: skip
    assert "these are added" in alice.get(f"/toy/gadget/change-many?id={id}&_field=colours").text
    assert "these are added" not in alice.get(f"/toy/gadget/change-many?id={id}&_field=size").text
    alice.send("/toy/gadget/change-many", id=[id], _field="colours", colours="red", _how="add")
    assert (asked[0]["values"], asked[0]["how"]) == ({"colours": ["red"]}, "add")
    wrong = alice.send("/toy/gadget/change-many", id=[id], _field="colours", colours="red", _how="burn")
    assert wrong.status_code == 422


def test_programs_do_the_same_and_nobody_else_may(alice, dan, house):
    house.doors["toy", "change_many"] = lambda actor, message: {"changed": len(message["ids"]), "refused": []}
    id = house.add(toy.Gadget, name="Lamp", amount="1")
    headers = {"X-CSRFToken": alice.token(), "Accept": "application/json"}
    answer = alice.post(
        "/toy/gadget/change-many", json={"ids": [id], "values": {"weight": 2}}, headers=headers
    )
    assert answer.json == {"changed": 1, "refused": []}
    assert dan.get(f"/toy/gadget/change-many?id={id}").status_code == 403
    assert "change-many" not in dan.get("/toy/gadget").text
