"""Events: how long from a commit to its effect in another service, and how many a second, against a raw loop."""

import statistics
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

import amqp
import psycopg2
from sqlalchemy import func, insert, select

from bench.contenders import plain_connection
from bench.row import Row, at_least, at_most
from bench.toys import world
from chassis.identity import new_id
from chassis.names import OUTBOX_CHANNEL
from chassis.outbox import Outgoing
from contracts.message import Envelope
from tests.chassis.toys.ledger_service import Entry
from tests.chassis.world import World, until

SINGLES = 150
BULK = 10_000
RAW_BULK = 2_000


def measure() -> list[Row]:
    with world() as made:
        made.serve("workshop")
        made.serve("ledger")
        made.start("relay", "workshop", "ledger")
        _one(made)
        delays = sorted(_one(made) for _ in range(SINGLES))
        raw = statistics.median(_raw_rate(made) for _ in range(3))
        sent, done = drained(made, BULK)
        return [
            Row("event from commit to effect, idle, median", statistics.median(delays) * 1000, "ms"),
            at_most("event from commit to effect, idle, p99", delays[int(SINGLES * 0.99)] * 1000, "ms", 100),
            at_least("events sustained, commit to effect, against a raw loop", done, "/s", 0.5, raw),
            Row("events sent by the relay", sent, "/s"),
        ]


def _one(made: World) -> float:
    """Seconds from the answer to a command until its effect can be seen in the other service's database."""
    order = new_id()
    with psycopg2.connect(made.url("ledger")) as watching, watching.cursor() as cursor:
        made.call("workshop", "make_part", {"order_id": str(order), "names": ["part"]})
        begun = time.perf_counter()
        while True:
            cursor.execute("select 1 from entry where order_id = %s", (str(order),))
            if cursor.fetchone():
                return time.perf_counter() - begun
            watching.rollback()
            time.sleep(0.001)


def _raw_rate(made: World) -> float:
    """One message after another: publish with confirm, consume, insert, commit, acknowledge; two threads in a row."""
    queue = "bench-raw-events"
    with psycopg2.connect(made.url("ledger")) as database, database.cursor() as cursor:
        cursor.execute("create table if not exists bench_raw (id bigserial primary key, body text)")
        database.commit()
        speaking, listening = plain_connection(made.amqp_url), plain_connection(made.amqp_url)
        channel = speaking.channel()
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        heard = listening.channel()
        done = []

        def hear(message: amqp.Message) -> None:
            cursor.execute("insert into bench_raw (body) values (%s)", (message.body,))
            database.commit()
            heard.basic_ack(message.delivery_info["delivery_tag"])
            done.append(1)

        heard.basic_qos(0, 100, False)
        heard.basic_consume(queue, callback=hear)
        body = _envelope(new_id()).model_dump_json()

        def speak() -> None:
            for _ in range(RAW_BULK):
                channel.basic_publish_confirm(amqp.Message(body, delivery_mode=2), "", queue)

        begun = time.perf_counter()
        speaker = threading.Thread(target=speak)
        speaker.start()
        while len(done) < RAW_BULK:
            listening.drain_events()
        spent = time.perf_counter() - begun
        speaker.join()
        listening.close()
        channel.queue_delete(queue)
        speaking.close()
    return RAW_BULK / spent


def drained(made: World, events: int) -> tuple[float, float]:
    """Events a second that the relay sends, and that have had their effect.

    A backlog of one commit each would measure the commits; so many rows at once measure what follows them.
    """
    order = new_id()
    envelopes = [_envelope(order) for _ in range(events)]
    rows = [
        {
            "event_id": e.id, "origin": e.origin, "source": e.source, "type": e.type, "aggregate_ids": [e.aggregate_id],
            "body": e.model_dump(mode="json", exclude={"sequence"}), "created_at": e.recorded_at,
        }
        for e in envelopes
    ]  # fmt: skip
    with made.session("workshop") as session, session.begin():
        session.execute(insert(Outgoing), rows)
        session.execute(select(func.pg_notify(OUTBOX_CHANNEL, "")))
    begun = time.perf_counter()
    with made.session("workshop") as session:
        unsent = select(func.count()).where(Outgoing.published_at.is_(None))
        until(lambda: not session.scalar(unsent), "everything to be sent", 600)
    sent = events / (time.perf_counter() - begun)
    with made.session("ledger") as session:
        entries = select(func.count()).where(Entry.order_id == order)
        until(lambda: session.scalar(entries) == events, "every effect", 600)
    return sent, events / (time.perf_counter() - begun)


def _envelope(order: UUID) -> Envelope:
    now = datetime.now(UTC)
    return Envelope(
        id=new_id(), origin="HQ", source="workshop", type="part_made", aggregate_id=order, occurred_at=now,
        recorded_at=now, actor_id=new_id(), body={"order_id": str(order), "name": "part"},
    )  # fmt: skip
