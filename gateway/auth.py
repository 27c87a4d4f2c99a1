"""Who asks: an opaque session or a bearer token, resolved by organization and remembered for a moment."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask, Request, current_app, g, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.wire import TIMEOUT, Call, raise_problem, sign_actor
from contracts.actor import Actor
from contracts.errors import Forbidden, Unauthenticated, Unavailable
from contracts.organization import KeyUse
from gateway import languages
from gateway.kept import Turns
from gateway.rpc import settle

COOKIE = "guanxi_session"
OPEN_ENDPOINTS = frozenset(
    {
        "assets.serve",
        "assets.favicon",
        "sign_in.page",
        "sign_in.enter",
        "sign_in.choose_language",
        "health.healthz",
        "metrics.show",
        "openapi.document",
        "calendar_feed.feed",
        "web_form.show",
        "web_form.logo",
        "web_form.send",
    }
)
"""What may be asked without being signed in. Everything else needs a person, or (a calendar's address) looks itself."""
REMEMBERED = 5000
LONGEST = 500
"""Characters of a secret; whatever is longer was not made by us."""


@dataclass(frozen=True)
class Known:
    """A session as we remember it: the person, a token for the services, and until when and at which turn to believe it."""

    actor: Actor
    token: str
    until: float
    turn: bytes


class Sessions:
    """Session → person. Organization is asked at most once in `seconds` for each session, and again after each command
    that went to it through us: whoever signed out, or lost a right there, has none in any of our processes."""

    def __init__(self, private_key: Any, seconds: int, turns: Turns) -> None:
        self._key = private_key
        self._turns = turns
        self._seconds = seconds
        self._known: dict[bytes, Known] = {}
        self._lock = threading.Lock()
        self._standing_tokens: dict[str, tuple[str, float]] = {}

    def find(self, secret: str, use: KeyUse = "programs") -> Known:
        """The person of a session, or of a key made for this use. Raises Unauthenticated."""
        digest = _digest(secret, use)
        known, turn = self._known.get(digest), self._turns.of("organization")
        is_fresh = known is not None and known.until > time.monotonic()
        if known is not None and is_fresh and known.turn == turn:
            return known
        call = Call(
            "organization", "resolve", {"session": secret, "use": use}, self.own_token(), None, g.call_id
        )
        answer = settle([call], TIMEOUT)[0]
        if known is not None and is_fresh and isinstance(answer, Unavailable):
            return known  # nobody can say otherwise now; she is believed as long as without that command
        actor = Actor.model_validate(raise_problem(answer).get("actor", answer))
        known = Known(actor, sign_actor(actor, self._key), time.monotonic() + self._seconds, turn)
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[digest] = known
        return known

    def anonymous_token(self) -> str:
        """For the question asked before anybody is known."""
        return self._standing(Actor.anonymous())

    def own_token(self) -> str:
        """For what the gateway asks on its own behalf: whose session is this?"""
        return self._standing(Actor.system("gateway"))

    def token_of(self, actor: Actor) -> str:
        """For what goes on on somebody's behalf after her request has ended; what she may do must have been asked just now."""
        return sign_actor(actor, self._key)

    def _standing(self, actor: Actor) -> str:
        token, until = self._standing_tokens.get(actor.kind, ("", 0.0))
        if until < time.monotonic():
            token = sign_actor(actor, self._key)
            self._standing_tokens[actor.kind] = (token, time.monotonic() + 60)
        return token


def _digest(secret: str, use: KeyUse) -> bytes:
    """Only this is kept: a memory dump of ours opens nobody's session."""
    return hashlib.sha256(f"{use} {secret}".encode()).digest()


def sessions() -> Sessions:
    """Those of this process."""
    found: Sessions = current_app.extensions["guanxi-sessions"]
    return found


def actor() -> Actor:
    """The person of this request."""
    found: Actor = g.actor
    return found


def require(permission: str) -> None:
    """Raises Forbidden unless the person has the permission; services check again, pages say so earlier."""
    if not g.actor.may(permission):
        raise Forbidden(permission=permission)


def bearer(of: Request) -> str | None:
    """The API token of a request, if it brings one."""
    scheme, _, token = of.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.casefold() == "bearer" else None


def keep(response: AnyResponse, secret: str) -> None:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE, secret, max_age=14 * 86400, httponly=True, samesite="Lax", path="/",
        secure=current_app.extensions["guanxi-settings"].is_https,
    )  # fmt: skip


def identify() -> None:
    """Before each request: who is it?"""
    g.actor = Actor.anonymous()
    if request.endpoint in OPEN_ENDPOINTS:
        return
    secret = bearer(request) or request.cookies.get(COOKIE)
    if not secret or len(secret) > LONGEST:
        raise Unauthenticated()
    recognise(secret)


def recognise(secret: str, use: KeyUse = "programs") -> None:
    """This request is made by whoever this secret belongs to. Raises Unauthenticated."""
    known = sessions().find(secret, use)
    g.actor, g.token = known.actor, known.token
    languages.settle()


def install(app: Flask, private_key: Any, seconds: int) -> None:
    """Know the person before any page runs."""
    app.extensions["guanxi-sessions"] = Sessions(private_key, seconds, app.extensions["guanxi-kept"].turns)
    app.before_request(identify)
