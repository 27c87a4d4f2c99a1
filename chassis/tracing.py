"""One command followed from the browser through every service (OpenTelemetry); off unless GUANXI_TRACES_URL is set.

The number of a call, which the error page shows and every log line carries, is the trace's id. An event's announcement
is a span named by the event's own id, so that a listener finds its parent without anything more travelling with it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import Span

Kind = Literal["server", "client", "producer", "consumer", "internal"]
HEADER = "guanxi-span"

_told: dict[str, str] = {}
_current: ContextVar[int] = ContextVar("span", default=0)
_lock = threading.Lock()
_made: dict[int, Any] = {}


def set_up(process: str, url: str | None) -> None:
    """Where spans of this process go: the address of an OTLP collector (HTTP), or nowhere."""
    _told.clear()
    _made.clear()
    if url:
        _told.update(process=process, url=url.rstrip("/"))


def is_on() -> bool:
    return bool(_told)


class Traced:
    """A span that has begun. Does nothing when traces are off."""

    def __init__(self, span: Span | None, id: int, above: bool = False) -> None:
        self._span, self.id = span, id
        self._before = _current.set(id) if above else None

    def end(self, problem: str | None = None, **attributes: Any) -> None:
        """It is over; `problem`: the code of what it ended with."""
        if self._span is None:
            return
        if self._before is not None:
            _current.set(self._before.old_value if isinstance(self._before.old_value, int) else 0)
        self._span.set_attributes(attributes | ({"guanxi.problem": problem} if problem else {}))
        self._span.end()


NOTHING = Traced(None, 0)


def start(
    name: str,
    call_id: str,
    kind: Kind = "internal",
    *,
    parent: int = 0,
    above: bool = True,
    **attributes: Any,
) -> Traced:
    """Begin a span of this call, below `parent` or what is under way here; `above`: what runs until its end is below it."""
    if not _told:
        return NOTHING
    span = _begin(name, call_id, kind, parent or _current.get(), 0, attributes)
    return Traced(span, span.get_span_context().span_id, above)


@contextmanager
def span(
    name: str, call_id: str, kind: Kind = "internal", *, parent: int = 0, **attributes: Any
) -> Iterator[Traced]:
    """As `start`, ended with the block; an exception is its problem."""
    traced = start(name, call_id, kind, parent=parent, **attributes)
    try:
        yield traced
    except BaseException as error:
        traced.end(problem=type(error).__name__)
        raise
    traced.end()


def announced(type_: str, call_id: str, event_id: UUID) -> None:
    """A moment: an event was announced; who hears it is below this."""
    if _told:
        _begin(f"announce {type_}", call_id, "producer", _current.get(), of_event(event_id), {}).end()


def of_event(event_id: UUID) -> int:
    """The span of an event's announcement."""
    return int.from_bytes(event_id.bytes[8:])


def to_header(id: int) -> str:
    return f"{id:016x}" if id else ""


def from_header(value: Any) -> int:
    try:
        return int(str(value or "0"), 16)
    except ValueError:
        return 0


def _begin(name: str, call_id: str, kind: Kind, parent: int, own: int, attributes: dict[str, Any]) -> Span:
    from opentelemetry import trace
    from opentelemetry.context import Context

    trace_id, context = _trace_id(call_id), Context()
    if parent:
        above = trace.SpanContext(trace_id, parent, is_remote=True, trace_flags=trace.TraceFlags(1))
        context = trace.set_span_in_context(trace.NonRecordingSpan(above), context)
    tracer, ids = _tracer()
    with _lock:
        ids.next = (trace_id, own)
        found: Span = tracer.start_span(
            name, context, kind=trace.SpanKind[kind.upper()], attributes=attributes | {"guanxi.call": call_id}
        )
    return found


def _trace_id(call_id: str) -> int:
    try:
        return int(UUID(hex=call_id)) or 1
    except ValueError:
        return int.from_bytes(hashlib.md5(call_id.encode(), usedforsecurity=False).digest())


def _tracer() -> tuple[Any, Any]:
    """Made at the first span, and anew in a process that was forked."""
    found: tuple[Any, Any] | None = _made.get(os.getpid())
    if found is not None:
        return found
    # large, and seldom wanted
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class Ids(RandomIdGenerator):
        """Gives the ids that the next span shall have."""

        next: tuple[int, int] = (0, 0)

        def generate_trace_id(self) -> int:
            return self.next[0] or super().generate_trace_id()

        def generate_span_id(self) -> int:
            return self.next[1] or super().generate_span_id()

    with _lock:
        if os.getpid() not in _made:
            ids = Ids()
            resource = Resource.create({"service.name": f"guanxi-{_told['process']}"})
            provider = TracerProvider(resource=resource, id_generator=ids)
            exporter = OTLPSpanExporter(endpoint=f"{_told['url']}/v1/traces")
            provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
            _made[os.getpid()] = (provider.get_tracer("guanxi"), ids)
    return _tracer()
