"""Letting people in, and telling the gateway who somebody is."""

from __future__ import annotations

from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Problem, Unauthenticated
from contracts.organization import Resolve, SignedIn, SignIn
from services.organization import model, rules
from services.organization.actions import authority, password, session, token


def sign_in(work: Work, message: SignIn) -> SignedIn | Problem:
    """Let somebody in who knows her password."""
    staff = password.prove(
        work, message.login, message.password, address=message.address, agent=message.agent
    )
    if isinstance(staff, Problem):
        return staff
    secret, begun = session.begin(work, staff, message.address, message.agent)
    return SignedIn(session=secret, expires_at=begun.expires_at, actor=authority.actor_of(work, staff))


def resolve(work: Work, message: Resolve) -> Actor:
    """Whose session or API token this is, with what she may do now. Raises Unauthenticated."""
    if message.session.startswith(rules.TOKEN_MARK):
        staff_id = token.owner(work, message.session, message.use)
    else:
        staff_id = session.owner(work, message.session) if message.use == "programs" else None
    staff = work.session.get(model.Staff, staff_id) if staff_id else None
    if staff is None or not staff.works_here:
        raise Unauthenticated()
    return authority.actor_of(work, staff)
