"""Calling another program: only where we may be led, at the very address that was looked at, and past whatever this machine's surroundings say.

The name is looked up once. Who answers for it cannot name one address to be judged and another to be called; with TLS the certificate
must be that of the name all the same. Proxies and passwords of the surroundings (HTTP_PROXY, .netrc) are not for bodies we sign.
"""

from __future__ import annotations

import socket
import ssl
from functools import cache
from urllib.parse import SplitResult, urlsplit

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from services.notification import rules

PATIENCE = Timeout(connect=5.0, read=15.0)
"""Seconds to wait for a connection, and for the next byte of the answer."""
FAILURES = (OSError, ValueError, HTTPError)
"""What comes instead of an answer."""


def post(
    url: str, body: bytes, headers: dict[str, str], *, own_machine: bool, most: int
) -> tuple[int, bytes]:
    """The status and the first bytes of the answer; a redirect is not followed. Raises one of FAILURES."""
    parts = _spelled(urlsplit(url))
    *others, last = _addresses(parts, own_machine=own_machine)
    for address in others:
        try:
            return _post_at(address, parts, body, headers, most)
        except (NewConnectionError, ConnectTimeoutError):
            continue
    return _post_at(last, parts, body, headers, most)


def _post_at(
    address: str, parts: SplitResult, body: bytes, headers: dict[str, str], most: int
) -> tuple[int, bytes]:
    target = parts._replace(scheme="", netloc="", path=parts.path or "/", fragment="").geturl()
    with _pool(address, parts) as pool:
        answer = pool.urlopen(
            "POST", target, body=body, headers={**headers, "Host": parts.netloc}, retries=False, redirect=False,
            timeout=PATIENCE, preload_content=False,
        )  # fmt: skip
        try:
            return answer.status, answer.read(most, decode_content=True) or b""
        finally:
            answer.close()


def _pool(address: str, parts: SplitResult) -> HTTPConnectionPool:
    if parts.scheme == "http":
        return HTTPConnectionPool(address, _port(parts))
    name = parts.hostname or ""
    return HTTPSConnectionPool(
        address, _port(parts), ssl_context=_trusted(), server_hostname=name, assert_hostname=name
    )


def _addresses(parts: SplitResult, *, own_machine: bool) -> list[str]:
    """Where the name leads, in order of preference. Raises ValueError when one of them is none that may be called."""
    found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not rules.is_within_reach(addresses, own_machine=own_machine):
        raise ValueError(f"{parts.hostname} is not an address that may be called")
    return addresses


def _spelled(parts: SplitResult) -> SplitResult:
    """With the host as the network spells it, such as xn--fiq228c.cn."""
    host = (parts.hostname or "").encode("idna").decode()
    name = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=f"{name}:{parts.port}" if parts.port else name)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts, and whom everybody does."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
