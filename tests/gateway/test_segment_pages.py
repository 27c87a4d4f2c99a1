"""A filtered list is kept as a segment; its page says in words who belongs to it, who came and who went (CUS-16, CUS-22)."""

import re
from urllib.parse import quote

import pytest

from contracts.customer import SegmentOwnerLeft
from contracts.errors import FieldProblem, Forbidden, Invalid, NotFound

ID = "01900000-0000-7000-8000-000000000001"
ASKED = "kind=partner&last_activity_at__ne=last_90_days"


def segment(house, turn=None, **more):
    row = {
        "id": ID, "name": "久未联系", "name_en": "Long silent", "list_of": "customer.customer", "query": ASKED, "members": 12,
        "trouble": None, "ver": 1, **more,
    }  # fmt: skip
    house.doors["customer", "get"] = lambda actor, message: {"row": row, "labels": {}, "can": {}}
    turned = {
        "id": ID,
        "record_id": ID,
        "again_on": None,
        "at": "2026-03-10T04:00:00+00:00",
        "joined": True,
        "handled_at": None,
        "unhandled": None,
    }
    house.doors["customer", "segment_turns"] = lambda actor, message: {
        "days": [{"on": "2026-03-10", "came": 3, "went": 1}], "turned": [turned | {"name": "泰微"} | (turn or {})], "waiting": 2,
        "unhandled": 1 if turn else 0, "next": "[1]",
        "is_gathering": not row["trouble"],
    }  # fmt: skip


def test_a_narrowed_list_offers_to_keep_who_it_shows(alice, wang, dan):
    kept = f"/customer/segment/new?list_of=customer.customer&amp;query={quote('kind=partner', safe='')}"
    assert kept in alice.get("/customer/customer?kind=partner").text
    assert "保存为客户细分" in wang.get("/customer/customer?kind=partner").text
    assert "/customer/segment/new" not in alice.get("/customer/customer?sort=name").text, (
        "nothing is narrowed"
    )
    assert "/customer/segment/new" not in alice.get("/sales/quote?state=sent").text
    form = alice.get(kept.replace("&amp;", "&")).text
    assert 'value="kind=partner"' in form
    assert "<b>Kind</b> is <span>Partner</span>" in form, "she reads words, the form sends the conditions"
    assert '<input type="hidden" name="query" value="kind=partner">' in form


def test_who_begins_with_the_empty_form_is_shown_the_lists_to_filter(alice):
    form = alice.get("/customer/segment/new").text
    for entity in ("customer", "lead", "contact"):
        assert f'<a class="btn btn-sm" href="/customer/{entity}">' in form
    assert 'name="query"' not in form, "nobody types conditions by hand"


def test_conditions_that_are_refused_can_be_mended_where_they_stand(alice, house):
    def create(actor, message):
        raise Invalid(FieldProblem("query", "unknown", value="kin"))

    house.doors["customer", "create"] = create
    page = alice.send("/customer/segment", name="A", list_of="customer.customer", query="kin=partner").text
    assert re.search(
        r'<input class="form-control is-invalid" type="text" id="f-query" name="query" value="kin=partner"',
        page,
    )


def test_from_its_page_one_comes_to_the_list_and_takes_other_conditions_back(alice, wang, house):
    row = {
        "id": ID,
        "name": "久未联系",
        "list_of": "customer.customer",
        "query": ASKED,
        "rhythm": "weekly",
        "ver": 1,
    }
    house.doors["customer", "get"] = lambda actor, message: {
        "row": row,
        "labels": {},
        "can": {"verbs": [], "update": True},
        "history": {"changes": [], "labels": {}},
    }
    page = wang.get(f"/customer/segment/{ID}").text
    assert "最近 90 天" in page, "the conditions stand there in words"
    assert f"view=customer.segment:{ID}" in page
    shown = alice.get(f"/customer/customer?kind=internal&view=customer.segment:{ID}").text
    changed = f"/customer/segment/{ID}/edit?query=kind%3Dinternal"
    assert changed in shown
    form = alice.get(changed).text
    assert 'value="kind=internal"' in form
    assert "kind=partner" in form, "what is kept is what the form began with"


