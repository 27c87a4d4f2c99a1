"""The names behind references: from the service's own tables and from the cards of others', in one look per kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import flush, replicas
from chassis.work import Work
from contracts.message import Attr, Record
from contracts.query import Label


def behind(
    work: Work, rows: Iterable[Any], record: type[Record], own: dict[str, type[Any]]
) -> dict[str, Label]:
    """Labels for every id that these rows refer to. `own` maps entity names to the service's mapped classes."""
    return behind_fields(work, rows, record.attrs(), own)


def behind_fields(
    work: Work, rows: Iterable[Any], attrs: dict[str, Attr], own: dict[str, type[Any]]
) -> dict[str, Label]:
    """The same for some of the fields only."""
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        _collect(row, attrs, wanted)
    return named(work, wanted, own)


def named(work: Work, wanted: dict[str, set[UUID]], own: dict[str, type[Any]]) -> dict[str, Label]:
    """Labels by entity and ids. Names behind a row one may see are shown even where the row behind is not."""
    found: dict[str, Label] = {}
    elsewhere: set[UUID] = set()
    for entity, ids in wanted.items():
        if entity not in own:
            elsewhere |= ids
            continue
        with work.everything():
            for row in work.session.scalars(select(own[entity]).where(own[entity].id.in_(ids))):
                found[str(row.id)] = of(row)
    if elsewhere:
        for card in replicas.several(work.session, elsewhere):
            found[str(card.id)] = Label(
                entity=card.entity, label=card.label, label_en=card.label_en, number=card.number,
                state="archived" if card.archived else None,
            )  # fmt: skip
    return found


def of(row: Any) -> Label:
    """The label of a row of our own."""
    return Label(
        entity=row.record.entity(), label=flush.label(row), label_en=getattr(row, "name_en", None),
        number=getattr(row, "number", None), state=getattr(row, "state", None),
    )  # fmt: skip


def _collect(row: Any, attrs: dict[str, Attr], wanted: dict[str, set[UUID]]) -> None:
    for name, a in attrs.items():
        value = getattr(row, name, None)
        if not value:
            continue
        if a.lines:
            for line in value:
                _collect(line, a.lines.attrs(), wanted)
        elif a.ref:
            ids = value if a.many else (value,)
            wanted.setdefault(a.ref, set()).update(id if isinstance(id, UUID) else UUID(id) for id in ids)
