"""The names behind references: from the service's own tables and from the cards of others', in one look per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, cast, select
from sqlalchemy.dialects.postgresql import ARRAY

from chassis import flush, tabular
from chassis.replicas import Replica
from chassis.work import Work
from contracts.message import Attr, Record
from contracts.query import Label


class Wanted(dict[str, set[Any]]):
    """Entity → ids whose names are wanted, gathered from everywhere so that one look finds them all."""

    def behind(self, rows: Iterable[Any], attrs: dict[str, Attr]) -> Wanted:
        """What these fields of rows refer to."""
        for row in rows:
            _collect(row, attrs, self)
        return self

    def add(self, entity: str, ids: Iterable[UUID | None]) -> Wanted:
        """These rows of an entity, as far as they are any."""
        self.setdefault(entity, set()).update(id for id in ids if id)
        return self


def behind(
    work: Work, rows: Iterable[Any], record: type[Record], own: dict[str, type[Any]]
) -> dict[str, Label]:
    """Labels for every id that these rows refer to. `own` maps entity names to the service's mapped classes."""
    return behind_fields(work, rows, record.attrs(), own)


def behind_fields(
    work: Work, rows: Iterable[Any], attrs: dict[str, Attr], own: dict[str, type[Any]]
) -> dict[str, Label]:
    """The same for some of the fields only."""
    return named(work, Wanted().behind(rows, attrs), own)


def behind_values(
    work: Work, rows: Iterable[dict[str, Any]], attrs: dict[str, Attr], own: dict[str, type[Any]]
) -> dict[str, dict[str, Any]]:
    """The same for rows that are plain values already; plain itself."""
    wanted: dict[str, set[Any]] = {}
    for name, a in attrs.items():
        if a.ref:
            ids = wanted.setdefault(a.ref, set())
            for row in rows:
                if value := row[name]:
                    ids.update(value) if a.many else ids.add(value)
    return {id: label.as_json() for id, label in named(work, wanted, own).items()}


def named(
    work: Work, wanted: Mapping[str, Iterable[UUID | str]], own: dict[str, type[Any]]
) -> dict[str, Label]:
    """Labels by entity and ids. Names behind a row one may see are shown even where the row behind is not."""
    found: dict[str, Label] = {}
    elsewhere: list[str] = []
    for entity, ids in wanted.items():
        if entity in own:
            found |= _own(work, own[entity], list(map(str, ids)))
        else:
            elsewhere += map(str, ids)
    if elsewhere:
        found |= _cards(work, elsewhere)
    return found


def _own(work: Work, cls: type[Any], ids: list[str]) -> dict[str, Label]:
    if not ids:
        return {}
    asked, read = columns(cls), reader(cls)
    with work.everything():
        rows = work.session.execute(select(*asked.asked).where(among(cls.id, ids)))
        return {row[0]: read(asked.values(row)) for row in rows}


def _cards(work: Work, ids: list[str]) -> dict[str, Label]:
    asked = columns(Replica)
    rows = work.session.execute(select(*asked.asked).where(among(Replica.id, ids)))
    return {row[0]: _of_card(asked.values(row)) for row in rows}


def columns(cls: type[Any]) -> tabular.Columns:
    """What must be known of a row of ours, or of a card, to name it; its id first."""
    if cls is Replica:
        return tabular.columns(cls, ("id", "entity", "label", "label_en", "number", "archived"))
    return tabular.columns(cls, tuple(dict.fromkeys(("id", "name_en", "number", "state", *cls.record.title))))


def reader(cls: type[Any]) -> Callable[[Mapping[str, Any]], Label]:
    """Makes a label of the values of these columns."""
    return _of_card if cls is Replica else partial(_label, cls.record)


def _label(record: type[Record], values: Mapping[str, Any]) -> Label:
    return Label(
        entity=record.entity(), label=flush.worded(values.get(name) for name in record.title),
        label_en=values.get("name_en"), number=values.get("number"), state=values.get("state"),
    )  # fmt: skip


def _of_card(card: Mapping[str, Any]) -> Label:
    return Label(
        entity=card["entity"], label=card["label"], label_en=card["label_en"], number=card["number"],
        state="archived" if card["archived"] else None,
    )  # fmt: skip


def among(column: Any, ids: list[str]) -> ColumnElement[bool]:
    """One of these ids, told as one value: as many parameters cost more than the look-up."""
    return column == any_(cast(ids, ARRAY(Uuid(as_uuid=False))))


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
