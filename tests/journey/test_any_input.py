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
OWN = ("session", "token", "password", "sign_out")
"""What would put the asking program out of the door."""
ANSWERED = {
    200,
    201,
    202,
    204,
    301,
    302,
    303,
    304,
    400,
    403,
    404,
    405,
    406,
    409,
    410,
    413,
    415,
    422,
    428,
    429,
}


EVERY = 12
"""So much oftener is asked what is the same for every kind of record: it is described once."""
SAME_IDS = {"/lifecycle": "/customer/customer", "/customer-value": "/customer/customer"}


@pytest.mark.spoils
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("login", ["grace", "alice"])
def test_whatever_is_sent_is_answered(guanxi: System, login: str):
    client = guanxi.client(login)
    document = client.get("/openapi.json")
    schema = schemathesis.openapi.from_dict(document)
    schema.config.generation.update(modes=list(GenerationMode))
    asker = _Asker(client, _lists(document))
    for found in schema.get_all_operations():
        operation = found.ok()
        if not any(word in operation.path for word in OWN):
            asker.ill_treat(operation)
    assert asker.wrong == [], "\n".join(asker.wrong)


def _lists(document: dict[str, Any]) -> list[str]:
    """The addresses of all kinds of record but those that would put the asking program out of the door."""
    found = document["paths"].items()
    return [
        path
        for path, here in found
        if here.get("get", {}).get("operationId", "").endswith("_list") and "staff" not in path
    ]


class _Asker:
    """Sends what the description allows and forbids, most of it about records that exist."""

    def __init__(self, client: Client, lists: list[str]) -> None:
        self.client = client
        self.lists = lists
        self.known: dict[str, list[str]] = {}
        self.wrong: list[str] = []

    def ill_treat(self, operation: Any) -> None:
        """Some requests of one kind."""

        @settings(
            max_examples=EXAMPLES * (EVERY if "{service}/{noun}" in operation.path else 1), derandomize=True, database=None,
            deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=st.data())
        def send(case: st.DataObject) -> None:
            request = case.draw(operation.as_strategy())
            if case.draw(st.integers(0, 3)):
                self._fill_in(request, case)
            self._judge(request)

        send()

    def _fill_in(self, request: Any, case: st.DataObject) -> None:
        """The address of something that there is."""
        places = request.path_parameters
        if "service" in places and "noun" in places:
            places["service"], places["noun"] = case.draw(st.sampled_from(self.lists))[1:].split("/")
        if ids := self._ids(request.path.partition("/{id}")[0].format(**places)) if "id" in places else []:
            places["id"] = case.draw(st.sampled_from(ids))

    def _ids(self, base: str) -> list[str]:
        """Of some records that the person may see."""
        base = SAME_IDS.get(base, base)
        if base not in self.known:
            answer = self.client.ask("GET", base, params={"limit": 5})
            found = answer.json() if answer.status_code == 200 else {}
            self.known[base] = [row["id"] for row in found.get("rows", [])]
        return self.known[base]

    def _judge(self, request: Any) -> None:
        answer = request.call(
            base_url=self.client.url, timeout=60, allow_redirects=False,
            headers={**(request.headers or {}), **self.client.http.headers},
        )  # fmt: skip
        kind = answer.headers.get("content-type", [""])[0]
        said = f"{answer.status_code} {kind}: {request.as_curl_command()} → {answer.content[:600].decode(errors='replace')}"
        is_stranger = answer.status_code == 401 and request.path == "/sign-in"
        if not (answer.status_code in ANSWERED or is_stranger) or (
            answer.status_code >= 400 and "json" not in kind
        ):
            self.wrong.append(said)
        names_fields = isinstance(request.body, dict) and not request.body.keys().isdisjoint(NAME_FIELDS)
        if request.meta.generation.mode.is_positive and not names_fields and _is_unheard_of(answer):
            self.wrong.append(f"described, but not taken: {said}")


def _is_unheard_of(answer: Any) -> bool:
    """Whether the way to ask, or a field of what was asked, is one that there is not."""
    if answer.status_code != 422:
        return answer.status_code in {405, 415}
    named = (field["field"] for field in answer.json().get("fields", []) if field["code"] == "unknown")
    return any(name not in NAMES_A_FIELD for name in named)


NAME_FIELDS = {"values", "query"}
"""Parts of a body that name fields of whatever kind of record the address is of."""
NAMES_A_FIELD = {"sort"}
"""Parameters whose value is the name of a field of whatever kind of record the address is of."""
