"""Whatever a program sends, as /openapi.json describes it or against it, it gets an answer that it can read, never a 500. Users 20."""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.journey.system import Client, System

EXAMPLES = int(os.environ.get("GUANXI_FUZZ_EXAMPLES", "1"))
OWN = ("session", "token", "password")
"""What would put the asking program out of the door."""
ANSWERED = {200, 201, 202, 204, 301, 302, 303, 304, 400, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429}


@pytest.mark.spoils
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("login", ["grace", "alice"])
def test_whatever_is_sent_is_answered(guanxi: System, login: str):
    client = guanxi.client(login)
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json"))
    schema.config.generation.update(modes=list(GenerationMode))
    known: dict[str, list[str]] = {}
    wrong: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if not any(word in operation.path for word in OWN):
            _ill_treat(client, operation, known, wrong)
    assert wrong == [], "\n".join(wrong)


def _ill_treat(client: Client, operation: Any, known: dict[str, list[str]], wrong: list[str]) -> None:
    """Some requests of one kind, half of them about a record that exists."""

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.data())
    def send(case: st.DataObject) -> None:
        request = case.draw(operation.as_strategy())
        ids = _ids(client, operation.path, known)
        if ids and "id" in request.path_parameters and case.draw(st.booleans()):
            request.path_parameters["id"] = case.draw(st.sampled_from(ids))
        answer = request.call(
            base_url=client.url, timeout=60, allow_redirects=False,
            headers={**(request.headers or {}), **client.http.headers},
        )  # fmt: skip
        kind = answer.headers.get("content-type", [""])[0]
        if answer.status_code not in ANSWERED or (answer.status_code >= 400 and "json" not in kind):
            wrong.append(f"{answer.status_code} {kind}: {request.as_curl_command()} → {answer.text[:300]}")

    send()


def _ids(client: Client, path: str, known: dict[str, list[str]]) -> list[str]:
    """Of some records that the person may see."""
    base = path.partition("/{")[0]
    if "/{id}" in path and base not in known:
        answer = client.ask("GET", base, params={"limit": 5})
        known[base] = [row["id"] for row in answer.json()["rows"]] if answer.status_code == 200 else []
    return known.get(base, [])
