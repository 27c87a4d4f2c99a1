"""Passwords: set, changed, and proven, with a wait after too many wrong ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select

from chassis.threads import apart
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid, Problem, TooMany
from contracts.organization import ChangePassword, NoLogin, SetPasswordStaff, WrongPassword
from services.organization import model, rules
from services.organization.actions import session

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with the least that OWASP asks for: an attempt costs us tens of milliseconds and 19 MiB."""
NOBODY = HASHER.hash("nobody has this password")
"""Compared with when there is no such login, so that the answer takes as long."""


def set_password_staff(work: Work, message: SetPasswordStaff) -> model.Staff:
    """Somebody gets a password from an administrator; whoever used the old one is signed out."""
    staff = work.get(model.Staff, message.id, message.ver)
    staff.move("set_password")
    keep_password(work, staff, message.password)
    session.end_all(work, staff.id)
    return staff


def change_password(work: Work, message: ChangePassword) -> Problem | None:
    """She takes another password; her other sessions end. Wrong guesses at the present one are counted."""
    staff = session.me(work)
    blocked = prove(work, staff.login or "", message.current, address=str(staff.id))
    if isinstance(blocked, TooMany):
        return blocked
    if isinstance(blocked, Problem):
        return Invalid(FieldProblem("current", "wrong_password"))
    keep_password(work, staff, message.password)
    session.end_all(work, staff.id, but=message.session)
    return None


def keep_password(work: Work, staff: model.Staff, password: str) -> None:
    """Store a new password's hash. Raises Invalid for a weak one, NoLogin for somebody who could not use it."""
    if staff.login is None:
        raise NoLogin(name=staff.name)
    email = (staff.email or "").partition("@")[0]
    if rules.is_weak(password, staff.login, staff.name, staff.name_en, email):
        raise Invalid(FieldProblem("password", "weak_password", min=rules.SHORTEST_PASSWORD))
    found = work.session.get(model.Credential, staff.id)
    hashed = apart(HASHER.hash, rules.password_text(password))
    if found is None:
        found = model.Credential(staff_id=staff.id)
        work.session.add(found)
    found.password, found.changed_at, found.changed_by = hashed, work.now, work.actor.id


def prove(work: Work, login: str, password: str, *, address: str, agent: str = "") -> model.Staff | Problem:
    """The person this login and password belong to.

    Answers TooMany without looking at the password while a wait lasts, and one and the same WrongPassword, after the
    same work, for an unknown login, a wrong password and somebody who left. Every attempt is written down: return the
    problem, do not raise it, or the attempt is forgotten.
    """
    login = rules.folded(login)
    # attempts at one login from one place, and from one address, come one after the other: no guessing in parallel
    for key in sorted({f"{login} {address}", address}):
        work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 8403))))
    seconds = pause(work, login, address)
    if seconds:
        return TooMany(seconds=seconds)
    staff = work.find(model.Staff, login=login)
    kept = work.session.get(model.Credential, staff.id) if staff is not None and staff.works_here else None
    good = (
        apart(matches, kept.password if kept else NOBODY, rules.password_text(password)) and kept is not None
    )
    work.session.add(
        model.SignIn(
            at=work.now, login=login[:60], address=address[:60], agent=agent[:500], good=good,
            staff_id=staff.id if staff else None,
        )
    )  # fmt: skip
    if staff is None or kept is None or not good:
        return WrongPassword()
    if HASHER.check_needs_rehash(kept.password):
        kept.password = apart(HASHER.hash, rules.password_text(password))
    return staff


def matches(hashed: str, password: str) -> bool:
    """Whether the password is the one that was hashed."""
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def pause(work: Work, login: str, address: str) -> int:
    """Seconds until the next attempt at this login from this address is looked at."""
    tried = model.SignIn
    last = last_good(work, login, address)
    here = wrong(work, tried.login == login, tried.address == address, *([tried.at > last] if last else []))
    waits = [
        rules.wait(here, work.now, rules.FREE_HERE),
        rules.wait(wrong(work, tried.address == address), work.now, rules.FREE_ADDRESS),
    ]
    if last is None:  # where she has been let in before, strangers elsewhere cannot make her wait
        waits.append(rules.wait(wrong(work, tried.login == login), work.now, rules.FREE_LOGIN))
    return max(waits)


def wrong(work: Work, *conditions: Any) -> list[datetime]:
    """When the recent wrong attempts were."""
    recent = select(model.SignIn.at).where(
        model.SignIn.good.is_(False), model.SignIn.at > work.now - rules.WINDOW, *conditions
    )
    return list(work.session.scalars(recent.order_by(model.SignIn.at.desc()).limit(100)))


def last_good(work: Work, login: str, address: str) -> datetime | None:
    """When this login was last let in from this address."""
    good = select(func.max(model.SignIn.at)).where(
        model.SignIn.login == login, model.SignIn.address == address, model.SignIn.good.is_(True)
    )
    return work.session.scalars(good).first()
