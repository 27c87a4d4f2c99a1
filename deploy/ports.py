"""Ports for the private servers: free ones, chosen once per running copy and kept as long as they stay free."""

import json
import socket
import zlib
from functools import partial
from pathlib import Path

from .place import run_dir
from .processes import wait_until

# Below the range from which Linux draws ports for outgoing connections (32768 and up), so that
# a remembered port is seldom lost to a passing connection.
FIRST, LAST = 20000, 32000


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def remembered() -> dict[str, int]:
    """The ports chosen so far, by name of the part that listens there."""
    try:
        ports: dict[str, int] = json.loads(_book().read_text())
    except FileNotFoundError:
        return {}
    return ports


def claim(*names: str) -> dict[str, int]:
    """One port for each name. Call it only for parts that are not running: a taken port is replaced."""
    ports = remembered()
    before = dict(ports)
    for name in names:
        # a server that was just killed may hold its port a moment longer
        if name not in ports or not wait_until(partial(is_free, ports[name]), 3):
            ports[name] = _next_free(set(ports.values()))
    if ports != before:
        draft = _book().with_suffix(".new")
        draft.write_text(json.dumps(ports, indent=1) + "\n")
        draft.replace(_book())
    return {name: ports[name] for name in names}


def _next_free(taken: set[int]) -> int:
    """Start from a place of this copy's own, so that several copies on one machine seldom meet."""
    start = zlib.crc32(str(run_dir()).encode()) % (LAST - FIRST)
    for step in range(LAST - FIRST):
        port = FIRST + (start + step) % (LAST - FIRST)
        if port not in taken and is_free(port):
            return port
    raise RuntimeError(f"No free port between {FIRST} and {LAST}")


def _book() -> Path:
    return run_dir() / "ports.json"
