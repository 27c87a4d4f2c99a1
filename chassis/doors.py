"""What happens at a door: who is it, may she, what does she want; one transaction; an answer or a problem.

The broker's side calls `answer`; tests may too. Nothing here knows how a message travelled.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import orjson
from psycopg2 import errors as pg
from pydantic import BaseModel
from sqlalchemy import Index, String, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from chassis import entities, last_moment
from chassis.constraints import broken
from chassis.database import ChassisBase, Kept
from chassis.house import House
from chassis.logs import log
from chassis.service import Door
from chassis.wire import CALL_HEADER, KEY_HEADER, TOKEN_HEADER
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import (
    ChangedMeanwhile,
    Forbidden,
    KeyReused,
    NotFound,
    Problem,
    Unauthenticated,
    Unavailable,
    Unexpected,
)

FOR_ANYBODY = frozenset({"ping"})
"""Doors that say only that we are there."""
TRIES = 3
"""A deadlock, or a row saved by somebody else in between, is nobody's mistake: the whole transaction is run again."""


class Answered(ChassisBase):
    """A command that was done under an idempotency key, and what was answered: pressing again gets the same."""

    __tablename__ = "answered"
    __table_args__ = (Index("ix_answered_at", "at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column()
    result: Mapped[dict[str, Any]] = mapped_column()


def answer(house: House, name: str, body: Any, headers: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked and say how it ended: `{"result": …, "error": None}` or `{"result": None, "error": {…}}`.

    Everything a command did is kept, or nothing is.
    """
    call_id = str(headers.get(CALL_HEADER, ""))
    try:
        door = house.service.requests().get(name)
        if door is None:
            raise NotFound(entity="door", id=name)
        actor = house.verify(str(headers.get(TOKEN_HEADER, "")))
        return {"result": _tried(house, door, actor, body, call_id, headers.get(KEY_HEADER)), "error": None}
    except Problem as problem:
        return {"result": None, "error": problem.as_dict()}
    except OperationalError as error:
        log().error(
            "database unavailable", service=house.name, door=name, call=call_id, error=str(error.orig)
        )
        return {"result": None, "error": Unavailable(service=house.name).as_dict()}
    except Exception:
        log().exception("door failed", service=house.name, door=name, call=call_id)
        return {"result": None, "error": Unexpected(number=call_id).as_dict()}


def _tried(house: House, door: Door, actor: Actor, body: Any, call_id: str, key: str | None) -> Any:
    for attempt in range(1, TRIES + 1):
        try:
            return _once(house, door, actor, body, call_id, key)
        except IntegrityError as error:
            raise broken(error) from None
        except StaleDataError:
            # somebody saved while we did: told only to a person who named the version she saw
            if attempt == TRIES or (isinstance(body, dict) and body.get("ver") is not None):
                raise ChangedMeanwhile() from None
        except DBAPIError as error:
            passing = isinstance(error.orig, pg.DeadlockDetected | pg.SerializationFailure)
            if not passing or attempt == TRIES:
                raise
    raise AssertionError("unreachable")


def _once(house: House, door: Door, actor: Actor, body: Any, call_id: str, key: str | None) -> Any:
    permission = door.needs(house.name)
    if permission is None and actor.kind == "anonymous" and door.name not in FOR_ANYBODY:
        raise Unauthenticated()
    if permission is not None and not actor.may(permission):
        raise Forbidden(permission=permission)
    with house.sessions.begin() if door.kind == "command" else house.reading() as session:
        work = Work(session, actor, house, door=door.name, call_id=call_id, permission=permission)
        message = door.message.read(body) if door.message else body  # only now it is known what may be said
        keyed = key is not None and door.kind == "command"
        result = _unless_done(work, door, message, key, body) if keyed else _done(work, door, message)
    if door.kind == "command":
        last_moment.passes(house.name, last_moment.DOOR_COMMITTED)
    if isinstance(result, Problem):
        raise result
    return result


def _unless_done(work: Work, door: Door, message: Any, key: str | None, body: Any) -> Any:
    """The same key again gets the same answer, and nothing is done a second time."""
    key = f"{work.actor.id}:{key}"[:200]
    digest = _digest(door, None if door.secret else body)
    if (before := _earlier(work.session, key)) is not None:
        if before.digest != digest:
            raise KeyReused()
        return before.result.get("result")
    result = _done(work, door, message)
    if not isinstance(result, Problem):
        kept = None if door.secret else result
        work.session.add(Answered(key=key, digest=digest, at=work.now, result={"result": kept}))
    return result


def _done(work: Work, door: Door, message: Any) -> Any:
    work.note = getattr(message, "note", None)
    result = door.function(work, message)
    work.session.flush()  # a question that wrote is found out by it
    work.stay_visible()
    # a row is answered as `get` would answer it: values, names behind its references, what can be done to it now
    return entities.answer(work, result) if isinstance(result, Kept) else plain(result)


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
