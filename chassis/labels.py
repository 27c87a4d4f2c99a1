"""The names behind references: from the service's own tables and from the cards of others', in one look per kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis import flush
from chassis.acting import STAFF
from chassis.prepared import CARDS, Prepared, told_ids
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
    return _found(work, wanted, own)


def named(
    work: Work, wanted: Mapping[str, Iterable[UUID | str]], own: dict[str, type[Any]]
) -> dict[str, Label]:
    """Labels by entity and ids. Names behind a row one may see are shown even where the row behind is not."""
    return {id: Label(**label) for id, label in _found(work, wanted, own).items()}


def _found(
    work: Work, wanted: Mapping[str, Iterable[UUID | str]], own: dict[str, type[Any]]
) -> dict[str, dict[str, Any]]:
    """All kinds by one look."""
    ids: dict[str, list[Any]] = {}
    for entity, these in sorted(wanted.items()):
        ids.setdefault(entity if entity in own else CARDS, []).extend(these)
    if not any(ids.values()):
        return {}
    return _question(tuple((kind, own.get(kind)) for kind in ids)).ask(work, **ids).labels


@lru_cache(maxsize=1000)
def _question(kinds: tuple[tuple[str, type[Any] | None], ...]) -> Prepared:
    names = {kind: [told_ids(kind)] for kind, _ in kinds}
    return Prepared({}, names, {kind: cls for kind, cls in kinds if cls is not None})


def people(work: Work, ids: Iterable[UUID | None], own: dict[str, type[Any]]) -> dict[str, dict[str, Any]]:
    """The names of colleagues in both languages, as they travel; whoever is not known here has none."""
    return _found(work, Wanted().add(STAFF, ids), own)


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
