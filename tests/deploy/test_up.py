"""What `make up` says about ports and health."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from deploy import up


def test_a_taken_port_8000_is_left_alone_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GUANXI_PORT", raising=False)
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # somebody else holds it: just as good
            holder.bind(("127.0.0.1", up.PORT))
            holder.listen()
        assert up.gateway_port() > up.PORT
    assert "port 8000 is taken" in capsys.readouterr().out


def test_a_port_that_was_asked_for_and_is_taken_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        monkeypatch.setenv("GUANXI_PORT", str(holder.getsockname()[1]))
        with pytest.raises(up.NotUp, match="is not a free port"):
            up.gateway_port()


class Ailing(BaseHTTPRequestHandler):
    """A gateway that says what is not well."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b'{"status": "down", "silent": ["customer"]}')

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def ailing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Ailing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/healthz"
    server.shutdown()
    server.server_close()


def test_a_start_that_does_not_become_healthy_names_the_part(ailing: str) -> None:
    with pytest.raises(up.NotUp, match="no answer from customer"):
        up.wait_healthy(ailing, patience=0.3)
