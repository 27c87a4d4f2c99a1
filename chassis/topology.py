"""What stands at the broker for events: an exchange for each speaker, a queue for each listener, and its bindings."""

from __future__ import annotations

import contextlib

import amqp
from amqp.exceptions import PreconditionFailed
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import database
from chassis.broker import connect
from chassis.inbox import Bound
from chassis.logs import log
from chassis.names import events_exchange, inbox_queue
from chassis.service import Service


def declare(connection: amqp.Connection, service: type[Service]) -> None:
    """Make what is missing. Takes nothing away."""
    wanted = service.hears()
    with contextlib.closing(connection.channel()) as channel:
        for source in sorted({service.name, *(source for source, _ in wanted)}):
            channel.exchange_declare(events_exchange(source), "topic", durable=True, auto_delete=False)
    _declare_inbox(connection, inbox_queue(service.name))
    with contextlib.closing(connection.channel()) as channel:
        for source, type_ in sorted(wanted):
            channel.queue_bind(inbox_queue(service.name), events_exchange(source), type_)


def bring_up_to_date(service: type[Service], amqp_url: str, database_url: str) -> None:
    """Declare what this version needs and unbind what it no longer listens to."""
    sessions = database.sessions(database.connect(database_url, pool_size=1))
    with contextlib.closing(connect(amqp_url, f"{service.name} migrate")) as connection:
        declare(connection, service)
        with sessions.begin() as session:
            unbind_unwanted(connection, session, service)


def unbind_unwanted(connection: amqp.Connection, session: Session, service: type[Service]) -> None:
    """Stop what this version no longer listens to; what lies in the queue already is discarded where it is read."""
    wanted = set(service.hears())
    known = {(bound.source, bound.type) for bound in session.scalars(select(Bound))}
    with contextlib.closing(connection.channel()) as channel:
        for source, type_ in sorted(known - wanted):
            channel.queue_unbind(inbox_queue(service.name), events_exchange(source), type_)
            session.execute(delete(Bound).where(Bound.source == source, Bound.type == type_))
    if wanted - known:
        rows = [{"source": source, "type": type_} for source, type_ in sorted(wanted - known)]
        session.execute(insert(Bound).on_conflict_do_nothing(), rows)


def _declare_inbox(connection: amqp.Connection, queue: str) -> None:
    # one active consumer, so that order survives several processes; the others take over when it goes.
    # no length limit: a full queue would drop or reorder
    arguments = {"x-queue-type": "quorum", "x-single-active-consumer": True}
    if int(connection.server_properties["version"].split(".")[0]) >= 4:
        # from 4.0 on the broker drops a message after 20 deliveries unless told not to: a service that was
        # killed that often would lose it
        arguments["x-delivery-limit"] = -1
    channel = connection.channel()
    try:
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
        channel.close()
    except PreconditionFailed as error:
        with contextlib.closing(connection.channel()) as again:
            again.queue_declare(queue, passive=True)
        log().warning(
            "queue has other arguments than this version would give it; it works, but on RabbitMQ 4 set a policy "
            "with delivery-limit -1 for it",
            queue=queue,
            error=error.reply_text,
        )
