"""The form of the website as strangers, programs and other sites meet it. Users 7."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from contracts.customer import TooManyForms
from contracts.errors import FieldProblem, Invalid
from gateway.pages import web_form
from gateway.pages.web_form import BAIT

TRADE = {"id": str(UUID(int=7)), "label": "商业贸易", "label_en": "Trade"}
FORM = {
    "name": "预约演示", "name_en": "Book a demonstration", "text": None, "text_en": None, "thanks": None, "thanks_en": "We call.",
    "asks": ["name", "mobile", "industry_id"], "logo": None, "choices": {"industry_id": [TRADE]},
    "sites": ["https://www.example.com"],
}  # fmt: skip


@pytest.fixture
def sent(house) -> list:
    """What was handed to the service."""
    found: list = []

    def send(_actor, message):
        if not message["values"].get("name"):
            raise Invalid(FieldProblem("name", "required"))
        found.append(message)

    house.doors["customer", "open_web_form"] = lambda _actor, _message: FORM
    house.doors["customer", "send_web_form"] = send
    return found


@pytest.fixture
def stranger(app, sent):
    return app.test_client()


def test_a_list_is_shown_as_words_to_choose(stranger):
    page = stranger.get("/form/fair", headers={"Accept-Language": "en"}).text
    assert re.search(
        rf'<select[^>]*name="industry_id".*?<option value="{TRADE["id"]}">Trade</option>', page, re.S
    )
    assert "data-lookup" not in page


def test_the_form_needs_no_cookie_so_it_works_in_a_frame(stranger, sent):
    """A browser that keeps no cookie of ours on another site's page sends it all the same."""
    page = stranger.get("/form/fair").text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert "csrf_token" not in hidden
    bare = stranger.application.test_client(use_cookies=False)
    values = {"name": "苏州精工", "mobile": "13800138000", "industry_id": TRADE["id"], BAIT: ""}
    answer = bare.post("/form/fair", data={**hidden, **values})
    assert (answer.status_code, "quick" in answer.text or "太快" in answer.text, sent) == (200, True, [])


def test_only_the_sites_that_were_named_may_show_it_within_their_pages(stranger, alice):
    answer = stranger.get("/form/fair")
    assert "frame-ancestors https://www.example.com" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    ours = alice.get("/toy/gadget")
    assert "frame-ancestors 'none'" in ours.headers["Content-Security-Policy"]
    assert ours.headers["X-Frame-Options"] == "DENY"


def test_a_program_is_told_the_fields_and_what_to_send_along(stranger, sent):
    json = {"Accept": "application/json", "Accept-Language": "en"}
    told = stranger.get("/form/fair", headers=json).json
    assert [(one["name"], one["kind"], one["required"]) for one in told["fields"]] == [
        ("name", "text", True), ("mobile", "phone", False), ("industry_id", "choice", False),
    ]  # fmt: skip
    assert told["fields"][2]["choices"] == [TRADE]
    assert "sites" not in told
    assert (told["bait"], bool(told["shown"])) == (BAIT, True)


@pytest.mark.parametrize("body", [[], "x", {"mobile": "1"}])
def test_a_program_is_told_what_is_wrong(program, stranger, sent, body):
    if isinstance(body, dict):
        _, answer = program(**body, name="")
    else:
        answer = stranger.post("/form/fair", json=body)
    assert (answer.status_code, answer.mimetype, sent) == (422, "application/problem+json", [])


@pytest.fixture
def program(stranger, monkeypatch):
    """`program(**values)`: as `form`, but asked and sent as JSON, by the website's own form or its server."""
    monkeypatch.setattr(web_form, "FASTEST", 0)
    headers = {"Accept": "application/json", "Accept-Language": "en"}

    def sends(shown=None, **values):
        shown = shown or stranger.get("/form/fair", headers=headers).json["shown"]
        body = {"name": "苏州精工", "mobile": "13800138000", "_shown": shown, **values}
        return shown, stranger.post("/form/fair", json=body, headers=headers)

    return sends


def wrong_stamp(answer):
    return answer.status_code, [(one["field"], one["code"]) for one in answer.json["fields"]]


def test_what_a_program_sends_is_guarded_as_the_page_is(program, sent, monkeypatch):
    """Users 7: the same time a person takes, the same stamp of a form that was shown, for one lead within a day."""
    _shown, first = program(**{BAIT: ""})
    assert (first.status_code, first.json["thanks"]) == (201, "We call.")
    assert (sent[0]["values"], sent[0]["is_suspect"]) == (
        {"name": "苏州精工", "mobile": "13800138000"}, False,
    )  # fmt: skip
    late = (422, [("_shown", "open_too_long")])
    assert wrong_stamp(program(shown="made up")[1]) == late
    assert wrong_stamp(program(_shown=None)[1]) == late
    assert wrong_stamp(program(_shown=["x"])[1]) == late
    monkeypatch.setattr(web_form, "LONGEST", -1)
    assert wrong_stamp(program()[1]) == late
    monkeypatch.undo()
    answer = program()[1]
    assert wrong_stamp(answer) == (422, [("_shown", "very_quick")])
    assert "quick" in answer.json["fields"][0]["detail"]
    assert len(sent) == 1


def test_one_stamp_makes_one_lead_whatever_key_a_program_chooses(program, house, sent):
    shown, _ = program()
    _, again = program(shown)
    assert again.status_code == 201
    assert len({call.key for call in house.calls if call.method == "send_web_form"}) == 1


@pytest.mark.parametrize("more", [{}, {"name": ""}, {"_shown": None}])
def test_a_program_that_takes_the_bait_is_thanked_and_marked(program, sent, more):
    _, answer = program(**{BAIT: "https://example.com", **more})
    assert (answer.status_code, answer.json["thanks"]) == (201, "We call.")
    assert [one["is_suspect"] for one in sent] == ([] if "name" in more else [True])


@pytest.fixture
def form(stranger, monkeypatch):
    """`form(**values)`: opens the form and sends it at once, as if the time a person needs had passed."""
    monkeypatch.setattr(web_form, "FASTEST", 0)

    def filled_in(hidden=None, **values):
        page = stranger.get("/form/fair").text
        hidden = hidden or dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
        data = {"name": "苏州精工", "mobile": "13800138000", BAIT: "", **hidden, **values}
        return hidden, stranger.post("/form/fair", data=data, headers={"Accept-Language": "en"})

    return filled_in


def test_one_form_that_was_shown_makes_one_lead_within_a_day(form, sent, monkeypatch):
    hidden, first = form()
    assert "We call." in first.text
    _, again = form(hidden | {"_key": "another"})
    assert ("open for too long" in again.text, len(sent)) == (True, 1), "the stamp was of the first"
    monkeypatch.setattr(web_form, "LONGEST", -1)
    _, late = form()
    assert ("open for too long" in late.text, "苏州精工" in late.text, len(sent)) == (True, True, 1)
    monkeypatch.undo()


def test_the_bait_marks_a_lead_and_loses_none(form, sent):
    _, answer = form(**{BAIT: "https://example.com"})
    assert ("We call." in answer.text, [one["is_suspect"] for one in sent]) == (True, [True])


def test_too_often_is_said_in_words_and_nothing_typed_is_lost(form, house):
    def full(_actor, message):
        assert len(message["sender"]) == 64
        raise TooManyForms(seconds=3600)

    house.doors["customer", "send_web_form"] = full
    _, answer = form()
    assert (answer.status_code, "sent too often" in answer.text, "苏州精工" in answer.text) == (
        429,
        True,
        True,
    )
