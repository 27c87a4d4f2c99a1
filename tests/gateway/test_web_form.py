"""The form of the website as strangers, programs and other sites meet it. Users 7."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from contracts.errors import FieldProblem, Invalid

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
    values = {"name": "苏州精工", "mobile": "13800138000", "industry_id": TRADE["id"], "homepage": ""}
    answer = bare.post("/form/fair", data={**hidden, **values})
    assert (answer.status_code, "quick" in answer.text or "太快" in answer.text, sent) == (200, True, [])


def test_only_the_sites_that_were_named_may_show_it_within_their_pages(stranger, alice):
    answer = stranger.get("/form/fair")
    assert "frame-ancestors https://www.example.com" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    ours = alice.get("/toy/gadget")
    assert "frame-ancestors 'none'" in ours.headers["Content-Security-Policy"]
    assert ours.headers["X-Frame-Options"] == "DENY"


def test_a_program_is_told_the_fields_and_sends_values(stranger, sent):
    json = {"Accept": "application/json", "Accept-Language": "en"}
    told = stranger.get("/form/fair", headers=json).json
    assert [(one["name"], one["kind"], one["required"]) for one in told["fields"]] == [
        ("name", "text", True), ("mobile", "phone", False), ("industry_id", "choice", False),
    ]  # fmt: skip
    assert told["fields"][2]["choices"] == [TRADE]
    assert "sites" not in told
    values = {"name": "苏州精工", "mobile": "13800138000"}
    answer = stranger.post("/form/fair", json=values, headers=json)
    assert (answer.status_code, answer.json["thanks"]) == (201, "We call.")
    assert sent[0]["values"] == values


@pytest.mark.parametrize("body", [[], "x", {"mobile": "1"}])
def test_a_program_is_told_what_is_wrong(stranger, sent, body):
    answer = stranger.post("/form/fair", json=body)
    assert (answer.status_code, answer.mimetype, sent) == (422, "application/problem+json", [])
