"""The page «Operation», the page of parked events, and the eye that has administrators told."""

import pytest

from gateway.watch import Watch
from tests.gateway.facts import EVENT, FACTS, GIVEN_UP, MAIL, WELL


@pytest.fixture
def well(app, house):
    """Every part has nothing that waits."""
    for name in app.extensions["guanxi-registry"].services:
        house.doors[name, "backlog"] = lambda actor, message: WELL
    still = {"queued": 0, "stuck": 0, "uncertain": 0, "oldest_queued_at": None}
    house.doors["notification", "mail_state"] = lambda actor, message: MAIL | still
    return house


def test_all_is_green_when_nothing_waits(alice, well):
    page = alice.get("/administration/operation").text
    assert "is-bad" not in page
    assert "nothing waits" in page
    assert "the books agreed" in page


def test_what_needs_somebody_is_said_in_words(alice, wang, well):
    well.doors["sales", "backlog"] = lambda actor, message: FACTS
    well.doors["notification", "mail_state"] = lambda actor, message: MAIL
    page = alice.get("/administration/operation").text
    assert "2 events could not be done and need somebody" in page
    assert "1 events are tried again and again, the oldest for 7 minutes" in page
    assert "the job Chase fails: ValueError: no" in page
    assert "connection refused" in page
    assert "2 个事件无法处理，需要人工介入" in wang.get("/administration/operation").text


def test_a_part_that_does_not_answer_is_not_green(alice, well):
    well.silent.add("sales")
    assert "does not answer" in alice.get("/administration/operation").text


def test_books_that_do_not_agree_are_red(alice, well):
    wrong = {"prove_books": {"done_at": None, "error": "BooksDisagree: 2: YS-1", "late": False}}
    well.doors["receivables", "backlog"] = lambda actor, message: WELL | {"jobs": wrong}
    assert "the books do not agree: BooksDisagree: 2: YS-1" in alice.get("/administration/operation").text


def test_only_administrators_see_it(dan, well):
    assert dan.get("/administration/operation").status_code == 403


def test_a_parked_event_with_all_that_is_known_and_who_gave_one_up(alice, well):
    well.doors["sales", "parked"] = lambda actor, message: {
        "incoming": [EVENT], "given_up": [GIVEN_UP], "outgoing": [],
    }  # fmt: skip
    page = alice.get("/administration/messages").text
    for text in (
        "customer.lead_converted",
        "open_opportunity",
        "ValueError: no",
        "泰微",
        "Try all again",
        "made twice",
    ):
        assert text in page
    assert "given up by" in page


def test_all_of_a_part_are_tried_again_with_one_press(alice, well):
    asked = []
    well.doors["sales", "replay_all"] = lambda actor, message: asked.append(message) or {"replayed": 2}
    assert alice.send("/administration/messages/sales/replay_all", _key="k1").status_code == 303
    assert asked == [{}]


def test_what_two_looks_see_is_reported_and_a_moment_is_not(app, well):
    reported = []
    well.doors["notification", "report_trouble"] = lambda actor, message: reported.append(message)
    watch = Watch(app)
    well.silent.add("sales")
    assert watch.look() == []
    well.silent.clear()
    assert watch.look() == []
    well.doors["sales", "backlog"] = lambda actor, message: FACTS | {"parked_at": {"open_opportunity": 2}}
    assert watch.look() == []
    watch.look()
    assert {(one["kind"], one["part"], one["what"]) for one in reported} == {
        ("event_parked", "sales", "open_opportunity"), ("events_late", "sales", "inbox"),
        ("events_late", "sales", "refused"), ("job_failed", "sales", "chase"),
    }  # fmt: skip
