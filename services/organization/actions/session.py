"""Sessions: begun, recognised at every request, ended. Only a digest of the secret is kept."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from chassis.work import Work
from contracts.errors import Unauthenticated
from contracts.organization import MySessions, SessionSeen, SignOut, SignOutEverywhere
from services.organization import model, rules

KEPT = model.SignInSession


def me(work: Work) -> model.Staff:
    """The person who asks. Raises Unauthenticated when it is nobody who works here."""
    staff = work.find(model.Staff, id=work.actor.id) if work.actor.kind == "staff" else None
    if staff is None or not staff.works_here:
        raise Unauthenticated()
    return staff


def begin(work: Work, staff: model.Staff, address: str, agent: str) -> tuple[str, model.SignInSession]:
    """A new session and its secret."""
    secret = secrets.token_urlsafe(32)
    session = model.SignInSession(
        digest=rules.digest(secret), staff_id=staff.id, created_at=work.now, seen_at=work.now,
        expires_at=work.now + rules.OLDEST, address=address, agent=agent,
    )  # fmt: skip
    work.session.add(session)
    return secret, session


def owner(work: Work, secret: str) -> UUID | None:
    """Whose session this is, while it lasts; notes to the minute that it was used."""
    session = work.find(model.SignInSession, digest=rules.digest(secret))
    if session is None or session.ended_at is not None:
        return None
    if work.now >= min(session.expires_at, session.seen_at + rules.IDLE):
        return None
    if work.now - session.seen_at > rules.GLANCE:
        seen = update(KEPT).where(KEPT.id == session.id)
        work.session.execute(seen.values(seen_at=work.now))
    return session.staff_id


def sign_out(work: Work, message: SignOut) -> None:
    """End one session; that it had ended already is no mistake."""
    _end(work, KEPT.digest == rules.digest(message.session))


def sign_out_everywhere(work: Work, message: SignOutEverywhere) -> None:
    """End all of her own sessions but the one she asks from, if she names it."""
    end_all(work, me(work).id, but=message.session)


def my_sessions(work: Work, message: MySessions) -> list[SessionSeen]:
    """Where she is signed in, the last seen first."""
    alive = select(KEPT).where(
        KEPT.staff_id == me(work).id,
        KEPT.ended_at.is_(None),
        KEPT.expires_at > work.now,
        KEPT.seen_at > work.now - rules.IDLE,
    )
    here = rules.digest(message.session) if message.session else None
    return [
        SessionSeen.of(session, is_this=session.digest == here)
        for session in work.session.scalars(alive.order_by(KEPT.seen_at.desc()))
    ]


def end_all(work: Work, staff_id: UUID, but: str | None = None) -> None:
    """End all sessions of somebody, except the one with this secret."""
    _end(work, KEPT.staff_id == staff_id, *([KEPT.digest != rules.digest(but)] if but else []))


def _end(work: Work, *which: Any) -> None:
    work.session.execute(update(KEPT).where(KEPT.ended_at.is_(None), *which).values(ended_at=work.now))


def tidy(work: Work) -> None:
    """Forget sessions and attempts to sign in that nobody will ask about any more."""
    old = work.now - rules.KEPT
    work.session.execute(delete(KEPT).where(KEPT.expires_at < old))
    work.session.execute(delete(model.SignIn).where(model.SignIn.at < old))
