"""Breaks the product on purpose, so that the checker can be seen to notice: the mistakes that the mechanisms are there against.

Installed by `tests.faults.inside` in processes of the fault suite; each sabotage works while its file is there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select

from chassis import last_moment
from tests.faults.inside import FOLDER

INBOX_OFF = "inbox-off"
PUBLISH_BEFORE_COMMIT = "publish-before-commit"
ACK_BEFORE_COMMIT = "ack-before-commit"
CONFIRMS_OFF = "confirms-off"
LOST_UPDATE = "lost-update"
ALL = (INBOX_OFF, PUBLISH_BEFORE_COMMIT, ACK_BEFORE_COMMIT, CONFIRMS_OFF, LOST_UPDATE)

PUBLISHED, ACKNOWLEDGED = "sabotage-published", "sabotage-acknowledged"
"""Moments that exist only here."""


def is_on(what: str) -> bool:
    return (FOLDER / f"sabotage.{what}").exists()


def install(program: str) -> None:
    """Put them in; none works yet."""
    if program == "chassis":
        without_confirms()
    else:
        forget_what_was_heard()
        acknowledge_first()
        publish_first()
        if program == "deploy.nursery":
            look_before_locking()


def forget_what_was_heard() -> None:
    """The inbox knows no event, so each copy is new."""
    from chassis import inbox

    take = inbox.Inbox._take

    def forgetful(self: Any, session: Any, heard: Sequence[inbox.Heard], *, careful: bool) -> None:
        if is_on(INBOX_OFF):
            ids = [one.envelope.id for one in heard if one.envelope]
            session.execute(delete(inbox.Incoming).where(inbox.Incoming.event_id.in_(ids)))
        take(self, session, heard, careful=careful)

    inbox.Inbox._take = forgetful  # type: ignore[method-assign]


def acknowledge_first() -> None:
    """The broker is told that it is done before it is."""
    from chassis import listening

    take = listening.Listener._take

    def hasty(self: Any, batch: list[Any]) -> None:
        if not is_on(ACK_BEFORE_COMMIT):
            return take(self, batch)
        self._line.ack(batch[0].channel, batch[-1].delivery_info["delivery_tag"], multiple=True)
        time.sleep(0.1)
        last_moment.passes(self.service.name, ACKNOWLEDGED)
        self.inbox.take([message.body for message in batch])
        return None

    listening.Listener._take = hasty  # type: ignore[method-assign]


def publish_first() -> None:
    """Events go out before the transaction that makes them true."""
    import amqp

    from chassis import broker, outbox
    from chassis.names import events_exchange
    from chassis.wire import encode

    write = outbox._write

    def hasty(session: Any) -> None:
        pending = session.info.get("outbox", [])
        if not (is_on(PUBLISH_BEFORE_COMMIT) and pending) or session.get_nested_transaction():
            return write(session)
        session.flush()
        connection = broker.connect(os.environ["AMQP_URL"], "sabotage")
        channel = connection.channel()
        for _, envelope in pending:
            message = amqp.Message(encode(envelope.model_dump(mode="json")), delivery_mode=2)
            channel.basic_publish_confirm(message, events_exchange(envelope.source), envelope.type)
        connection.close()
        last_moment.passes(pending[0][1].source, PUBLISHED)
        return write(session)

    outbox._write = hasty


def without_confirms() -> None:
    """What was written to the socket is called sent."""
    from chassis import relay

    wait = relay.Publisher._wait

    def trusting(self: Any) -> None:
        if is_on(CONFIRMS_OFF):
            self._open.clear()
        else:
            wait(self)

    relay.Publisher._wait = trusting  # type: ignore[method-assign]


def look_before_locking() -> None:
    """What was paid is read before the receivable is locked: of two payments at once the second does not see the first."""
    from chassis.work import Work
    from services.receivables import model
    from services.receivables.actions import payment

    get, paid_so_far = Work.get, payment.paid_so_far
    paid = func.coalesce(func.sum(model.Payment.amount), Decimal("0.00"))

    def late(self: Any, cls: Any, id: Any, ver: Any = None) -> Any:
        if cls is model.Receivable and is_on(LOST_UPDATE):
            statement = select(paid).where(model.Payment.receivable_id == id)
            with self.everything():
                self.session.info["looked"] = self.session.execute(statement).scalar_one()
            time.sleep(0.5)
        return get(self, cls, id, ver)

    def from_memory(work: Any, receivable_id: Any) -> Decimal:
        looked = work.session.info.get("looked")
        if looked is None:
            return paid_so_far(work, receivable_id)
        mine = [row.amount for row in work.session if isinstance(row, model.Payment)]
        return looked + sum(mine, Decimal(0))

    Work.get = late  # type: ignore[method-assign, assignment]
    payment.paid_so_far = from_memory
