"""The list page of an entity."""

from tests.gateway import toy


def test_it_works(alice, house):
    house.add(toy.Gadget, name="Lamp", amount="1234.50", phone="010-1234")
    page = alice.get("/toy/gadget")
    assert page.status_code == 200
    assert "Lamp" in page.text
    assert "¥1,234.50" in page.text


def test_json_is_the_same_answer(alice, house):
    house.add(toy.Gadget, name="Lamp", amount="10")
    for answer in (
        alice.get("/toy/gadget.json"),
        alice.get("/toy/gadget", headers={"Accept": "application/json"}),
    ):
        assert answer.json["count"] == 1
        assert answer.json["rows"][0]["name"] == "Lamp"
