"""One command from the page through the service and its event to the listener: one trace, whose id the page shows."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from flask import g
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from chassis import tracing
from chassis.identity import new_id
from chassis.wire import Call, RpcClient
from gateway import auth
from gateway.rpc import settle
from tests.chassis.world import World, until
from tests.gateway.conftest import make_app

Span = tuple[str, bytes, bytes, bytes]
"""Process and name, its trace, its id, its parent."""


class Collector(BaseHTTPRequestHandler):
    """Receives OTLP as any collector does."""

    spans: list[Span]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            told = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [
                    (f"{told['service.name']}: {one.name}", one.trace_id, one.span_id, one.parent_span_id)
                    for one in scope.spans
                ]
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Span]]]:
    spans: list[Span] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Collector,), {"spans": spans}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    tracing.set_up("gateway", url)
    yield url, spans
    tracing.set_up("gateway", None)
    server.shutdown()
    server.server_close()


def test_a_command_is_followed_to_the_last_listener(world: World, collector, monkeypatch: pytest.MonkeyPatch):
    url, spans = collector
    for role in ("workshop", "ledger", "relay"):
        if (running := world.kept.pop(role, None)) is not None:
            world.end(running)
    monkeypatch.setitem(world.environment, "GUANXI_TRACES_URL", url)
    world.serve("workshop")
    world.serve("ledger")
    world.start("relay", "workshop", "ledger")
    client = RpcClient(world.amqp_url, "traced")
    app = make_app(client)  # type: ignore[arg-type]
    monkeypatch.setattr(auth, "OPEN_ENDPOINTS", auth.OPEN_ENDPOINTS | {"make"})

    def make() -> str:
        message = {"order_id": str(new_id()), "names": ["a"]}
        settle([Call("workshop", "make_part", message, world.token, None, g.call_id)], 10)
        return "made"

    app.add_url_rule("/make", "make", make)
    shown = app.test_client().get("/make").headers["X-Call-Id"]
    client.close()

    def mine() -> dict[str, Span]:
        return {
            name: (name, trace, id, parent) for name, trace, id, parent in [*spans] if trace.hex() == shown
        }

    way = (
        "guanxi-gateway: GET make", "guanxi-gateway: ask workshop.make_part", "guanxi-workshop: workshop.make_part",
        "guanxi-workshop: announce workshop.part_made", "guanxi-ledger: ledger.on_part_made",
    )  # fmt: skip
    until(lambda: set(way) <= set(mine()), "the whole way")
    found = mine()
    assert found[way[0]][3] == b"", "nothing is above the page"
    for above, below in pairwise(way):
        assert found[below][3] == found[above][2], f"{below} is below {above}"


def test_it_costs_nothing_and_loads_nothing_when_it_is_off():
    tracing.set_up("gateway", None)
    assert tracing.start("x", "y") is tracing.NOTHING
    with tracing.span("x", "y") as traced:
        assert traced is tracing.NOTHING
