"""A real mail server that can be told to misbehave, by the beginning of the recipient's name.

grey…  451 twice, then taken        no…    550 at the recipient       full…  552 after the letter
hang…  says nothing after the end of the letter      die…   hangs up after the end of the letter, having kept it
early… hangs up in the middle of the conversation    mute…  says nothing when asked for the recipient
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Peer:
    """What happened at the server: `taken` are the letters it said 250 to, `kept` those it also kept without saying so."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.kept: list[tuple[str, bytes]] = []
        self.asked: Counter[str] = Counter()
        self.controller: Controller | None = None
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked[address] += 1
        if address.startswith("grey") and self.asked[address] <= 2:
            return "451 4.7.1 greylisted, come back later"
        if address.startswith("no"):
            return "550 5.1.1 no such user here"
        if address.startswith("early"):
            server.transport.abort()
        if address.startswith("mute"):
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        address = envelope.rcpt_tos[0]
        if address.startswith("full"):
            return "552 5.2.2 mailbox full"
        if address.startswith(("hang", "die")):
            self.kept.append((address, envelope.content))
            if address.startswith("hang"):
                await asyncio.sleep(3600)
            server.transport.abort()
            return "250 nobody hears this"
        self.taken.append((address, envelope.content))
        return "250 2.0.0 taken"

    def start(self, **options: Any) -> None:
        """Open for business, on the same port as before."""
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()

    def stop(self) -> None:
        """Nobody answers any more."""
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def letters(self, address: str | None = None) -> list[EmailMessage]:
        """The letters taken, as a mail program reads them."""
        return [
            message_from_bytes(content, policy=policy.default)  # type: ignore[misc]
            for to, content in self.taken
            if address in (None, to)
        ]
