"""A backlog drained, and what an event costs when the tables of what was sent and heard have grown.

`GUANXI_BENCH_EVENTS=100000` for the big backlog, `GUANXI_BENCH_ROWS=10000000` for the big tables; 20,000 and a million
unless told.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text

from bench.events import drained
from bench.row import Row, at_most
from bench.toys import world
from chassis import database
from chassis.forgetting import BATCH, Forgetter
from chassis.house import House
from chassis.outbox import Outgoing
from tests.chassis.toys.workshop_service import Workshop
from tests.chassis.world import World

EVENTS = int(os.environ.get("GUANXI_BENCH_EVENTS", "20000"))
ROWS = int(os.environ.get("GUANXI_BENCH_ROWS", "1000000"))
SAMPLE = 3000
PART = 50_000
"""Rows put in by one statement: no statement may take a minute."""

SENT = """
INSERT INTO outbox (event_id, origin, source, type, aggregate_ids, body, created_at, sequence, published_at)
SELECT uuidv7(), 'HQ', 'workshop', 'part_made', ARRAY[uuidv7()], '{}', now(), top + n, now() - interval '10 years'
FROM generate_series(1, :n) n, (SELECT coalesce(max(sequence), 0) AS top FROM outbox) numbered
"""
HEARD = """
INSERT INTO inbox (event_id, door, aggregate_id, type, state, received_at, done_at)
SELECT uuidv7(), 'on_part_made', uuidv7(), 'workshop.part_made', 'done', now(), now() - interval '10 years'
FROM generate_series(1, :n) n
"""


def measure() -> list[Row]:
    """A toy service that speaks and one that listens, with nothing behind them and with years behind them."""
    with world() as made:
        made.serve("workshop")
        made.serve("ledger")
        made.start("relay", "workshop", "ledger")
        drained(made, 500)
        before = _each(made)
        _years_later(made)
        after = _each(made)
        forgotten = _forgotten(made)
        rows = [
            at_most(
                f"one event, {ROWS:,} rows in outbox and inbox, against empty tables",
                after,
                "ms",
                1.25,
                before,
            ),
            Row("rows of the outbox forgotten", forgotten, "/s"),
        ]
        _, done = drained(made, EVENTS)
        return [*rows, Row(f"backlog of {EVENTS:,} events, commit to effect", done, "/s")]


def _each(made: World) -> float:
    """Milliseconds for an event from the commit to its effect, many at once."""
    return 1000 / max(drained(made, SAMPLE)[1] for _ in range(3))


def _years_later(made: World) -> None:
    for service, statement, table in (("workshop", SENT, "outbox"), ("ledger", HEARD, "inbox")):
        engine = made.engines[service]
        for done in range(0, ROWS, PART):
            with engine.begin() as connection:
                connection.execute(text(statement), {"n": min(PART, ROWS - done)})
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM ANALYZE {table}"))


def _forgotten(made: World) -> float:
    """Rows a second, while nobody else works."""
    sessions = database.sessions(made.engines["workshop"])
    now = datetime.now(UTC) + timedelta(seconds=1)
    forgetter = Forgetter(House(Workshop, "HQ", sessions, lambda _: None, lambda: now))
    rounds = min(20, ROWS // BATCH)
    with made.session("workshop") as session:
        old = select(func.count()).where(Outgoing.published_at < now - timedelta(days=3000))
        there = session.scalar(old) or 0
        begun = time.perf_counter()
        for _ in range(rounds):
            forgetter.run_due()
        spent = time.perf_counter() - begun
        session.rollback()
        return (there - (session.scalar(old) or 0)) / spent
