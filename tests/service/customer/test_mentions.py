"""Colleagues called by name in a remark (users 9): only whoever may see the record, each once, by login or by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import mentions
from contracts.customer import ActivityCommented, RecordCommented
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import RoleListed, StaffListed, role_id
from services.customer import model
from tests.cast import ALICE_ID, BEIJING, BOB_ID, CAROL_ID, EVE_ID, FRANK_ID, SALES, SHANGHAI, id_of, person
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT

OWN = [{"permission": "customer.*", "scope": "own"}]
DEPARTMENT = [{"permission": "customer.*", "scope": "department"}]
TEAM = [{"permission": "customer.customer.read", "scope": "team"}]


def employ(office, id, name, login, role, *, name_en=None, ver=2, **more):
    data = {
        "login": login, "branch_id": str(BEIJING), "department_id": str(SALES), "roles": [str(role_id(role))],
        "state": "active", "manager_id": None,
    } | more  # fmt: skip
    office.hear(StaffListed(record_id=id, epoch=1, ver=ver, label=name, label_en=name_en, data=data))


@pytest.fixture
def people(office):
    """Alice sells, Bob leads her, Carol sells in Shanghai, Eve left, 王芳 works for Alice's department."""
    for code, grants in (("rep", OWN), ("manager", DEPARTMENT), ("leader", TEAM)):
        office.hear(
            RoleListed(
                record_id=role_id(code), epoch=1, ver=1, label=code, data={"code": code, "grants": grants}
            )
        )
    employ(office, ALICE_ID, "Alice", "alice", "rep", manager_id=str(BOB_ID))
    employ(office, BOB_ID, "Bob", "bob", "leader")
    employ(office, CAROL_ID, "Carol", "carol", "rep", branch_id=str(SHANGHAI), department_id=None)
    employ(office, EVE_ID, "Eve", "eve", "manager", state="left")
    employ(office, FRANK_ID, "王芳", "wangfang", "manager", name_en="Fang Wang")
    return office


def remark(office, row, text, actor=ALICE, about="customer.customer", **more):
    return office.ask(actor, "add_comment", about=about, record_id=row["id"], text=text, **more)["row"]


def test_by_login_or_by_name_in_either_language(people, customer):
    for text, written, whom in (
        ("请 @wangfang 看一下", "请 @王芳 看一下", [FRANK_ID]),
        ("请@王芳看一下", "请@王芳看一下", [FRANK_ID]),
        ("ask @Fang Wang, please", "ask @王芳, please", [FRANK_ID]),
        ("＠BOB和@bob：好吗？", "@Bob和@Bob：好吗？", [BOB_ID]),
        ("@bob. @wangfang", "@Bob. @王芳", [BOB_ID, FRANK_ID]),
        ("mail bob@example.com or @bobby @nobody @ 3pm", "mail bob@example.com or @bobby @nobody @ 3pm", []),
    ):
        said = remark(people, customer, text)
        assert (said["text"], said["mentions"]) == (written, [str(id) for id in whom])
    shown = people.ask(ALICE, "comments", about="customer.customer", record_id=customer["id"])
    assert shown["rows"][0]["mentions"] == [str(FRANK_ID)]
    assert shown["labels"][str(FRANK_ID)]["label_en"] == "Fang Wang"


def test_whoever_may_not_see_it_is_not_offered_and_not_mentioned(people, customer):
    def offered(text, actor=ALICE):
        asked = {"about": "customer.customer", "record_id": customer["id"], "text": text}
        return [one["login"] for one in people.ask(actor, "colleagues", asked)["options"]]

    assert offered("") == ["bob", "wangfang"]
    assert [offered(text) for text in ("wf", "王", "FANG", "o", "carol", "eve")] == [
        ["wangfang"], ["wangfang"], ["wangfang"], ["bob"], [], []
    ]  # fmt: skip
    for name in ("@carol", "@Carol 你看"):
        with pytest.raises(Invalid) as refused:
            remark(people, customer, name)
        assert [(p.field, p.code) for p in refused.value.fields] == [("text", "may_not_see")]
    assert people.rows(model.Comment) == []
    with pytest.raises(NotFound):
        offered("", CAROL)
    with pytest.raises(Forbidden):
        offered("", person(id_of(399), "Reader", "customer.customer.read all"))


def test_a_record_that_was_shared_may_be_talked_about(people, customer):
    people.ask(ROOT, "hand_over_customer", id=customer["id"], owner_id=str(CAROL_ID))
    assert remark(people, customer, "@carol", ROOT)["mentions"] == [str(CAROL_ID)]


def test_a_name_that_several_have_needs_the_login(people, customer):
    employ(people, id_of(390), "王芳", "wf2", "manager")
    with pytest.raises(Invalid) as refused:
        remark(people, customer, "@王芳")
    assert [(p.field, p.code) for p in refused.value.fields] == [("text", "ambiguous")]
    assert remark(people, customer, "@wf2")["mentions"] == [str(id_of(390))]


def test_each_is_announced_once_whatever_it_is_about_and_pressed_twice(people, customer):
    for _ in range(2):
        remark(people, customer, "@bob @bob", key="once")
    (event,) = people.emitted(RecordCommented)
    assert event.mentioned_ids == (BOB_ID,)
    call = people.ask(
        ALICE, "log_activity", kind_id=str(CALL), subject="电话", customer_id=customer["id"]
    )["row"]  # fmt: skip
    remark(people, call, "@wangfang", about="customer.activity")
    (event,) = people.emitted(ActivityCommented)
    assert event.mentioned_ids == (FRANK_ID,)


def test_her_day_shows_where_she_is_mentioned(people, customer):
    remark(people, customer, "@bob 请看")
    day = people.ask(BOB, "my_day")
    assert [(one["text"], one["mentions"]) for one in day["comments"]] == [("@Bob 请看", [str(BOB_ID)])]


NAMES = st.sampled_from(["bob", "bobby", "王芳", "fang wang", "a.b"])


@given(st.lists(NAMES | st.text("a@. 王芳b＠-_", max_size=6), max_size=8))
def test_what_is_found_stands_there_behind_a_sign_and_does_not_overlap(pieces):
    names = {name: {id_of(n)} for n, name in enumerate(["bob", "bobby", "王芳", "fang wang", "a.b"])}
    text = "@".join(pieces)
    found, at = mentions.mentioned(text, names), 0
    for start, end, ids in found:
        assert at <= start < end <= len(text)
        assert text[start] in "@＠"
        assert names[text[start + 1 : end].casefold()] == ids
        at = end
