"""What other programs are told, and what becomes of it: noted with the news, sent, tried again, given up."""

from __future__ import annotations

import base64
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from chassis.identity import new_id
from chassis.work import Work
from contracts.message import Envelope
from contracts.notification import PingWebhook, RenewWebhookSecret, ResendWebhookDelivery, ShowWebhookSecret
from services.notification import model, recipients, rules
from services.notification.actions import notice

PING = "ping"
UNDER_WAY = ("queued", "sending")
GONE = 410
"""«Nobody listens here any more»: the whole webhook is switched off."""
ONE_AT_ONCE = 4
"""Deliveries to one webhook that are under way at the same time: a slow one must not keep all hands busy."""


@dataclass(frozen=True)
class Outbound:
    """A delivery that this process is about to make, at one attempt."""

    delivery_id: UUID
    webhook_id: UUID
    attempt: int
    url: str
    secret: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What the other side said: a status and the beginning of its words, or no status and why there was none."""

    code: int | None
    answer: str

    @property
    def is_heard(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


def forward(work: Work, news: Sequence[Envelope]) -> None:
    """Note that every webhook that wants to know is to be told of these events, once for each."""
    webhooks = work.find_all(model.Webhook, is_active=True, archived_at=None)
    for told in news if webhooks else ():
        body = {
            "id": str(told.id), "type": f"{told.source}.{told.type}", "timestamp": told.occurred_at.isoformat(),
            "origin": told.origin, "actor_id": str(told.actor_id), "actor_name": told.actor_name, "data": told.body,
        }  # fmt: skip
        for webhook in webhooks:
            if webhook.wants(told.type):
                _note(work, webhook.id, told.type, told.id, body)


def _note(work: Work, webhook_id: UUID, event: str, event_id: UUID, body: dict[str, Any]) -> None:
    if work.find(model.WebhookDelivery, webhook_id=webhook_id, event_id=event_id) is None:
        work.add(
            model.WebhookDelivery(
                webhook_id=webhook_id, event=event, event_id=event_id, state="queued", attempts=0,
                next_attempt_at=work.now, body=body,
            )
        )  # fmt: skip


def ping_webhook(work: Work, message: PingWebhook) -> model.Webhook:
    """Something harmless is on its way; the delivery log tells what came of it."""
    webhook = work.get(model.Webhook, message.id, message.ver)
    id = new_id()
    body = {"id": str(id), "type": PING, "timestamp": work.now.isoformat(), "origin": work.branch, "data": {}}
    _note(work, webhook.id, PING, id, body)
    return webhook


def resend_webhook_delivery(work: Work, message: ResendWebhookDelivery) -> model.WebhookDelivery:
    """It is told once more, under the same id."""
    delivery = work.get(model.WebhookDelivery, message.id, message.ver)
    if delivery.state != "sending":
        delivery.state, delivery.attempts, delivery.next_attempt_at = "queued", 0, work.now
    return delivery


def secret_of(work: Work, webhook_id: UUID) -> str:
    """The webhook's secret, drawn when it is first needed."""
    made = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    drawn = insert(model.WebhookSecret).values(webhook_id=webhook_id, secret=made)
    work.session.execute(drawn.on_conflict_do_nothing())
    found = select(model.WebhookSecret.secret).where(model.WebhookSecret.webhook_id == webhook_id)
    return work.session.execute(found).scalar_one()


def show_webhook_secret(work: Work, message: ShowWebhookSecret) -> dict[str, str]:
    """What the other program needs to check the signature."""
    return {"secret": secret_of(work, work.read(model.Webhook, message.webhook_id).id)}


def renew_webhook_secret(work: Work, message: RenewWebhookSecret) -> dict[str, str]:
    """What is sent from now on is signed with a new secret; the answer tells it."""
    webhook = work.get(model.Webhook, message.webhook_id)
    work.session.execute(delete(model.WebhookSecret).where(model.WebhookSecret.webhook_id == webhook.id))
    return {"secret": secret_of(work, webhook.id)}


def take(work: Work, most: int, busy: Counter[UUID]) -> list[Outbound]:
    """Take deliveries that are due in hand, also those whose sender has ended: the other side knows them by their id.

    busy    how many this process has under way, for each webhook
    """
    full = [id for id, count in busy.items() if count >= ONE_AT_ONCE]
    delivery, whose = model.WebhookDelivery, model.Webhook
    due = (
        select(delivery, whose.url)
        .join(whose, whose.id == delivery.webhook_id)
        .where(
            delivery.state.in_(UNDER_WAY), whose.is_active, whose.archived_at.is_(None), whose.id.not_in(full),
            # later than any delay: noted down while a clock was wrong
            (delivery.next_attempt_at <= work.now)
            | (delivery.next_attempt_at > work.now + rules.LONGEST_DELAY),
        )
        .order_by(delivery.next_attempt_at, delivery.id).limit(most * ONE_AT_ONCE)
    )  # fmt: skip
    taken: list[Outbound] = []
    busy = busy.copy()
    for row, url in work.session.execute(due.with_for_update(skip_locked=True, of=delivery)):
        if len(taken) < most and busy[row.webhook_id] < ONE_AT_ONCE:
            busy[row.webhook_id] += 1
            row.state, row.attempts = "sending", row.attempts + 1
            row.next_attempt_at = work.now + rules.SENDER_GONE
            taken.append(
                Outbound(row.id, row.webhook_id, row.attempts, url, secret_of(work, row.webhook_id), row.body)
            )
    return taken


def settle(work: Work, sent: Outbound, outcome: Outcome) -> None:
    """Write down what the other side said; what it did not take is tried again, for some days."""
    row = work.get(model.WebhookDelivery, sent.delivery_id)
    if (row.state, row.attempts) != ("sending", sent.attempt):
        return  # somebody else took it over meanwhile
    row.code, row.answer, row.next_attempt_at = outcome.code, outcome.answer, None
    if outcome.is_heard:
        row.state, row.sent_at = "sent", work.now
    elif outcome.code == GONE or rules.is_given_up(row.created_at, work.now):
        row.state = "failed"
        _tell_given_up(work, sent.webhook_id, row.event, outcome)
    else:
        row.state, row.next_attempt_at = "queued", rules.next_attempt(row.attempts, work.now)


def _tell_given_up(work: Work, webhook_id: UUID, event: str, outcome: Outcome) -> None:
    """Administrators hear of it once a day for each webhook; one that is gone is told nothing more."""
    webhook = work.get(model.Webhook, webhook_id)
    if outcome.code == GONE:
        webhook.is_active = False
    notice.tell_all(
        work, "webhook_failed", recipients.holders(work, "administrator"), reason=f"{webhook.id}:{work.today}",
        link=f"/notification/webhook/{webhook.id}",
        values={"name": webhook.name, "event": event, "error": f"{outcome.code or ''} {outcome.answer}".strip()},
    )  # fmt: skip
