"""The to-do centre (ACT-05): everything that waits for a person, each with its count, and her credit for contacts (CON-06)."""

import re

import pytest

from contracts.actor import Grant
from tests.gateway import fake

ID = "01900000-0000-7000-8000-000000000001"
EMPTY = {"rows": [], "labels": {}, "next": None, "count": 0, "capped": False, "totals": {}}


def listed(entity, count):
    row = {
        "id": ID, "number": "X-1", "name": f"about {entity}", "subject": f"about {entity}", "state": "open", "customer_id": None,
        "amount": None, "remaining": "7.00", "due_on": "2026-03-01",
    }  # fmt: skip
    return EMPTY | {"rows": [row], "count": count}


def counted(count, capped=False):
    return {"count": count, "capped": capped}


@pytest.fixture
def day(house):
    """Something of everything."""
    asked = []

    def rows(_actor, message):
        asked.append((message["entity"], message["query"]["where"]))
        return listed(message["entity"], 12)

    entry = {
        "id": ID, "ver": 1, "subject": "拜访", "starts_at": "2026-03-01T02:00:00+00:00", "state": "planned", "kind_id": ID,
        "customer_id": ID, "lead_id": None, "owner_id": ID, "can": {"verbs": ["complete"]},
    }  # fmt: skip
    remark = {
        "id": ID, "about": "customer.customer", "record_id": ID, "text": "@王芳 看", "mentions": [ID],
        "created_at": "2026-03-01T02:00:00+00:00", "created_by": ID,
    }  # fmt: skip
    house.doors["customer", "my_day"] = lambda _actor, _message: {
        "today": [], "overdue": [entry, entry], "open": [], "leads": [], "comments": [remark], "birthdays": [],
        "counts": {
            "today": counted(0), "overdue": counted(10_000, True), "open": counted(0), "leads": counted(0), "comments": counted(21),
        },
        "labels": {ID: {"entity": "organization.staff", "label": "王芳", "label_en": "Fang Wang"}},
    }  # fmt: skip
    for service in ("customer", "sales", "receivables", "service_desk"):
        house.doors[service, "list"] = rows
    on_deal = {
        **remark,
        "about": "sales.opportunity",
        "text": "先问预算",
        "created_at": "2026-03-01T03:00:00+00:00",
    }
    house.doors["sales", "my_comments"] = lambda _actor, _message: {"rows": [on_deal], "labels": {}}
    house.doors["service_desk", "my_tickets"] = lambda _actor, _message: listed("service_desk.ticket", 3)
    house.doors["customer", "points"] = lambda _actor, message: {
        "from_on": "2026-03-01", "to_on": "2026-03-31", "labels": {}, "entries": [],
        "people": [{"rank": 1, "staff_id": message["staff_id"], "points": 23, "activities": 4, "late": 1}],
    }  # fmt: skip
    return asked


def test_all_that_waits_is_counted_and_leads_to_its_panel(day, alice, wang):
    shown = alice.get("/my-day").text
    for part in (
        "overdue", "quotes", "contracts", "quotes_to_send", "contracts_to_sign", "overdue_instalments", "hand_overs", "new_tickets",
        "stalled",
        "tickets", "comments",
    ):  # fmt: skip
        assert f'href="#desk-{part}"' in shown, part
        assert f'id="desk-{part}"' in shown, part
    assert 'href="#desk-leads"' not in shown
    assert re.search(r'href="#desk-overdue">[^<]* <b>10,000\+</b>', shown), "not only those that are shown"
    assert re.search(r'href="#desk-comments">[^<]* <b>22</b>', shown)
    assert 'href="/customer/activity?owner_id=me&amp;state=planned&amp;starts_at=past"' in shown
    assert '<span class="mention-chip">@Fang Wang</span>' in shown
    assert 0 < shown.index(f"/sales/opportunity/{ID}") < shown.index("先问预算") < shown.index("mention-chip")
    chinese = wang.get("/my-day").text
    for word in ("待我处理", "待签订的合同", "本月客户联系积分"):
        assert word in chinese
    mine = [where for entity, where in day if where.get("owner_id")]
    assert {where["owner_id"] for where in mine} == {str(fake.ALICE.id), str(fake.WANG.id)}


def test_what_is_not_ones_business_is_not_asked_and_a_silent_part_takes_nothing_down(
    day, house, monkeypatch, sign_in
):
    grants = (Grant(permission="customer.my_day", scope="own"),)
    monkeypatch.setitem(fake.PEOPLE, "dan", fake.DAN.model_copy(update={"grants": grants}))
    dan = sign_in("dan")
    shown = dan.get("/my-day").text
    assert day == []
    assert "desk-quotes" not in shown
    house.silent |= {"sales", "service_desk"}
    assert dan.get("/my-day").status_code == 200


def test_the_ranking_and_each_activity_with_the_day_it_was_entered(house, alice, wang):
    label = {"entity": "organization.staff", "label": "王芳", "label_en": "Fang Wang"}
    entry = {
        "activity_id": ID, "subject": "拜访", "kind_id": ID, "customer_id": ID, "lead_id": None, "is_late": True, "points": 5,
        "done_at": "2026-03-01T02:00:00+00:00", "entered_at": "2026-03-09T02:00:00+00:00",
    }  # fmt: skip
    house.doors["customer", "points"] = lambda _actor, message: {
        "from_on": "2026-03-01", "to_on": "2026-03-31", "labels": {ID: label},
        "people": [{"rank": 1, "staff_id": ID, "points": 23, "activities": 4, "late": 1}],
        "entries": [entry] if message.get("staff_id") else [],
    }  # fmt: skip
    ranking = alice.get("/points").text
    for word in ("Fang Wang", "23", f"staff_id={ID}", f"owner_id={ID}"):
        assert word in ranking
    assert "Entered at" not in ranking
    one = wang.get(f"/points?staff_id={ID}").text
    assert "补录" in one
    assert alice.get("/points.json").json["people"][0]["points"] == 23
    assert alice.get("/points?from_on=never").status_code == 422
