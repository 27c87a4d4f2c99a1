"""A network that can fail: every connection between our programs and one server passes here.

Connections are known by what they say of themselves in their first words (the purpose a line to the broker carries, the
name of a database), so that a single process can be cut off.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

CHUNK = 65536
NAMES = re.compile(rb"connection_nameS....(guanxi [a-z_]+ ?[a-z_]*)|database\x00([a-z_]+)\x00", re.DOTALL)


@dataclass(eq=False)
class Passage:
    """One connection: both ends, its name once it is known, and how it is doing."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    name: str = ""
    mode: str = "pass"
    """pass · stall (bytes wait) · hole (bytes vanish, neither end is told)"""
    open: asyncio.Event = field(default_factory=asyncio.Event)


class Proxy:
    """Listens on a port of its own; `target` is asked for the server's at each connection."""

    def __init__(self, port: int, target: Callable[[], int]) -> None:
        self.port, self.target = port, target
        self.passages: set[Passage] = set()
        self._stalled: re.Pattern[str] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=f"proxy {port}", daemon=True)
        self._listening = threading.Event()
        self._thread.start()
        self._listening.wait(10)

    def count(self, name: str = "") -> int:
        """Open connections whose name contains this."""
        return sum(name in passage.name for passage in list(self.passages))

    def cut(self, name: str) -> int:
        """Close them; how many there were."""
        return self._each(name, self._close)

    def stall(self, name: str) -> int:
        """Let nothing through until `heal`, on new ones neither; nothing is lost."""
        self._stalled = re.compile(name)

        def hold(passage: Passage) -> None:
            passage.mode = "stall"
            passage.open.clear()

        return self._each(name, hold)

    def half_open(self, name: str) -> int:
        """What either end says vanishes and neither is told, as when a router forgets. For those that are open now."""

        def lose(passage: Passage) -> None:
            passage.mode = "hole"

        return self._each(name, lose)

    def desert(self, name: str) -> int:
        """The server hangs up, and the client is not told: it waits for an answer that nobody gives."""

        def leave(passage: Passage) -> None:
            passage.mode = "hole"
            passage.server.transport.abort()

        return self._each(name, leave)

    def heal(self) -> None:
        """What waited goes on; what fell into a hole stays there, as in life."""
        self._stalled = None

        def release(passage: Passage) -> None:
            if passage.mode == "stall":
                passage.mode = "pass"
                passage.open.set()

        self._each("", release)

    def close(self) -> None:
        """Hang up everywhere."""
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _finish(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _each(self, name: str, act: Callable[[Passage], None]) -> int:
        chosen = [passage for passage in list(self.passages) if re.search(name, passage.name)]
        for passage in chosen:
            self._loop.call_soon_threadsafe(act, passage)
        return len(chosen)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._listening.set()
        self._loop.run_forever()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target())
        except OSError:
            writer.transport.abort()
            return
        passage = Passage(writer, back)
        passage.open.set()
        self.passages.add(passage)
        ways = [
            asyncio.ensure_future(self._carry(passage, reader, back, listen=True)),
            asyncio.ensure_future(self._carry(passage, there, writer, listen=False)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if passage.mode == "hole" and ways[1].done() and not ways[0].done():
                await asyncio.wait(ways[:1])  # the server is gone; the client does not learn of it
        finally:
            for way in ways:
                way.cancel()
            self.passages.discard(passage)
            self._close(passage)

    async def _carry(
        self, passage: Passage, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listen: bool
    ) -> None:
        said = b""
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if listen and not passage.name and len(said) < 4096:
                    said += data
                    if found := NAMES.search(said):
                        passage.name = (found[1] or found[2]).decode().strip()
                        if self._stalled is not None and self._stalled.search(passage.name):
                            passage.mode = "stall"
                            passage.open.clear()
                await passage.open.wait()
                if passage.mode == "hole":
                    continue
                writer.write(data)
                await writer.drain()

    @staticmethod
    def _close(passage: Passage) -> None:
        passage.open.set()
        for end in (passage.client, passage.server):
            end.transport.abort()
