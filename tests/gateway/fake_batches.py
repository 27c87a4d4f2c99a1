"""The doors of batches, in memory."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.gateway.fake import ALICE


class FakeBatches:
    """The doors of batches, in memory: `counts` and `rows` are what the next trial or run comes to."""

    def __init__(self, house: Any) -> None:
        self.house, self.kept, self.asked = house, {}, []
        self.counts, self.rows, self.problem, self.labels = {}, [], None, {}
        for door in ("pick_batch", "check_batch", "run_batch", "take_back_batch", "batch", "batches"):
            house.doors["toy", door] = lambda actor, message, door=door: self._answer(actor, door, message)

    def ask(self, door: str, **message: Any) -> Any:
        """As a page would, but for a test that wants a batch to be there."""
        return self._answer(ALICE, door, message)

    def _answer(self, actor: Any, door: str, message: dict[str, Any]) -> Any:
        self.asked.append((door, message))
        if self.problem is not None:
            problem, self.problem = self.problem, None
            raise problem
        if door == "batches":
            return {
                "batches": [batch for batch in self.kept.values() if batch["done_at"]],
                "labels": self.labels,
            }
        if door == "pick_batch":
            batch = {
                "id": str(uuid4()), "entity": message["entity"], "state": "picked", "verb": "", "values": {},
                "how": "set", "note": None, "total": len(message.get("ids", ())) or 7, "counts": {},
                "actor_id": str(actor.id), "actor_name": actor.name, "created_at": house_now(self.house),
                "done_at": None, "undone_at": None, "undone_by": None, "undone_by_id": None, "can": ["check_batch"],
            }  # fmt: skip
            self.kept[batch["id"]] = batch
            return batch
        batch = self.kept[message.get("batch_id") or message["id"]]
        if door == "batch":
            wanted = message.get("state")
            rows = [row for row in self.rows if wanted in (None, row["state"])]
            return {"batch": batch, "rows": rows, "labels": self.labels, "next": None}
        if door == "check_batch":
            batch |= {name: message[name] for name in ("verb", "values", "how", "note") if name in message}
        state = {"check_batch": "checked", "run_batch": "done", "take_back_batch": "taken_back"}[door]
        can = {"checked": ["check_batch", "run_batch"], "done": ["take_back_batch"]}.get(state, [])
        batch |= {"state": state, "counts": self.counts, "can": can}
        batch |= {"done_at": house_now(self.house)} if state == "done" else {}
        return batch


def house_now(house: Any) -> str:
    return house.now.isoformat()


def row(state, name="Lamp", **more):
    return {
        "id": str(uuid4()), "place": 0, "name": name, "state": state, "problem": None, "changes": {},
    } | more  # fmt: skip
