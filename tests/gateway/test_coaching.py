"""Coaching (STF-07): the trail of one of one's people on one page, with a remark on each step."""

import pytest

from contracts.errors import NotFound, Unavailable
from contracts.query import happened

ID = "00000000-0000-7000-8000-000000000077"
DEAL = "00000000-0000-7000-8000-000000000079"
REP = "00000000-0000-7000-8000-000000000078"


@pytest.fixture
def trails(house):
    done = happened(
        "2026-03-02T02:00:00+00:00",
        "activity_done",
        "Call · Acme",
        ("customer.activity", ID),
        REP,
        text="too dear",
    )
    opened = happened(
        "2026-02-03T02:00:00+00:00", "opportunity_opened", "Lamps", ("sales.opportunity", DEAL), REP
    )
    moved = happened(
        "2026-03-03T02:00:00+00:00", "opportunity_lost", "Lamps", ("sales.opportunity", DEAL), REP
    )
    remark = {
        "text": "Ask for the budget first",
        "at": "2026-03-02T03:00:00+00:00",
        "by_id": ID,
        "mentions": [],
    }
    house.doors["organization", "options"] = lambda actor, message: {
        "options": [{"id": REP, "label": "王芳", "label_en": "Fang"}]
    }
    house.doors["customer", "staff_trail"] = lambda actor, message: {
        "timeline": [done],
        "remarks": {ID: [remark]},
        "labels": {},
    }
    house.doors["sales", "staff_trail"] = lambda actor, message: {
        "timeline": [moved, opened],
        "remarks": {},
        "labels": {},
    }
    said = happened(
        "2026-03-01T02:00:00+00:00", "ticket_answered", "T1 Dark", ("service_desk.ticket", DEAL), REP
    )
    house.doors["service_desk", "staff_trail"] = lambda actor, message: {
        "timeline": [said],
        "remarks": {},
        "labels": {},
    }
    return house


def test_both_services_on_one_line_of_time_with_remarks_and_room_for_one_more(alice, wang, trails):
    page = alice.get(f"/coaching?staff_id={REP}").text
    assert page.index("Lamps") < page.index("too dear") < page.index("Ask for the budget first")
    for place in (
        f"customer/remarks/activity/{ID}",
        f"sales/remarks/opportunity/{DEAL}",
        f"service_desk/remarks/ticket/{DEAL}",
    ):
        assert page.count(f'hx-get="/{place}"') == 1, "each is remarked on once, however much happened to it"
    part = alice.get(f"/coaching?staff_id={REP}", headers={"HX-Request": "true", "HX-Target": "trail"}).text
    assert "<html" not in part
    assert "too dear" in part
    assert "辅导" in wang.get("/coaching").text
    told = alice.get(f"/coaching/{REP}", headers={"Accept": "application/json"}).json
    assert [entry["kind"] for entry in told["timeline"]] == [
        "opportunity_lost", "activity_done", "ticket_answered", "opportunity_opened",
    ]  # fmt: skip


def test_a_part_that_is_silent_is_named_and_somebody_elses_trail_is_not_there(alice, trails):
    def silent(actor, message):
        raise Unavailable(service="sales")

    def nobody(actor, message):
        raise NotFound(entity="organization.staff", id=REP)

    trails.doors["sales", "staff_trail"] = silent
    page = alice.get("/coaching")
    assert page.status_code == 200
    assert "too dear" in page.text
    assert "do not answer at the moment" in page.text
    trails.doors["customer", "staff_trail"] = nobody
    assert alice.get(f"/coaching/{REP}").status_code == 404


def test_without_people_below_there_is_nothing_to_read(alice, trails):
    trails.doors["organization", "options"] = lambda actor, message: {"options": []}
    assert "Nobody works below you." in alice.get("/coaching").text
