"""How long a database may say nothing. A connection that neither answers nor breaks is not waited for for ever.

A router that forgets, a machine that loses power: the other end learns of neither. Whoever waits without a limit waits
until somebody restarts it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg2
from psycopg2 import extensions

SILENCE = 75.0
"""Seconds without a word after which a connection is dead: every statement ends sooner, by a limit of its own."""
KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""When each end asks the other, in a quiet hour, whether it is still there: libpq's settings, and PostgreSQL's own."""
SERVER_KEEPALIVE = " ".join(f"-c tcp_{name}={seconds}" for name, seconds in KEEPALIVE.items())


class DatabaseSilent(psycopg2.OperationalError):
    """The database said nothing for too long; the connection is given up."""


def wait_with(until: Callable[[int, bool, float], None]) -> None:
    """Wait for the database with this function from now on, everywhere in this process.

    It is given the file, whether to read (else to write) and the seconds; it raises DatabaseSilent when they are over.
    """

    def wait(connection: Any) -> None:
        while (state := connection.poll()) != extensions.POLL_OK:
            if state not in (extensions.POLL_READ, extensions.POLL_WRITE):
                raise psycopg2.OperationalError(f"the database connection is in state {state}")
            until(connection.fileno(), state == extensions.POLL_READ, SILENCE)

    extensions.set_wait_callback(wait)
