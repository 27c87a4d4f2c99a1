"""Keys with which programs act in somebody's name; told once, kept as a digest."""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select, update

from chassis.work import Work
from contracts.errors import FieldProblem, Invalid, NotFound
from contracts.organization import KeyUse, MakeToken, RevokeToken, TokenMade, Tokens, TokenSeen
from services.organization import model, rules
from services.organization.actions.session import me

KEPT = model.Token


def make_token(work: Work, message: MakeToken) -> TokenMade:
    """A new key for a program of hers."""
    return issue(work, me(work), message.name, message.expires_on, use=message.use)


def issue(
    work: Work, staff: model.Staff, name: str, expires_on: date | None = None, use: KeyUse = "programs"
) -> TokenMade:
    """A new key. Raises Invalid when it would be of no use."""
    if expires_on is not None and expires_on < work.today:
        raise Invalid(FieldProblem("expires_on", "before", date=work.today))
    secret = rules.TOKEN_MARK + secrets.token_urlsafe(32)
    token = model.Token(
        digest=rules.digest(secret), hint=secret[:8], staff_id=staff.id, use=use, name=name,
        created_at=work.now, expires_on=expires_on,
    )  # fmt: skip
    work.session.add(token)
    work.session.flush()
    return TokenMade(id=token.id, name=name, token=secret)


def tokens(work: Work, message: Tokens) -> list[TokenSeen]:
    """Her keys that still work, the newest first."""
    mine = select(KEPT).where(
        KEPT.staff_id == me(work).id,
        KEPT.revoked_at.is_(None),
        or_(KEPT.expires_on.is_(None), KEPT.expires_on >= work.today),
    )
    return [TokenSeen.of(token) for token in work.session.scalars(mine.order_by(KEPT.created_at.desc()))]


def revoke_token(work: Work, message: RevokeToken) -> None:
    """One of her keys works no longer. Raises NotFound for anybody else's."""
    token = work.find(model.Token, id=message.id, staff_id=me(work).id)
    if token is None:
        raise NotFound(entity="organization.token", id=message.id)
    token.revoked_at = token.revoked_at or work.now


def revoke_all(work: Work, staff_id: UUID) -> None:
    """None of somebody's keys works any longer."""
    hers = update(KEPT).where(KEPT.staff_id == staff_id, KEPT.revoked_at.is_(None))
    work.session.execute(hers.values(revoked_at=work.now))


def owner(work: Work, secret: str, use: KeyUse) -> UUID | None:
    """Whose key for this use it is, while it works; notes to the minute that it was used."""
    token = work.find(model.Token, digest=rules.digest(secret), use=use)
    if token is None or token.revoked_at is not None:
        return None
    if token.expires_on is not None and token.expires_on < work.today:
        return None
    if token.used_at is None or work.now - token.used_at > rules.GLANCE:
        work.session.execute(update(KEPT).where(KEPT.id == token.id).values(used_at=work.now))
    return token.staff_id