def test_a_rule_takes_its_conditions_from_a_list_as_a_segment_does(alice, wang, house):
    """CUS-05, CUS-06: the administrator filters the customers and keeps that as a rule, or changes a rule to it."""
    listed = alice.get(f"/customer/customer?kind=internal&view=customer.value_rule:{ID}").text
    assert "/customer/value_rule/new?list_of=customer.customer&amp;query=kind%3Dinternal" in listed
    assert f"/customer/value_rule/{ID}/edit?query=kind%3Dinternal" in listed
    assert f"/customer/segment/{ID}/edit" not in listed
    assert "/customer/value_rule/new" not in alice.get("/customer/lead?state=new").text
    form = alice.get("/customer/value_rule/new?query=kind%3Dinternal").text
    assert "<b>Kind</b> is <span>Internal</span>" in form
    assert '<a class="btn btn-sm" href="/customer/customer">' in alice.get("/customer/value_rule/new").text
    row = {
        "id": ID,
        "name": "政府",
        "name_en": None,
        "value_class": "key",
        "query": "kind=internal",
        "position": 5,
        "ver": 1,
    }
    house.doors["customer", "list"] = lambda actor, message: {
        "rows": [row], "labels": {}, "next": None, "count": 1, "capped": False, "totals": {},
    }  # fmt: skip
    assert "<b>类型</b> 是 <span>内部" in wang.get("/customer/value_rule").text


def test_its_page_says_who_came_and_went_in_both_languages(alice, wang, house):
    segment(house)
    shown = alice.get(f"/customer/segment/{ID}/turns").text
    for part in (
        "Long silent",
        "+3",
        "−1",
        "泰微",
        f"segments={ID}",
        "2 wait to be handled",
        "being gathered",
    ):
        assert part in shown, part
    part = wang.get(
        f"/customer/segment/{ID}/turns", headers={"HX-Request": "true", "HX-Target": "turns"}
    ).text
    assert "<html" not in part
    assert "正在汇集" in part
    segment(house, trouble="owner_left")
    assert "成员保持不变" in wang.get(f"/customer/segment/{ID}/turns").text
    assert alice.get(f"/customer/segment/{ID}/turns.json").json["days"][0]["came"] == 3


@pytest.mark.parametrize(
    ("problem", "english", "chinese"),
    [
        (Forbidden(permission="customer.activity.create"), "may not do that there", "无权"),
        (NotFound(entity="customer.customer", id=ID), "does not see it any more", "看不到"),
        (Invalid(FieldProblem("kind_id", "required")), "Kind: ", "类型"),
        (SegmentOwnerLeft(), "no longer works here", "已离职"),
    ],
)
def test_why_one_could_not_be_handled_is_said_of_each(alice, wang, house, problem, english, chinese):
    """CUS-22: the template was not followed for somebody: for whom, and why."""
    segment(house, {"unhandled": problem.as_dict()})
    shown = alice.get(f"/customer/segment/{ID}/turns").text
    assert f"/customer/segment/{ID}/turns?unhandled=1" in shown
    assert re.search(r"could not be handled: [^<]*" + re.escape(english), shown), english
    assert re.search(
        r"无法处理：[^<]*" + chinese, wang.get(f"/customer/segment/{ID}/turns?unhandled=1").text
    ), chinese


def test_one_goes_back_through_all_changes(alice, house):
    asked = []
    segment(house, {"again_on": "2026-03-24"})
    turns = house.doors["customer", "segment_turns"]
    house.doors["customer", "segment_turns"] = lambda actor, message: (
        asked.append(message) or turns(actor, message)
    )
    shown = alice.get(f"/customer/segment/{ID}/turns").text
    assert "once more on" in shown
    assert f"/customer/segment/{ID}/turns?before=%5B1%5D" in shown
    alice.get(f"/customer/segment/{ID}/turns?before=%5B1%5D&unhandled=1")
    assert [(one["before"], one["unhandled"], one["limit"]) for one in asked] == [
        (None, False, 50),
        ("[1]", True, 50),
    ]
