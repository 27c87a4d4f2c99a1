"""The pool's page: what lies there, picked and given, one or several at once (LED-07, LED-08)."""

import pytest

from contracts.customer import HoldsEnough
from contracts.errors import FieldProblem, Invalid

ID = "00000000-0000-7000-8000-000000000077"
OTHER = "00000000-0000-7000-8000-000000000078"
PEOPLE = [
    {"staff_id": ID, "name": "艾丽", "name_en": "Alice", "held": 3, "most": 5},
    {"staff_id": OTHER, "name": "王芳", "name_en": None, "held": 7, "most": None},
]


@pytest.fixture
def lying(house):
    """Two leads in the pool, the second of which the reader may open; and who holds how many."""
    rows = [
        {
            "id": ID,
            "name": "Acme",
            "expected_amount": "1200.00",
            "expected_on": "2026-09-01",
            "number": "XS-1",
            "is_seen": False,
        },
        {
            "id": OTHER,
            "name": "Bolt",
            "expected_amount": None,
            "expected_on": None,
            "number": "XS-2",
            "is_seen": True,
        },
    ]
    house.doors["customer", "pool"] = lambda actor, message: {
        "rows": rows, "labels": {}, "next": None, "count": 2, "capped": False, "totals": {"expected_amount": "1200.00"},
    }  # fmt: skip
    house.doors["customer", "loads"] = lambda actor, message: {"people": PEOPLE}
    return rows


def test_whoever_leads_opens_filters_and_gives_from_the_pool(alice, house, lying):
    """LED-07, LED-08: what may be opened is a link; several are given to one person, whose load is seen."""
    shown = alice.get("/pool?expected_on__gte=2026-01-01").text
    assert f'href="/customer/lead/{OTHER}"' in shown
    assert f'href="/customer/lead/{ID}"' not in shown
    assert 'class="chip-drop" href="/pool/lead' in shown
    filtering = alice.get("/pool/lead/filter?_field=expected_on")
    assert 'action="/pool/lead/apply-filter"' in filtering.text
    applied = alice.get("/pool/lead/apply-filter?_field=expected_on&_comparison=gte&_value=2026-01-01")
    assert applied.location == "/pool/lead?expected_on__gte=2026-01-01"
    asked = alice.get(f"/pool/lead/give?id={ID}&id={OTHER}").text
    assert "3 of 5" in asked
    given = []
    house.doors["customer", "assign_lead"] = lambda actor, message: given.append(message)
    answer = alice.send("/pool/lead/give", id=[ID, OTHER], owner_id=ID, note="soon")
    assert answer.location == "/pool/lead"
    assert [(one["id"], one["owner_id"], one["note"]) for one in given] == [
        (ID, ID, "soon"),
        (OTHER, ID, "soon"),
    ]


def test_what_is_too_much_for_somebody_is_asked_about_once_more(alice, house, lying):
    """LED-08: those that went through are not given twice; the reason is asked for beside the person."""
    given = []

    def assign(actor, message):
        if message["id"] == OTHER and not message.get("beyond_limit"):
            raise Invalid(FieldProblem("owner_id", "holds_enough", name="Alice", held=5, most=5))
        given.append(message["id"])

    house.doors["customer", "assign_lead"] = assign
    answer = alice.send("/pool/lead/give", id=[ID, OTHER], owner_id=ID)
    assert answer.status_code == 422
    assert "Alice holds 5; the rules let her hold 5." in answer.text
    assert f'name="id" value="{OTHER}"' in answer.text
    assert f'name="id" value="{ID}"' not in answer.text
    answer = alice.send("/pool/lead/give", id=[OTHER], owner_id=ID, beyond_limit="knows them")
    assert (answer.status_code, given) == (303, [ID, OTHER])


def test_several_are_picked_until_it_is_enough(alice, house, lying):
    def pick(actor, message):
        if message["id"] == OTHER:
            raise HoldsEnough(limit=1)

    house.doors["customer", "pick_lead"] = pick
    alice.send("/pool/lead/pick", id=[ID, OTHER])
    said = alice.get("/pool").text
    assert "1 is yours now." in said
    assert "You may hold 1; release some before you take more." in said


def test_whoever_names_no_key_picks_anew_each_time(alice, house, lying):
    """LED-08: picked, released and picked again are three things, and each is done."""
    for door in ("pick_lead", "assign_lead"):
        house.doors["customer", door] = lambda actor, message: None
    for _ in range(2):
        alice.send("/pool/lead/pick", id=[ID])
        alice.send("/pool/lead/give", id=[ID], owner_id=OTHER)
    keys = [call.key for call in house.calls if call.method in {"pick_lead", "assign_lead"}]
    assert len(set(keys)) == 4


def test_beside_a_form_that_gives_one_more_stands_who_holds_how_many(alice, house, lying):
    """LED-08"""
    hint = alice.get(f"/pool/loads?customer.assign_lead={ID}", headers={"HX-Request": "true"}).text
    assert "3 of 5" in hint
    told = alice.get(f"/pool/loads?customer.hand_over_customer={ID}", headers={"Accept": "application/json"})
    assert told.json["people"] == PEOPLE
