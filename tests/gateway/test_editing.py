"""An open form says that it is open, and shows who else is at it (users 11)."""

from __future__ import annotations

import re

import pytest

from tests.gateway import toy

BOB = {
    "person_id": "00000000-0000-0000-0000-000000000009",
    "name": "包博",
    "name_en": "Bob",
    "since": "2026-03-02T06:03:00+00:00",
}


@pytest.fixture
def gadget(house):
    return house.add(toy.Gadget, name="Lamp", amount="10")


@pytest.fixture
def others(house):
    """Who else has the form open."""
    found: list[dict] = []
    house.doors["toy", "editing"] = lambda _actor, message: house.told.append(message) or {"others": found}
    house.told = []
    return found


def test_the_form_of_a_record_says_so_now_and_then(alice, house, gadget, others):
    form = alice.get(f"/toy/gadget/{gadget}/edit").text
    [sign] = re.findall(r'<div class="editing"[^>]*>', form)
    for shown in (f'hx-post="/toy/gadget/{gadget}/editing"', 'hx-trigger="load, every 20s"', "X-CSRFToken"):
        assert shown in sign
    assert form.index(sign) < form.index('name="name"')
    assert 'hx-params="none"' in sign, "what is being typed is not sent along"
    assert 'class="editing"' not in alice.get("/toy/gadget/new").text
    assert 'class="editing"' not in alice.get(f"/toy/gadget/{gadget}").text, "who only looks disturbs nobody"


def test_who_else_is_at_it_is_shown_in_the_readers_language_and_time(alice, wang, house, gadget, others):
    address = f"/toy/gadget/{gadget}/editing"
    assert alice.send(address).status_code == 204, "nobody is there: nothing moves on the page"
    others.append(BOB)
    answer = alice.send(address)
    assert "Bob has been editing this since 14:03" in answer.text
    assert 'hx-trigger="every 20s"' in answer.text
    assert "包博" in wang.send(address).text
    assert house.told[-1] == {"entity": "toy.gadget", "id": gadget}
    [again] = re.findall(r'hx-post="([^"]+)"', answer.text)
    assert alice.send(again).status_code == 204, "said already: a screen reader says it once"
    others.clear()
    left = alice.send(again)
    assert (left.status_code, "Bob" in left.text) == (200, False)
    assert f'hx-post="{address}"' in left.text


def test_while_the_service_is_silent_the_form_stays_as_it_is(alice, house, gadget):
    house.silent.add("toy")
    assert alice.send(f"/toy/gadget/{gadget}/editing").status_code == 204


def test_programs_hear_the_same(alice, dan, gadget, others):
    others.append(BOB)
    address = f"/toy/gadget/{gadget}/editing"

    def asked(who):
        sent = {"Accept": "application/json", "X-CSRFToken": who.token()}
        return who.post(address, headers=sent)

    assert asked(alice).json == {"others": [BOB]}
    assert asked(dan).status_code == 403, "who may not change it is not at it"


def test_it_leaves_what_the_gateway_keeps(app, alice, gadget, others):
    turn = app.extensions["guanxi-kept"].turns.of("toy")
    alice.send(f"/toy/gadget/{gadget}/editing")
    assert app.extensions["guanxi-kept"].turns.of("toy") == turn, "nothing has changed there"
