"""A line that is read by whoever waits for an answer on it.

With a reader of its own each answer changes threads once before it is with its asker: a tenth of a round trip
(docs/performance.md).
"""

import threading
import time
from collections.abc import Callable

import amqp

from chassis.broker import Line
from chassis.transport import WideTransport, take

LOOK = 0.25  # seconds between two looks at a line that nobody reads


class SharedLine(Line):
    """One of its askers reads at a time, for all of them; `run` looks at it only now and then.

    So a loss, a sign of life or an answer that nobody waits for any more is noticed a quarter of a second late, or when
    the next asker looks first. `passed_on` is called when somebody has stopped reading: another who waits must go on.
    """

    def __init__(
        self,
        url: str,
        purpose: str,
        opened: Callable[[amqp.Channel], None],
        lost: Callable[[Exception | None], None],
        passed_on: Callable[[], None],
    ) -> None:
        super().__init__(url, purpose, opened, lost)
        self._passed_on = passed_on
        self._turn = threading.Lock()
        self._attention = threading.Event()
        self._attended_until = 0.0
        self._broken: Exception | None = None

    def deliver(self, enough: Callable[[], bool], deadline: float) -> bool:
        """Read and deliver until that is enough or the time is up; False when another does, or the line is broken."""
        if not self._turn.acquire(blocking=False):
            return False
        try:
            transport = self._transport()
            while transport is not None and not enough():
                if not transport.wait_frame(max(0.0, deadline - time.monotonic())):
                    break
                take(self._connection)
            return transport is not None
        except Exception as error:
            self._break(error)
            return False
        finally:
            self._turn.release()
            self._passed_on()

    def look(self) -> None:
        """Take what has come by itself, such as the broker's goodbye, unless somebody is reading anyway."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            transport = self._transport()
            if transport is not None and transport.wait_frame(0.0):
                take(self._connection)
        except Exception as error:
            self._break(error)
        finally:
            self._turn.release()

    def attend(self, seconds: float) -> None:
        """Let `run` read for so long: something is awaited that no asker reads for."""
        self._attended_until = time.monotonic() + seconds
        self._attention.set()

    def _transport(self) -> WideTransport | None:
        """What may be read in turns; a secured line has a reader, because one cannot wait for a whole piece of it."""
        transport = self._connection and self._connection.transport
        return transport if isinstance(transport, WideTransport) else None

    def _break(self, error: Exception) -> None:
        """Nobody asks on it any more until `run` has made it anew. Only for who has the turn, without which it cannot."""
        self._broken = error
        self._ready.clear()
        self._attention.set()

    def _read(self) -> None:
        if self._transport() is None:
            return super()._read()
        self._attention.wait(LOOK)
        self._attention.clear()
        if self._broken is not None:
            raise self._broken
        self.deliver(self._stopping.is_set, self._attended_until)
        return None

    def _drop(self, error: Exception | None) -> None:
        self.cut()  # whoever reads stops
        with self._turn:
            self._broken = None
            super()._drop(error)
