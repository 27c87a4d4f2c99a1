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
        "groups": [{"by": "name", "ids": [one, other], "count": 2, "at": "name:0"}], "by": ["name"], "labels": {},
        "rows": house.rows["toy.maker"], "next": None,
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


def test_two_of_three_take_part_and_a_field_may_come_from_none(alice, house, twins):
    one, other, asked = twins
    third = house.add(toy.Maker, name="Acme China", name_en="Acme CN")
    page = alice.get(f"/toy/maker/merge?id={one}&id={other}&id={third}").text
    assert page.count('name="_part"') == 3
    sent = {"_part": [one, third], "kept_id": one, "_take.name": third, "_take.name_en": "none"}
    alice.send("/toy/maker/merge", id=[one, other, third], **sent)
    assert asked[-1]["gone_ids"] == [third]
    assert asked[-1]["values"] == {"name": "Acme China", "name_en": None}
    for wrong in ({"_part": [other, third]}, {"_part": [one]}):
        refused = alice.send("/toy/maker/merge", id=[one, other, third], **sent | wrong)
        assert refused.status_code == 422
        assert "Tick at least two" in refused.text


def test_the_report_is_read_page_by_page(alice, house, twins):
    one, other, _ = twins
    asked = []
    found = {
        "groups": [{"by": "name", "ids": [one, other], "count": 31, "at": "name:0"}], "by": ["name", "mail_domain"],
        "labels": {}, "rows": house.rows["toy.maker"], "next": "name:20",
    }  # fmt: skip
    house.doors["toy", "duplicates"] = lambda actor, message: asked.append(message) or found
    page = alice.get("/toy/maker/duplicates?by=name&after=name:0").text
    assert (asked[-1]["after"], asked[-1]["limit"]) == ("name:0", 20)
    assert "?by=name&amp;after=name%3A20" in page
    assert "The oldest 2 of 31." in page
    assert "Mail domain" in page


def test_these_are_different_and_that_is_taken_back(alice, dan, house, twins):
    one, other, _ = twins
    marks = []
    house.doors["toy", "mark_different"] = lambda actor, message: marks.append(message) or {"mark_id": ID}
    house.doors["toy", "unmark_different"] = lambda actor, message: marks.append(message) or {"mark_id": ID}
    house.doors["toy", "differences"] = lambda actor, message: marks.append(message) or {
        "marks": [{"id": ID, "at": "2026-03-01T02:00:00Z", "actor_id": ID, "actor_name": "Bob",
                   "records": [{"id": one, "name": "Acme"}, {"id": other, "name": "ACME Ltd"}]}],
        "labels": {ID: {"entity": "organization.staff", "label": "鲍勃", "label_en": "Bob Li"}},
    }  # fmt: skip
    assert "/toy/maker/different" in alice.get("/toy/maker/duplicates").text
    assert (
        alice.send("/toy/maker/different", id=[one, other], by="name").location
        == "/toy/maker/duplicates?by=name"
    )
    assert marks[-1] == {"entity": "toy.maker", "ids": [one, other]}
    page = alice.get("/toy/maker/differences").text
    assert "Bob Li" in page
    assert "Acme" in page
    assert alice.get("/toy/maker/differences.json?limit=1").json["marks"][0]["id"] == ID
    assert marks[-1]["limit"] == 1
    assert alice.send(f"/toy/maker/different/{ID}/undo").location == "/toy/maker/differences"
    assert marks[-1] == {"entity": "toy.maker", "mark_id": ID}
    assert dan.send("/toy/maker/different", id=[one, other]).status_code == 403


def test_ticked_groups_are_shown_and_merged_group_by_group(alice, house, twins):
    one, other, _ = twins
    asked = []
    plan = {"kept_id": one, "ids": [one, other], "values": {"name_en": "Acme"}, "vers": {one: 1, other: 4}}
    house.doors["toy", "plan_merges"] = lambda actor, message: asked.append(message) or {
        "groups": [plan], "rows": house.rows["toy.maker"], "labels": {},
    }  # fmt: skip
    house.doors["toy", "merge_many"] = lambda actor, message: asked.append(message) or {
        "merged": 1, "groups": [
            {"kept_id": one, "name": "Acme", "merge_id": ID, "problem": None},
            {"kept_id": other, "name": "Bolt", "merge_id": None,
             "problem": {"field": "", "code": "ChangedMeanwhile", "params": {}}},
        ],
    }  # fmt: skip
    assert alice.send("/toy/maker/plan-merges").location == "/toy/maker/duplicates"
    page = alice.send("/toy/maker/plan-merges", group=[f"{one},{other}"]).text
    assert asked[-1]["groups"] == [[one, other]]
    assert f'value="{one} {one}:1 {other}:4"' in page
    assert "nothing is done yet" in page
    told = alice.send("/toy/maker/merge-many", group=[f"{one} {one}:1 {other}:4"]).text
    assert asked[-1]["groups"] == [{"kept_id": one, "ids": [one, other], "vers": {one: 1, other: 4}}]
    assert "1 group was merged." in told
    assert "Bolt" in told
    headers = {"X-CSRFToken": alice.token(), "Accept": "application/json"}
    body = {"groups": [{"ids": [one, other]}]}
    assert alice.post("/toy/maker/merge-many", json=body, headers=headers).json["merged"] == 1
    assert alice.post("/toy/maker/plan-merges", json={"groups": [[one, other]]}, headers=headers).json[
        "groups"
    ] == [plan]
    assert alice.send("/toy/maker/merge-many", group=["x"]).status_code == 422
    assert alice.send("/toy/maker/merge-many", group=[""]).status_code == 422
    nothing = alice.post("/toy/maker/plan-merges", json={}, headers=headers)
    assert (nothing.status_code, nothing.json["fields"][0]["field"]) == (422, "groups")


