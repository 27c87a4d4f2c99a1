"""The mail server of the fault suite: takes every letter, until it is told to misbehave."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller


class Post:
    """A mail server; `mode` is how it treats whoever comes next.

    take · refuse (451 at the recipient) · hang (keeps the letter, says nothing) · die (keeps it and hangs up) · drop (hangs
    up at the end of a letter without keeping it).
    """

    def __init__(self) -> None:
        self.mode = "take"
        self.taken: Counter[str] = Counter()
        """Message-ID → how often the server kept a letter of this name, said so or not."""
        self.to: dict[str, str] = {}
        self._waiting: set[Any] = set()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.mode == "refuse":
            return "451 4.3.2 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mode = self.mode
        if mode != "drop":
            id = str(message_from_bytes(envelope.content, policy=policy.default)["message-id"])
            self.taken[id] += 1
            self.to[id] = envelope.rcpt_tos[0]
        if mode == "hang":
            self._waiting.add(server.transport)
            await asyncio.sleep(3600)
        if mode in ("die", "drop"):
            server.transport.abort()
        return "250 2.0.0 taken"

    def heal(self) -> None:
        """Take letters again; whoever still waits for an answer is hung up on."""
        self.mode = "take"
        for transport in list(self._waiting):
            self._controller.loop.call_soon_threadsafe(transport.abort)
        self._waiting.clear()

    def close(self) -> None:
        self._controller.stop(no_assert=True)
