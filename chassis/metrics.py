"""What our processes count and time, for Prometheus. Facts of the books (what waits, how long) are asked, not counted.

Processes of one machine write into one folder (PROMETHEUS_MULTIPROC_DIR), so that forks, gunicorn's workers and the
services of one nursery are read together at one address. Without it each process tells of itself alone.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from chassis.settings import CannotStart, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
CONTENT_TYPE = CONTENT_TYPE_LATEST

doors = Histogram(
    "guanxi_door_seconds", "From a request's arrival to its answer", ["service", "door"], buckets=BUCKETS
)
problems = Counter("guanxi_door_problems", "Answers that were a problem", ["service", "door", "code"])
events = Histogram(
    "guanxi_event_seconds", "What an event took at a door", ["service", "door"], buckets=BUCKETS
)
delay = Histogram(
    "guanxi_event_delay_seconds",
    "From an announcement to its effect here",
    ["service"],
    buckets=(*BUCKETS, 60, 600),
)
failures = Counter(
    "guanxi_event_failures",
    "Failed attempts at an event; each is a retry to come, or the last",
    ["service", "door"],
)
parked = Counter(
    "guanxi_events_parked", "Events that could not be done after all attempts", ["service", "door"]
)
sent = Counter("guanxi_events_sent", "Events that the broker took over", ["service"])
jobs = Counter("guanxi_jobs", "Runs of jobs by the clock", ["service", "job", "outcome"])
calls = Histogram(
    "guanxi_rpc_seconds", "From a question to its answer, as the caller sees it", ["service"], buckets=BUCKETS
)
calls_open = Gauge("guanxi_rpc_in_flight", "Questions under way", ["service"], multiprocess_mode="livesum")
calls_failed = Counter(
    "guanxi_rpc_unanswered",
    "Questions without an answer: late, silent, busy, absent, broker",
    ["service", "why"],
)
pages = Histogram(
    "guanxi_http_seconds", "From a request's arrival to its answer", ["endpoint", "status"], buckets=BUCKETS
)


def render(folder: Path | None, *more: Any) -> bytes:
    """All that is counted, and what these further collectors tell, as Prometheus reads it."""
    registry = CollectorRegistry() if folder or more else REGISTRY
    if folder is not None:
        multiprocess.MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    elif more:
        registry.register(REGISTRY)  # type: ignore[arg-type]
    for collector in more:
        registry.register(collector)
    return generate_latest(registry)


def is_allowed(token: str | None, authorization: str | None) -> bool:
    """Whether a request brings the token. Without a token set, nobody may."""
    scheme, _, given = (authorization or "").partition(" ")
    return bool(token) and scheme.casefold() == "bearer" and hmac.compare_digest(given.strip(), token or "")


def begin(settings: Settings) -> None:
    """Make the folder, and answer on a port of our own where one is given."""
    if settings.metrics_dir is not None:
        settings.metrics_dir.mkdir(parents=True, exist_ok=True)
    if settings.metrics_port is None:
        return
    try:
        server = make_server(
            settings.host, settings.metrics_port, _application(settings), handler_class=_Quiet
        )
    except OSError as error:
        raise CannotStart(f"GUANXI_METRICS_PORT: {settings.metrics_port}: {error.strerror}") from None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def _application(settings: Settings) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/metrics":
            start("404 Not Found", [])
            return []
        if not is_allowed(settings.metrics_token, environ.get("HTTP_AUTHORIZATION")):
            start("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
            return []
        start("200 OK", [("Content-Type", CONTENT_TYPE)])
        return [render(settings.metrics_dir)]

    return answer


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A look at the counters is no event."""