LEAD = "00000000-0000-7000-8000-0000000000a1"
CUSTOMER = "00000000-0000-7000-8000-0000000000c1"


@pytest.fixture
def known(house):
    """A lead that is a customer of one's own, and one of a colleague's that only its name is told of."""
    like = {"entity": "customer.customer", "state": None, "owner": "王芳", "owner_en": "Fang Wang"}
    group = {
        "by": "phone", "ids": [LEAD], "count": 1, "at": "phone:0", "known_count": 3,
        "known": [like | {"id": CUSTOMER, "name": "启利", "number": "KH-1"}, like | {"id": None, "name": "泰微", "number": "KH-2"}],
    }  # fmt: skip
    lead = {"id": LEAD, "ver": 1, "name": "启利科技", "state": "new", "number": "XS-1"}
    found = {"groups": [group], "by": ["name", "phone"], "labels": {}, "rows": {LEAD: lead}, "next": None}
    house.doors["customer", "duplicates"] = lambda actor, message: found
    return found


def test_the_report_of_leads_names_the_customers_they_are(alice, wang, known):
    """Users 1: whose it is and whom to ask; only what one may see is opened, or taken as the customer it is."""
    page = alice.get("/customer/lead/duplicates").text
    assert f"/customer/customer/{CUSTOMER}" in page
    assert f"/customer/lead/{LEAD}/convert?customer_id={CUSTOMER}" in page
    assert "looked after by Fang Wang" in page
    assert page.count("?customer_id=") == 2  # one button: as a link, and as a dialog
    assert "泰微" in page
    assert "The oldest 2 of 3." in page
    assert "/customer/lead/merge?" not in page
    assert "plan-merges" not in page  # one lead alone is no group to be merged
    assert f'name="id" value="{CUSTOMER}"' in page  # «These are different» says so of both
    assert "负责人 王芳" in wang.get("/customer/lead/duplicates").text
    assert alice.get("/customer/lead/duplicates.json").json["groups"] == known["groups"]


def test_what_is_a_customer_already_is_not_converted_again(alice, dan, known):
    known["rows"][LEAD]["state"] = "converted"
    assert "/convert?" not in alice.get("/customer/lead/duplicates").text
    known["rows"][LEAD]["state"] = "new"
    page = dan.get("/customer/lead/duplicates")
    assert page.status_code == 403 or "/convert?" not in page.text


def test_merges_of_late_are_taken_back_from_one_list(alice, house, twins):
    """Users 1: who, when, what; the ticked ones at once, also by programs."""
    one, other, asked = twins
    merge = house.doors["toy", "merges"](None, {})["merges"][0] | {"kept_id": one}
    house.doors["toy", "merges"] = lambda actor, message: asked.append(message) or {
        "merges": [merge, {**merge, "undone_at": "2026-03-02T02:00:00Z"}],
        "labels": {one: {"entity": "toy.maker", "label": "Acme"}, other: {"entity": "toy.maker", "label": "ACME Ltd"}},
    }  # fmt: skip
    told = {"taken_back": 1, "merges": [
        {"merge_id": ID, "kept_id": one, "name": "Acme", "problem": None},
        {"merge_id": other, "kept_id": None, "name": None, "problem": {"field": "", "code": "NotMerged", "params": {}}},
    ]}  # fmt: skip
    house.doors["toy", "unmerge_many"] = lambda actor, message: asked.append(message) or told
    assert "/toy/maker/merges" in alice.get("/toy/maker/duplicates").text
    page = alice.get("/toy/maker/merges").text
    assert "Bob" in page
    assert page.count('name="merge"') == 1  # what was taken back is not taken back again
    assert alice.get("/toy/maker/merges.json?limit=1").json["merges"][0]["kept_id"] == one
    assert asked[-1] == {"entity": "toy.maker", "limit": 1}
    assert alice.send("/toy/maker/unmerge").location == "/toy/maker/merges"  # nothing was ticked
    answer = alice.send("/toy/maker/unmerge", merge=[ID, other]).text
    assert "1 merge was taken back." in answer
    assert "This merge has been taken back already" in answer
    headers = {"X-CSRFToken": alice.token(), "Accept": "application/json"}
    assert alice.post("/toy/maker/unmerge", json={"merge_ids": [ID]}, headers=headers).json == told
    assert asked[-1] == {"entity": "toy.maker", "merge_ids": [ID]}
