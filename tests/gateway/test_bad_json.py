"""A program that sends nonsense is told what is wrong with it; nothing breaks (API of every page, users 20)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.gateway import toy
from tests.gateway.fake import ALICE

NONSENSE = (
    '{"ver": {}}', '{"ver": "x"}', '{"ver": -1}', '{"ver": 133740631210752024248320}', '{"ver": [1]}', "[1]", "1", "nonsense",
    '{"note": 7.5, "ver": {}}', '{"name": "\\ud83d"}',
)  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE)
@pytest.mark.parametrize("act", ["", "/archive", "/restore", "/sign"])
def test_a_bad_body_is_answered_with_what_is_wrong(program, house, body: str, act: str):
    id = house.add(toy.Gadget, name="Lamp", amount="1")
    send = program.post if act else program.patch
    answer = send(f"/toy/gadget/{id}{act}", data=body, content_type="application/json", headers=key())
    assert answer.status_code in (404, 422), answer.text
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("body", [b for b in NONSENSE if "ver" not in b])
@pytest.mark.parametrize(
    "address", ["/toy/gadget", "/sign-in", "/person/tokens", "/toy/gadget/merge", "/toy/gadget/change-many"]
)
def test_so_is_a_bad_body_elsewhere(program, body: str, address: str):
    answer = program.post(address, data=body, content_type="application/json", headers=key())
    assert answer.status_code < 500, answer.text


def test_whoever_brings_a_key_gets_json_without_asking_for_it(app, house):
    house.add(toy.Gadget, name="Lamp", amount="1")
    program = app.test_client()
    for accept in ({}, {"Accept": "*/*"}):
        answer = program.get("/toy/gadget", headers={"Authorization": "Bearer nope", **accept})
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex, "Authorization": "Bearer gx_token"}


@pytest.fixture
def program(app, house):
    """What Alice's program sends; it has a key and no cookie."""
    house.sessions["gx_token"] = ALICE
    return app.test_client()
