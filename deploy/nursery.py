"""Runs all services as children of one process that has imported them: `python -m deploy.nursery customer sales …`

Imported eight times over, the same code and word lists take eight times 120 MB and, on two cores, ten seconds.
Forked after the import, the children share those pages. Each is an ordinary process of its own: it has its own
connections, dies alone, and is started again alone.
"""

import argparse
import ctypes
import gc
import importlib
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import NoReturn

from . import prepare, processes

PR_SET_PDEATHSIG = 1
LONGEST_WAIT = 30.0
SETTLED = 60.0
"""seconds of life after which a death is no longer counted as one in a row"""
PATIENCE = 15.0
"""seconds that children have to finish what they began"""
HEARD = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}


@dataclass
class Child:
    """One service: its process, when it began, how often it died soon after."""

    name: str
    pid: int = 0
    begun: float = 0.0
    deaths: int = 0
    due: float = 0.0


def main() -> None:
    """Import once, wait until the databases are prepared, then keep a child for each name."""
    names = sys.argv[1:]
    import_all(names)
    processes.wait_until(prepare.mark().exists, 600)
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    children = [Child(name) for name in names]
    while True:
        for child in children:
            if not child.pid and child.due <= time.monotonic():
                begin(child)
        due = [child.due - time.monotonic() for child in children if not child.pid]
        heard = signal.sigtimedwait(HEARD, max(0.0, min([60.0, *due])))
        if heard and heard.si_signo != signal.SIGCHLD:
            stop([child for child in children if child.pid])
            return
        for pid, status in ended():
            bury(next(child for child in children if child.pid == pid), status)


def import_all(names: list[str]) -> None:
    """Everything a service uses, before there are children; what is frozen is not touched by their collectors."""
    gc.disable()  # what it frees leaves holes in pages, and whatever fills them makes a copy of the page
    importlib.import_module("chassis.hosting")  # first: it puts eventlet in place
    find = importlib.import_module("chassis.__main__").find
    for name in names:
        find(name)
    for shared in ("chassis.checks", "psycopg2.extras", "encodings.idna", "phonenumbers"):
        importlib.import_module(shared)
    importlib.import_module("chassis.initials").known()
    importlib.import_module("sqlalchemy.orm").configure_mappers()
    gc.freeze()


def begin(child: Child) -> None:
    """Fork. In the child this never comes back."""
    child.begun = time.monotonic()
    sys.stdout.flush()
    child.pid = os.fork()
    if child.pid == 0:
        serve(child.name)
    processes.remember(child.name, child.pid)


def serve(name: str) -> NoReturn:
    """The child's life: what `python -m chassis run` does, ending with its parent."""
    grow_up()
    try:
        importlib.import_module("chassis.__main__").run(argparse.Namespace(service=name))
    except SystemExit as ending:
        if isinstance(ending.code, str):
            print(ending.code, flush=True)
        leave(1 if ending.code else 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        leave(1)
    leave(0)


def grow_up() -> None:
    """What a child must not have from its parent."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
    gc.enable()  # the parent does without; a child would keep every circle of objects it ever made
    # an event loop shared with the parent would mix their events
    importlib.import_module("eventlet.hubs").use_hub()


def leave(code: int) -> NoReturn:
    """End without the parent's clean-up, which is the parent's."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def ended() -> list[tuple[int, int]]:
    """Children that have ended since we last asked, with what they ended of."""
    found: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if not pid:
            return found
        found.append((pid, status))


def bury(child: Child, status: int) -> None:
    """Start it again: at once the first time, later and later if it keeps dying."""
    lived = time.monotonic() - child.begun
    child.deaths = 0 if lived > SETTLED else child.deaths + 1
    wait = min(LONGEST_WAIT, 0.5 * 2 ** (child.deaths - 1)) if child.deaths else 0.0
    child.pid, child.due = 0, time.monotonic() + wait
    code = os.waitstatus_to_exitcode(status)
    print(
        f"level=error process=nursery event=ended service={child.name} exit={code} again_in={wait:.1f}",
        flush=True,
    )


def stop(children: list[Child]) -> None:
    """All together; whoever does not end in time is ended."""
    left = {child.pid for child in children}
    deadline = time.monotonic() + PATIENCE
    for order in (signal.SIGTERM, signal.SIGKILL):
        for pid in left:
            os.kill(pid, order)
        while left and (order == signal.SIGKILL or time.monotonic() < deadline):
            signal.sigtimedwait({signal.SIGCHLD}, 0.5)
            left -= {pid for pid, _ in ended()}


if __name__ == "__main__":
    main()
