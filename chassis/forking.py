"""Several services on one machine: a parent that has loaded everything once forks a process for each.

What is loaded before the fork is shared memory, and a service that died is back without loading anything again.
"""

import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from eventlet import hubs, patcher

from chassis.logs import log

PATIENCE = 20.0
SHORT_LIFE = 3.0
LONGEST_DELAY = 10.0
POLL = 0.1

# the parent stays out of eventlet: its own waiting must not start a hub that the children inherit
_os, _time = patcher.original("os"), patcher.original("time")
_DIE_WITH_PARENT = 1


class Family:
    """One process for each name, each replaced when it dies."""

    def __init__(self, names: list[str], work: Callable[[str], None]) -> None:
        self._work = work
        self._children: dict[int, str] = {}
        self._born: dict[str, float] = {}
        self._delays = dict.fromkeys(names, 0.0)
        self._due = dict.fromkeys(names, 0.0)
        self._stopping = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT: keep every process up; then let them finish."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        gc.collect()
        gc.freeze()  # the collector would touch, and so copy, every page that could stay shared
        while not self._stopping:
            for name, due in list(self._due.items()):
                if _time.monotonic() >= due and not self._stopping:
                    del self._due[name]
                    self._fork(name)
            self._reap()
            _time.sleep(POLL)
        self._see_off()

    def _fork(self, name: str) -> None:
        parent = os.getpid()
        sys.stdout.flush()
        pid = _os.fork()
        if pid:
            self._children[pid], self._born[name] = name, time.monotonic()
            return
        code = 1
        try:
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
            if os.getppid() == parent:
                for number in (signal.SIGTERM, signal.SIGINT):
                    signal.signal(number, signal.SIG_DFL)
                hubs.use_hub()
                self._work(name)
                code = 0
        except BaseException:
            log().critical("process broke", service=name, exc_info=True)
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _reap(self) -> None:
        while self._children:
            pid, status = _os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            name = self._children.pop(pid)
            if self._stopping:
                continue
            lived = time.monotonic() - self._born[name]
            delay = min(LONGEST_DELAY, max(0.2, self._delays[name] * 2)) if lived < SHORT_LIFE else 0.0
            self._delays[name], self._due[name] = delay, time.monotonic() + delay
            code = os.waitstatus_to_exitcode(status)
            log().error("process ended", service=name, code=code, again_in=delay)

    def _stop(self, *_: Any) -> None:
        self._stopping = True
        for pid in self._children:
            os.kill(pid, signal.SIGTERM)

    def _see_off(self) -> None:
        deadline = _time.monotonic() + PATIENCE
        while self._children:
            self._reap()
            if _time.monotonic() > deadline:
                for pid in self._children:
                    os.kill(pid, signal.SIGKILL)
            _time.sleep(POLL / 2)
