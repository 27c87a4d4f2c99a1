"""Search over everything that a service keeps, in one question: a person types, and each letter asks every service.

The texts of its statements are made once for each kind of record, kind of rights and shape of what is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import Integer, bindparam, exists, select

from chassis import filters, places, scope, search, tabular
from chassis.attachments import Attachment, find_attachments
from chassis.counting import up_to
from chassis.database import Searchable
from chassis.work import Work
from contracts.actor import Actor
from contracts.attachments import FindAttachments
from contracts.query import SearchOf

MOST = 50
CAP = 500
"""How far the rows of one kind are counted: whoever has found more types on."""
KEPT = 5000
"""Of so many kinds, rights and shapes the texts are kept."""
NOTHING: dict[str, Any] = {"rows": [], "labels": {}}


def find(work: Work, message: SearchOf) -> dict[str, Any]:
    """Of each kind that the actor may read: how many contain the text, and what the first of them are called; files beside."""
    wanted = search.sought(message.text)
    if not wanted:
        return {"found": [], "files": NOTHING}
    limit = max(1, min(message.limit, MOST))
    told = {**scope.told(work.actor), "limit": limit, "counted": CAP + 1}
    values = {**told, **dict(zip(_names(), search.values(wanted), strict=False))}
    shape = _Shape.of(wanted)
    asked = [_texts(cls, _Rights.of(work, cls), shape) for cls in _kinds(work)]  # type: ignore[arg-type]
    has_files, *counted = _ask(work, [_files(shape), *(kind.count for kind in asked)], values)
    hits = [(kind, number) for kind, number in zip(asked, counted, strict=True) if number]
    texts = _ask(work, [kind.common if number > CAP else kind.few for kind, number in hits], values)
    found = [
        {
            "entity": kind.entity, "count": min(number, CAP), "capped": number > CAP,
            "rows": kind.columns.read_text(text),
        }
        for (kind, number), text in zip(hits, texts, strict=True)
    ]  # fmt: skip
    files = find_attachments(work, FindAttachments(text=message.text, limit=limit)) if has_files else NOTHING
    return {"found": found, "files": files}


def _ask(work: Work, texts: Iterable[str], values: dict[str, Any]) -> Sequence[Any]:
    """What each of these selects of one value says."""
    joined = ", ".join(f"({text})" for text in texts)
    return places.ask(work.session, f"SELECT {joined}", values) if joined else ()


def _kinds(work: Work) -> list[type[Any]]:
    """Classes with a field to search in, of records that the actor may read."""
    return [cls for cls in work.entities.values() if issubclass(cls, Searchable) and _is_open(work, cls)]


def _is_open(work: Work, cls: Any) -> bool:
    may = work.sees_everything or work.actor.may(f"{cls.record.entity()}.read")
    return may and not cls.retired and cls.record.is_searchable()


# -- texts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shape:
    """How what is looked for is put together; on this the text of a statement depends, not on what it is."""

    parts: tuple[Any, ...]
    wanted: Sequence[search.Ways] = field(compare=False)

    @classmethod
    def of(cls, wanted: Sequence[search.Ways]) -> _Shape:
        parts = (tuple(tuple(f.pattern is None for f in way) for way in ways) for ways in wanted)
        return cls(tuple(parts), wanted)


@dataclass(frozen=True)
class _Rights:
    """How far somebody sees rows of a kind; `actor` is one of those who do, None sees all."""

    scopes: tuple[Any, ...] | None
    actor: Actor | None = field(compare=False)

    @classmethod
    def of(cls, work: Work, kind: type[Any]) -> _Rights:
        if work.sees_everything:
            return cls(None, None)
        return cls(tuple(map(work.actor.scope, _deciding(kind))), work.actor)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Texts:
    """How one kind is asked: how many there are, and the first of them, where they are few and where they are many."""

    entity: str
    columns: tabular.Columns
    count: str
    few: str
    common: str


@lru_cache(maxsize=KEPT)
def _texts(cls: Any, rights: _Rights, shape: _Shape) -> _Texts:
    columns = tabular.columns(cls, _called(cls))
    found = select(cls).where(cls.archived_at.is_(None), _holds(cls, shape))
    first = bindparam("limit", type_=Integer())

    def written(statement: Any) -> str:
        actor = rights.actor
        return places.written(
            statement if actor is None else scope.restricted(statement, actor, scope.PLACES)
        )

    return _Texts(
        cls.record.entity(),
        columns,
        written(up_to(cls, found, bindparam("counted", type_=Integer()))),
        written(columns.as_text(filters.in_order(cls, filters.picked(cls, found)).limit(first))),
        written(columns.as_text(filters.in_order(cls, found).limit(first))),
    )


@lru_cache(maxsize=KEPT)
def _files(shape: _Shape) -> str:
    """Whether any file fits, whosever it is."""
    fits = exists().where(Attachment.removed_at.is_(None), _holds(Attachment, shape))
    return places.written(select(fits))


@lru_cache(maxsize=KEPT)
def _deciding(cls: Any) -> list[str]:
    return scope.deciding(cls)


def _holds(cls: Any, shape: _Shape) -> Any:
    names = _names()
    return search.holds(cls, shape.wanted, lambda _value, kind: bindparam(next(names), type_=kind))


def _names() -> Iterator[str]:
    """Of the places of what is sought, in their order."""
    return (f"sought_{number}" for number in count())


def _called(cls: type[Any]) -> tuple[str, ...]:
    """The fields by which one is recognised, and its id."""
    record = cls.record
    wanted = (*record.title, *(f"{name}_en" for name in record.title), "number", "state")
    return tuple(dict.fromkeys([*(name for name in wanted if name in record.attrs()), "id"]))
