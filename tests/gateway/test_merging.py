"""Making one record of several on pages (users 1): the report, the choice field by field, and taking it back."""

from __future__ import annotations

import pytest

from tests.gateway import toy

ID = "00000000-0000-7000-8000-000000000066"


@pytest.fixture
def twins(house, monkeypatch):
    monkeypatch.setattr(toy.Maker, "merges", True)
    asked = []
    one, other = house.add(toy.Maker, name="Acme", name_en="Acme"), house.add(toy.Maker, name="ACME Ltd")
    house.doors["toy", "merge"] = lambda actor, message: (
        asked.append(message) or {"row": {"id": message["kept_id"]}}
    )
    house.doors["toy", "unmerge"] = lambda actor, message: asked.append(message) or {"row": {"id": one}}
    house.doors["toy", "duplicates"] = lambda actor, message: {
        "groups": [{"by": "name", "ids": [one, other]}], "by": ["name"], "labels": {}, "rows": house.rows["toy.maker"],
    }  # fmt: skip
    house.doors["toy", "merges"] = lambda actor, message: {
        "merges": [{"id": ID, "gone_ids": [other], "changed": {"name": ["Acme", "ACME Ltd"]}, "undone_at": None,
                    "at": "2026-03-01T02:00:00Z", "actor_id": ID, "actor_name": "Bob"}],
        "labels": {other: {"entity": "toy.maker", "label": "ACME Ltd"}},
    }  # fmt: skip
    return one, other, asked


def test_the_report_leads_to_the_choice(alice, twins):
    one, other, _ = twins
    page = alice.get("/toy/maker/duplicates").text
    assert f"/toy/maker/merge?id={one}&amp;id={other}" in page
    assert alice.get("/toy/maker/duplicates.json?by=name").json["groups"][0]["ids"] == [one, other]
    assert "/toy/maker/duplicates" in alice.get("/toy/maker").text


def test_fields_that_differ_are_chosen_one_by_one(alice, twins):
    one, other, asked = twins
    page = alice.get(f"/toy/maker/merge?id={one}&id={other}").text
    assert f'name="_take.name" value="{one}" checked' in page
    answer = alice.send(
        "/toy/maker/merge", id=[one, other], kept_id=one, **{"_take.name": other, "_take.name_en": one}
    )
    assert answer.location == f"/toy/maker/{one}"
    assert asked == [
        {"entity": "toy.maker", "kept_id": one, "gone_ids": [other], "values": {"name": "ACME Ltd"}}
    ]


def test_programs_say_it_in_one_go(alice, house, twins):
    one, other, asked = twins
    given = {"kept_id": one, "gone_ids": [other], "values": {"name": "A"}}
    headers = {"X-CSRFToken": alice.token(), "Accept": "application/json"}
    assert alice.post("/toy/maker/merge", json=given, headers=headers).json["row"]["id"] == one
    assert asked[-1]["values"] == {"name": "A"}


def test_what_was_merged_is_told_and_taken_back(alice, twins):
    one, _other, asked = twins
    page = alice.get(f"/toy/maker/{one}/merges").text
    assert "ACME Ltd" in page
    assert f"/toy/maker/unmerge/{ID}" in page
    assert alice.send(f"/toy/maker/unmerge/{ID}").location == f"/toy/maker/{one}"
    assert asked == [{"entity": "toy.maker", "merge_id": ID}]


def test_only_what_can_be_merged_and_by_whom_may(alice, dan, house, twins):
    one, other, _ = twins
    gadget = house.add(toy.Gadget, name="Lamp", amount="1")
    assert alice.get(f"/toy/gadget/merge?id={gadget}&id={gadget}").status_code == 404
    assert alice.get(f"/toy/maker/merge?id={one}").status_code == 404
    assert dan.get(f"/toy/maker/merge?id={one}&id={other}").status_code == 403
    assert "/merge?" not in dan.get("/toy/maker/duplicates").text
