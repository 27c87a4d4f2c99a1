"""Runs one service: its class in a Nameko container, greenlets instead of threads, until told to stop.

Must be imported before anything that opens sockets, because eventlet replaces the standard library's blocking
calls here. Only this module, `requests`, `listening` and `clockwork` know Nameko and eventlet.
"""

import os
import warnings

# eventlet's own resolver costs memory and start time, and knows less than the system's
os.environ["EVENTLET_NO_GREENDNS"] = "yes"
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import contextlib  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from functools import cached_property  # noqa: E402
from typing import Any  # noqa: E402

from amqp.exceptions import AccessRefused  # noqa: E402
from eventlet.event import Event  # noqa: E402
from eventlet.hubs import get_hub, trampoline  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402
from nameko.exceptions import ContainerBeingKilled  # noqa: E402

from chassis import collector, database, health  # noqa: E402
from chassis.broker import Address  # noqa: E402
from chassis.broker_checks import refusal  # noqa: E402
from chassis.clockwork import background_method  # noqa: E402
from chassis.forgetting import Forgetter  # noqa: E402
from chassis.house import House  # noqa: E402
from chassis.importing import Importer  # noqa: E402
from chassis.inbox import Inbox  # noqa: E402
from chassis.listening import listening_method  # noqa: E402
from chassis.logs import log  # noqa: E402
from chassis.own_values import Dropper  # noqa: E402
from chassis.requests import request_method  # noqa: E402
from chassis.schedule import Schedule  # noqa: E402
from chassis.service import Service  # noqa: E402
from chassis.settings import CannotStart, ServiceSettings  # noqa: E402
from chassis.silence import DatabaseSilent, wait_with  # noqa: E402
from chassis.transport import read_with  # noqa: E402
from chassis.wire import TokenReader  # noqa: E402


def _wait(file: int, read: bool, seconds: float) -> None:
    """Let other greenlets work while the database does."""
    trampoline(file, read=read, write=not read, timeout=seconds, timeout_exc=DatabaseSilent)


# Without it one slow statement would stop every worker of the process.
wait_with(_wait)


class StandingSource:
    """What arrives on a socket, for which the hub looks out all the time: to be asked anew for each wait costs a tenth of a call."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock.fd  # the system's own: it is only read when something is there
        self._listener: Any = None
        self._reader: Any = None

    def recv(self, size: int) -> bytes:
        while True:
            self._wait()
            with contextlib.suppress(BlockingIOError):
                found: bytes = self._sock.recv(size)
                return found

    def close(self) -> None:
        if self._listener is not None:
            get_hub().remove(self._listener)
            self._listener = None

    def _wait(self) -> None:
        hub = get_hub()
        if self._listener is None:
            self._listener = hub.add(hub.READ, self._sock.fileno(), self._arrived, self._failed, None)
        self._reader = eventlet.getcurrent()
        try:
            hub.switch()
        finally:
            self._reader = None

    def _arrived(self, _file: int) -> None:
        if self._reader is not None:
            self._reader.switch()
        else:  # it is at something else: the hub would tell it again and again
            self.close()

    def _failed(self, error: Exception) -> None:
        self._listener = None
        if self._reader is not None:
            self._reader.throw(error)


read_with(StandingSource)


class LeanContainer(ServiceContainer):
    """Nameko's container without what it keeps and notes of each worker for others: that was two tenths of a round trip."""

    def spawn_worker(
        self, entrypoint: Any, args: Any, kwargs: Any, context_data: Any = None, handle_result: Any = None
    ) -> None:
        """Let a greenlet run the method; ours need no context."""
        if self._being_killed:
            raise ContainerBeingKilled()
        self._worker_pool.spawn_n(self._work, entrypoint.method_name, args, handle_result)

    def _work(self, method: str, args: Any, handle_result: Callable[[Any, Any, Any], Any]) -> None:
        result = exc_info = None
        try:
            try:
                result = getattr(self._served, method)(*args)
            except Exception:
                exc_info = sys.exc_info()
            handle_result(None, result, exc_info)
        except Exception:  # a mistake of ours: whoever supervises us starts us anew
            self.kill(sys.exc_info())

    @cached_property
    def _served(self) -> Any:
        """One for all: it keeps nothing."""
        return self.service_cls()


def house(service: type[Service], settings: ServiceSettings) -> House:
    """What the doors of a service stand in, with a connection for every worker."""
    engine = database.connect(settings.database(service.name), pool_size=settings.workers)
    tokens = TokenReader(settings.public_key)
    return House(service, settings.branch, database.sessions(engine), tokens.actor)


def container(service: type[Service], settings: ServiceSettings) -> ServiceContainer:
    """A Nameko container with every door of the service as an entrypoint."""
    home = house(service, settings)
    members: dict[str, Any] = {name: request_method(home, name) for name in service.requests()}
    members["listen"] = listening_method(service, Inbox(home, settings.retry_delays))
    members["turn"] = background_method(Schedule(home, settings.timezone))
    members["forget"] = background_method(Forgetter(home))
    members["drop_values"] = background_method(Dropper(home))
    members["import_rows"] = background_method(Importer(home))
    members |= {f"drive_{n}": background_method(make(home)) for n, make in enumerate(service.drives)}
    nameko_class = type(service.__name__, (), {"name": service.name, "__doc__": service.__doc__, **members})
    return LeanContainer(nameko_class, {"AMQP_URI": settings.amqp_url, "max_workers": settings.workers})


def run(service: type[Service], settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun."""
    collector.look_seldom()
    running = container(service, settings)
    ended: Event = Event()

    def stop(*_: Any) -> None:
        if not ended.ready():
            ended.send()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    running.start()
    log().info("started", service=service.name)
    waiter = eventlet.spawn(running.wait)
    waiter.link(stop)
    refused = eventlet.spawn(_refused, settings.amqp_url, ended, stop)
    ended.wait()
    running.stop()
    waiter.wait()
    log().info("stopped", service=service.name)
    if (why := refused.wait()) is not None:
        raise CannotStart(why)


def _refused(amqp_url: str, ended: Event, stop: Callable[[], None]) -> str | None:
    """Watch until every line was up once. A line that the broker does not let do its work will never be: then stop."""
    new = set(health.lines)
    while new and not ended.ready():
        for line in list(new):
            if isinstance(line.last_error, AccessRefused):
                stop()
                return refusal(Address.of(amqp_url), line.last_error)
            if line.is_ready:
                new.discard(line)
        eventlet.sleep(0.1)
    return None
