"""Asks the services as the gateway does, on behalf of the people of the demo company."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from chassis.wire import Call, RpcClient, raise_problem, sign_actor
from contracts.actor import Actor
from contracts.errors import AlreadyExists, IllegalTransition, KeyReused, Unavailable
from contracts.shipped import shipped_id

from .. import place

AT_ONCE = 60
"""Questions in one flight."""
PATIENCE = 120.0
DONE = (AlreadyExists, KeyReused, IllegalTransition)
"""What a second run is told about things the first one did (on another day, or long ago)."""


class NotLoaded(Exception):
    """The demo data could not be loaded; the text says why."""


def demo_id(kind: str, name: str) -> UUID:
    """The id of something in the demo company: the same however often it is loaded."""
    return shipped_id(f"demo.{kind}", name)


class Desk:
    """A line to every service, and the people who ask there."""

    def __init__(self, amqp_url: str, private_key: bytes) -> None:
        self.rpc = RpcClient(amqp_url, "demo")
        self._key: Any = load_pem_private_key(private_key, None)
        self._tokens: dict[str, str] = {}
        self.introduce("system", Actor.system("demo"))

    @classmethod
    def from_environment(cls) -> Desk:
        """As the programs of this copy are told."""
        path = os.environ.get("GUANXI_PRIVATE_KEY_FILE")
        key = Path(path) if path else place.run_dir() / "secrets" / "actor.private.pem"
        return cls(os.environ["AMQP_URL"], key.read_bytes())

    def introduce(self, name: str, actor: Actor) -> None:
        """Whoever asks as `name` from now on."""
        self._tokens[name] = sign_actor(actor, self._key, seconds=3600)

    def ask(self, who: str, service: str, door: str, message: dict[str, Any], key: str | None = None) -> Any:
        """One question; raises what was answered instead of a result."""
        return self.rpc.call(service, door, message, token=self._tokens[who], key=key, timeout=PATIENCE)

    def all(self, calls: Iterable[tuple[str, str, str, dict[str, Any], str | None]]) -> list[Any]:
        """Many questions, several in one flight; answers in the same order, None where it was done before."""
        asked = [
            Call(service, door, message, self._tokens[who], f"demo/{key}" if key else None)
            for who, service, door, message, key in calls
        ]
        found: dict[int, Any] = {}
        waiting = list(range(len(asked)))
        deadline = time.monotonic() + PATIENCE
        while waiting:
            now, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            for number, answer in zip(now, self.rpc.settle([asked[n] for n in now], PATIENCE), strict=True):
                if isinstance(answer, Unavailable) and time.monotonic() < deadline:
                    waiting.append(number)  # a busy machine; under its key it is safe to ask again
                else:
                    found[number] = None if isinstance(answer, DONE) else raise_problem(answer)
        return [found[number] for number in range(len(asked))]

    def create(self, who: str, entity: str, rows: dict[UUID, dict[str, Any]]) -> list[Any]:
        """New rows through the form's door, under ids that we name."""
        service, _, noun = entity.partition(".")
        return self.all(
            (who, service, "create", {"entity": noun, "id": str(id), "values": values}, str(id))
            for id, values in rows.items()
        )

    def rows(self, entity: str, who: str = "system", **where: Any) -> list[dict[str, Any]]:
        """All rows of an entity, page by page."""
        service, _, noun = entity.partition(".")
        found: list[dict[str, Any]] = []
        after = None
        while True:
            query = {"where": where, "sort": "created_at", "limit": 500, "after": after}
            page = self.ask(who, service, "list", {"entity": noun, "query": query})
            found += page["rows"]
            after = page["next"]
            if after is None:
                return found

    def wait_known(self, service: str, entity: str, ids: Iterable[UUID | str]) -> None:
        """Until a service has heard of these rows of another one."""
        wanted = [str(id) for id in ids]
        deadline = time.monotonic() + PATIENCE
        while wanted:
            known = self.ask("system", service, "labels", {"entity": entity, "ids": wanted[:500]})["labels"]
            wanted = [id for id in wanted if id not in known]
            if wanted:
                if time.monotonic() > deadline:
                    raise NotLoaded(
                        f"{service} has not heard of {len(wanted)} × {entity} in {PATIENCE:.0f} s."
                    )
                time.sleep(0.1)
