"""What happens at a door: who is it, may she, what does she want; one transaction; an answer or a problem.

The broker's side calls `answer`; tests may too. Nothing here knows how a message travelled.
"""

from __future__ import annotations

import hashlib
import inspect as pyinspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, get_type_hints

import orjson
import structlog
from psycopg2 import errors as pg
from pydantic import BaseModel
from sqlalchemy import Index, String, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from chassis.database import ChassisBase, Kept, Owned
from chassis.work import Clock, Work, wall_clock
from contracts.actor import Actor
from contracts.errors import (
    AlreadyExists,
    ChangedMeanwhile,
    Forbidden,
    KeyReused,
    NotFound,
    Problem,
    Unavailable,
    Unexpected,
)
from contracts.message import Command, Message

log = structlog.get_logger()
TRIES = 3
"""A deadlock or a serialization failure is nobody's mistake: the whole transaction is run again this often."""


class Answered(ChassisBase):
    """A command that was done under an idempotency key, and what was answered: pressing again gets the same."""

    __tablename__ = "answered"
    __table_args__ = (Index("ix_answered_at", "at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column()
    result: Mapped[dict[str, Any]] = mapped_column()


@dataclass(frozen=True)
class Door:
    """A function reachable by message: what it takes, and the right it needs (None: the function asks itself)."""

    name: str
    function: Callable[..., Any]
    message: type[Message]
    permission: str | None

    @property
    def changes(self) -> bool:
        """Whether it may change anything (a command), as against only telling."""
        return issubclass(self.message, Command)


@cache
def door(service: str, name: str, function: Callable[..., Any], permission: str | None = "") -> Door:
    """Describe a function as a door; the message class is read from its last annotation.

    The permission is `<service>.<name>` unless told otherwise; None leaves it to the function.
    """
    hints = get_type_hints(function)
    last = list(pyinspect.signature(function).parameters)[-1]
    return Door(name, function, hints[last], f"{service}.{name}" if permission == "" else permission)


@dataclass(frozen=True)
class House:
    """What a door needs of its surroundings: the service, its branch, its sessions and the clock."""

    service: str
    branch: str
    sessions: sessionmaker[Session]
    clock: Clock = wall_clock


def answer(
    house: House, door: Door, actor: Actor, body: Any, *, call_id: str, key: str | None = None
) -> dict[str, Any]:
    """Do what is asked and say how it ended: `{"result": …, "error": None}` or `{"result": None, "error": {…}}`.

    Everything a command did is kept, or nothing is.
    """
    try:
        return {"result": _tried(house, door, actor, body, call_id, key), "error": None}
    except Problem as problem:
        return {"result": None, "error": problem.as_dict()}
    except OperationalError as error:
        log.error(
            "database.unavailable", service=house.service, door=door.name, call=call_id, error=str(error.orig)
        )
        return {"result": None, "error": Unavailable(service=house.service).as_dict()}
    except Exception:
        log.exception("door.failed", service=house.service, door=door.name, call=call_id)
        return {"result": None, "error": Unexpected(number=call_id).as_dict()}


def _tried(house: House, door: Door, actor: Actor, body: Any, call_id: str, key: str | None) -> Any:
    for attempt in range(1, TRIES + 1):
        try:
            return _once(house, door, actor, body, call_id, key)
        except IntegrityError as error:
            raise _broken(error) from None
        except StaleDataError:
            raise ChangedMeanwhile() from None
        except DBAPIError as error:
            passing = isinstance(error.orig, pg.DeadlockDetected | pg.SerializationFailure)
            if not passing or attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _once(house: House, door: Door, actor: Actor, body: Any, call_id: str, key: str | None) -> Any:
    if door.permission is not None and not actor.may(door.permission):
        raise Forbidden(permission=door.permission)
    message = door.message.read(body)
    with house.sessions.begin() as session:
        work = Work(
            session, actor, service=house.service, branch=house.branch, door=f"{house.service}.{door.name}",
            call_id=call_id, permission=door.permission, clock=house.clock,
        )  # fmt: skip
        if key is None or not door.changes:
            return _done(work, door, message)
        key, digest = f"{actor.id}:{key}"[:200], _digest(door, body)
        if (before := _earlier(session, key)) is not None:
            if before.digest != digest:
                raise KeyReused()
            return before.result.get("result")
        result = _done(work, door, message)
        session.add(Answered(key=key, digest=digest, at=work.now, result={"result": result}))
        return result


def _done(work: Work, door: Door, message: Message) -> Any:
    work.note = getattr(message, "note", None)
    result = plain(door.function(work, message))
    work.session.flush()
    stay_visible(work)
    return result


def stay_visible(work: Work) -> None:
    """What somebody made or changed must still be hers to see, or it is rolled back: nobody writes blindly."""
    if work.sees_everything:
        return
    for row in work.touched:
        if isinstance(row, Owned) and isinstance(row, Kept):
            permission = f"{row.record.entity()}.read"
            if work.actor.may(permission) and not work.may(permission, row):
                raise Forbidden(permission=permission)


def plain(result: Any) -> Any:
    """A door's result as JSON values."""
    if isinstance(result, BaseModel):
        return result.model_dump(mode="json")
    if isinstance(result, list | tuple):
        return [plain(item) for item in result]
    return result


def _earlier(session: Session, key: str) -> Answered | None:
    """What was answered under this key; a second press waits here until the first one is through."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    return session.get(Answered, key)


def _digest(door: Door, body: Any) -> str:
    return hashlib.sha256(door.name.encode() + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _broken(error: IntegrityError) -> Problem:
    """A constraint's refusal in words of ours; what we did not foresee stays a mistake of ours."""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""
    if isinstance(error.orig, pg.UniqueViolation):
        return AlreadyExists(field=constraint.partition("_")[2])
    if isinstance(error.orig, pg.ForeignKeyViolation):
        return NotFound(entity=constraint, id="")
    raise error
