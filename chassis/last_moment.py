"""Moments at which a test may end the process, as `kill -9` would: between two steps that no transaction can join.

Inert unless GUANXI_STOP_AT names a folder. There a file called after the moment, such as `customer.door-committed`,
ends the first process that comes by; the file is gone then, so that the next one lives.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

_FOLDER = os.environ.get("GUANXI_STOP_AT")

DOOR_COMMITTED = "door-committed"
"""A command is done; nobody has been told."""
NEWS_CHOSEN = "news-chosen"
"""The relay has events in hand and has sent none of them."""
NEWS_SENT = "news-sent"
"""The relay has sent events; the broker has not confirmed them."""
NEWS_CONFIRMED = "news-confirmed"
"""The broker has confirmed; the outbox does not know."""
NEWS_DONE = "news-done"
"""A listener has done what events ask for; the broker has no acknowledgement."""
LETTER_HANDED_OVER = "letter-handed-over"
"""The books say that the end of a letter goes out now; it has not."""
LETTER_TAKEN = "letter-taken"
"""The mail server has the letter; our log of deliveries does not know."""

ALL = (DOOR_COMMITTED, NEWS_CHOSEN, NEWS_SENT, NEWS_CONFIRMED, NEWS_DONE, LETTER_HANDED_OVER, LETTER_TAKEN)


def passes(service: str, moment: str) -> None:
    """Go on, unless a test wants the process to end here."""
    if _FOLDER is None:
        return
    try:
        (Path(_FOLDER) / f"{service}.{moment}").unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
