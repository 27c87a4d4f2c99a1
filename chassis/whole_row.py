"""One row, whole: its values, the names behind them, what can be done to it, its newest changes.

All but the row itself is found by one statement (`chassis.prepared`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Uuid, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

from chassis import labels, scope
from chassis.acting import STAFF
from chassis.audit import Change
from chassis.entities import by_entity, find_class, possible, values
from chassis.prepared import CARDS, Found, Part, Prepared, Selected, rows_of, told_ids
from chassis.related import ids
from chassis.stars import Favourite
from chassis.work import Work
from contracts.message import Attr
from contracts.query import GetOf, HistoryOf

ID, HISTORY = bindparam("id", type_=Uuid()), bindparam("history", type_=Integer())
MOST_CHANGES = 500
CHANGES = (
    select(
        *(
            getattr(Change, name)
            for name in (
                "id", "entity", "record_id", "ver", "actor_id", "actor_name", "door", "note", "changes", "at",
            )
        )
    )
    .where(Change.entity == bindparam("entity", type_=Change.entity.type), Change.record_id == ID)
    .order_by(Change.ver.desc(), Change.at.desc(), Change.id.desc())
    .limit(HISTORY)
)  # fmt: skip
STAR = select(Favourite.record_id).where(Favourite.person_id == scope.PLACES.me, Favourite.record_id == ID)


def get_row(work: Work, message: GetOf) -> dict[str, Any]:
    """One row. The names behind its changes are among all the others."""
    cls = find_class(work, message.entity, "read")
    row = work.read(cls, message.id)
    attrs = cls.record.attrs()
    found = _around(work, row, labels.Wanted().behind([row], attrs), message.history)
    answer = {
        "row": values(row, attrs),
        "labels": {str(row.id): labels.of(row).as_json(), **found.labels},
        "can": possible(work, row),
        "starred": found.first("star") is not None,
    }
    return answer | ({"history": {"changes": found["changes"], "labels": {}}} if message.history > 0 else {})


def history_of(work: Work, message: HistoryOf) -> dict[str, Any]:
    """The change log of one row the actor may see, newest first, with the names behind the ids in it."""
    row = work.read(find_class(work, message.entity, "read"), message.id)
    found = _around(work, row, {}, message.limit)
    return {"changes": found["changes"], "labels": found.labels}


def _around(work: Work, row: Any, wanted: Mapping[str, set[Any]], history: int) -> Found:
    own = by_entity(work)
    question = _question(row, own)
    named: dict[str, list[Any]] = {kind: [] for kind in question.kinds}
    for entity, these in wanted.items():
        named[_kind(entity, own)].extend(these)
    limit = max(0, min(history, MOST_CHANGES))
    return question.asked.ask(work, id=row.id, entity=row.record.entity(), history=limit, **named)


@dataclass(frozen=True)
class _Question:
    """What is asked around a row of one class, while it has these fields and these are our own kinds of records."""

    attrs: dict[str, Attr]
    kinds: dict[str, Any]
    asked: Prepared

    @classmethod
    def of(cls, attrs: dict[str, Attr], own: Mapping[str, type[Any]]) -> _Question:
        names: dict[str, list[Selected]] = {}
        for kind in dict.fromkeys(_kind(entity, own) for entity in (*_referred_to(attrs), STAFF)):
            logged = [a.logged for a in attrs.values() if a.ref and not a.many and _kind(a.ref, own) == kind]
            names[kind] = [told_ids(kind), _changed(logged)]
        names[_kind(STAFF, own)].append(ids("changes", "actor_id"))
        asked = Prepared({"changes": Part(CHANGES), "star": Part(STAR)}, names, own)
        return cls(attrs, {kind: own.get(kind) for kind in names}, asked)

    def holds(self, attrs: dict[str, Attr], own: Mapping[str, type[Any]]) -> bool:
        """An administrator may add fields and kinds of records at any time."""
        return self.attrs is attrs and all(own.get(kind) is known for kind, known in self.kinds.items())


_known: dict[str, _Question] = {}


def _question(row: Any, own: dict[str, type[Any]]) -> _Question:
    entity, attrs = row.record.entity(), row.record.attrs()
    known = _known.get(entity)
    if known is None or not known.holds(attrs, own):
        known = _known[entity] = _Question.of(attrs, own)
    return known


def _kind(entity: str, own: Mapping[str, type[Any]]) -> str:
    """Names of our own are found kind by kind, all others on cards."""
    return entity if entity in own else CARDS


def _referred_to(attrs: Mapping[str, Attr]) -> Iterator[str]:
    """The kinds of records that fields refer to, those of lines as well."""
    for a in attrs.values():
        if a.lines:
            yield from _referred_to(a.lines.attrs())
        elif a.ref:
            yield a.ref


def _changed(fields: list[str]) -> Selected:
    """The ids that its changes tell of in these fields."""
    pairs = func.jsonb_each(column("changes")).table_valued("key", column("value", JSONB))
    return (
        select(cast(func.jsonb_array_elements_text(pairs.c.value), Uuid))
        .select_from(rows_of("changes"), pairs)
        .where(pairs.c.key.in_(fields))
    )
