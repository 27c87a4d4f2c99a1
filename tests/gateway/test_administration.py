"""The hub of administration says when mail does not get out; the bell leads to what it rings for."""

from uuid import UUID

MAIL = {"queued": 3, "stuck": 3, "uncertain": 1, "error": "connection refused", "day": {}}
ID = UUID(int=77)


def test_whoever_runs_it_sees_that_mail_does_not_get_out(wang, house):
    house.doors["notification", "mail_state"] = lambda actor, message: MAIL
    page = wang.get("/administration").text
    assert "有 3 封邮件长时间未能发出。" in page
    assert "connection refused" in page
    assert "有 1 封邮件不能确定是否送达。" in page


def test_nothing_is_said_when_all_is_well_or_nobody_answers(alice, house):
    house.doors["notification", "mail_state"] = lambda actor, message: MAIL | {"stuck": 0, "uncertain": 0}
    assert "cannot get out" not in alice.get("/administration").text
    house.silent.add("notification")
    assert alice.get("/administration").status_code == 200


def test_a_message_of_the_bell_leads_to_its_record_and_is_read(alice, house):
    read = []
    house.doors["notification", "get"] = lambda actor, message: {"row": {"link": "/sales/quote/1"}}
    house.doors["notification", "mark_read"] = lambda actor, message: read.append(message) or {"read": 1}
    answer = alice.get(f"/bell/{ID}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sales/quote/1")
    assert read == [{"ids": [str(ID)]}]


def test_a_message_leads_nowhere_outside(alice, house):
    house.doors["notification", "get"] = lambda actor, message: {"row": {"link": "//evil.example/x"}}
    house.doors["notification", "mark_read"] = lambda actor, message: {"read": 1}
    assert alice.get(f"/bell/{ID}").headers["Location"] == "/"


def test_all_that_was_shown_is_read(alice, house):
    shown = {
        "id": str(ID),
        "at": "2026-03-02T01:00:00+00:00",
        "title": "News",
        "text": "",
        "address": "/",
        "is_read": False,
    }
    house.doors["notification", "bell"] = lambda actor, message: {"count": 1, "messages": [shown]}
    read = []
    house.doors["notification", "mark_read"] = lambda actor, message: read.append(message) or {"read": 1}
    assert "Mark all as read" in alice.get("/bell/latest").text
    answer = alice.send("/bell/read", until=shown["at"])
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "refresh-bell")
    assert read[0]["until"].startswith("2026-03-02T01:00:00")


def test_what_is_looked_after_stands_behind_the_hub_and_leads_back(alice, house):
    """For whoever has the hub in her menu; an entity of the menu itself stands behind nothing."""
    empty = {"rows": [], "labels": {}, "next": None, "count": 0, "capped": False, "totals": {}, "can": {}}
    house.doors["organization", "list"] = house.doors["customer", "list"] = lambda actor, message: empty
    page = alice.get("/organization/department").text
    assert '<nav class="crumbs" aria-label="You are here"><a href="/administration">' in page
    assert 'class="menu-link is-here" href="/administration"' in page
    page = alice.get("/customer/customer").text
    assert '<a href="/administration">Administration</a>' not in page
    assert 'class="menu-link is-here" href="/administration"' not in page
