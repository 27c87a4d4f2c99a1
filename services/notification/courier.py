"""Tells other programs what happened, in the background: each delivery in a thread of its own, a few for one webhook.

Signed as the Standard Webhooks specification says: HMAC-SHA256 over «id.timestamp.body» with the webhook's secret. Whoever
answers with 2xx has heard it; everything else is tried again. A redirect is no answer: it would lead a signed body astray.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import orjson

from chassis.house import House
from chassis.logs import log
from chassis.settings import service_settings
from chassis.work import Work
from contracts.actor import Actor
from services.notification import calling
from services.notification.actions import webhook
from services.notification.actions.webhook import Outbound, Outcome

T = TypeVar("T")
NAP = 1.0
"""Seconds between two looks for deliveries that are due."""
LONGEST_ANSWER = 1000


class Courier:
    """The deliveries of one process."""

    def __init__(self, house: House, slots: int = 16, *, own_machine: bool | None = None) -> None:
        self.house, self.slots = house, slots
        self._own_machine = service_settings().webhook_own_machine if own_machine is None else own_machine
        self._busy: dict[UUID, UUID] = {}
        """Delivery → its webhook."""

    def run_due(self) -> float:
        """Begin with every delivery that is due; gives the seconds until it is worth looking again."""
        free = self.slots - len(self._busy)
        busy = Counter(self._busy.copy().values())
        taken = self._did(webhook.take, free, busy) if free > 0 else []
        self._busy |= {each.delivery_id: each.webhook_id for each in taken}
        for each in taken:
            threading.Thread(
                target=self._send, args=(each,), name=f"webhook {each.delivery_id}", daemon=True
            ).start()
        return NAP if len(taken) < self.slots else 0.0

    def close(self, patience: float = 20.0) -> None:
        """What was begun may end; what does not is sent again by the next process."""
        self.wait(patience)

    def wait(self, patience: float) -> bool:
        """Until nothing is under way; says whether that is so."""
        end = time.monotonic() + patience
        while self._busy and time.monotonic() < end:
            time.sleep(0.02)
        return not self._busy

    def _send(self, each: Outbound) -> None:
        try:
            outcome = self._told(each)
            self._did(webhook.settle, each, outcome)
            log().info(
                "webhook", delivery=str(each.delivery_id), attempt=each.attempt, code=outcome.code, heard=outcome.is_heard
            )  # fmt: skip
        except Exception:
            log().exception("webhook failed", delivery=str(each.delivery_id), attempt=each.attempt)
        finally:
            self._busy.pop(each.delivery_id, None)

    def _told(self, each: Outbound) -> Outcome:
        """One attempt, and what the other side said."""
        body = orjson.dumps(each.body)
        headers = signed(each.body["id"], int(time.time()), body, each.secret)
        try:
            code, said = calling.post(
                each.url, body, headers, own_machine=self._own_machine, most=LONGEST_ANSWER
            )
            return Outcome(code, _text(said))
        except calling.FAILURES as error:
            return Outcome(None, f"{type(error).__name__}: {error}"[:LONGEST_ANSWER])

    def _did(self, act: Callable[..., T], *what: Any) -> T:
        with self.house.sessions.begin() as session:
            return act(Work(session, Actor.system("courier"), self.house, door=act.__name__), *what)


def signed(id: str, at: int, body: bytes, secret: str) -> dict[str, str]:
    """The headers that show who speaks; `at` in seconds since 1970, the secret as `whsec_<base64>`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json", "User-Agent": "Guanxi", "webhook-id": id, "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
    }  # fmt: skip


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace").replace("\x00", "")[:LONGEST_ANSWER]
