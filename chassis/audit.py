"""The change log: who changed which field from what to what, when and by which door, in the same transaction.

It is the audit trail, the source of «as of» views, of taking back a bulk act, and what branches exchange: the entries of
one record, replayed in order of version, give the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.database import ChassisBase, Kept, LineRow
from chassis.derived import is_derived
from chassis.identity import new_id
from contracts.own_fields import is_own

SILENT = frozenset(
    {"own", "search_text", "grams", "reach", "ver", "updated_at", "updated_by", "created_at", "created_by"}
)
"""Columns that say nothing a reader of the log would want: derived ones, stamps the entry itself carries, and the one
whose parts are logged each by itself."""


class Change(ChassisBase):
    """One saved change of one record: `changes` is {field: [from, to]}."""

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_record_id_ver", "record_id", "ver"),
        Index("ix_change_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    epoch: Mapped[int] = mapped_column(default=1)
    ver: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column()
    actor_id: Mapped[UUID] = mapped_column()
    actor_name: Mapped[str] = mapped_column(String(200))
    door: Mapped[str] = mapped_column(String(100))
    call_id: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str | None] = mapped_column(Text)
    changes: Mapped[dict[str, Any]] = mapped_column()


def plain(value: Any) -> Any:
    """A column's value as JSON keeps it; exact for money, dates and ids, moments in UTC."""
    cls = value.__class__
    if cls is str or value is None or cls is bool or cls is int:
        return value
    if cls is UUID or cls is Decimal:
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, UUID | Decimal) else value


AS_THEY_ARE = frozenset({str, bool, int})
"""Kinds of values that JSON keeps as they are; an import spares a call for each."""


@cache
def _logged(cls: Any) -> tuple[tuple[str, int | None], ...]:
    """The columns whose changes are written down, and to how many decimals they are kept."""
    columns = inspect(cls).columns
    return tuple(
        (name, scale) for name, scale in _scales(cls) if name not in SILENT and not is_derived(columns[name])
    )


@cache
def _scales(cls: Any) -> tuple[tuple[str, int | None], ...]:
    return tuple((c.key, getattr(c.columns[0].type, "scale", None)) for c in inspect(cls).column_attrs)


def _kept(scale: int | None, value: Any) -> Any:
    """As it will read when it comes back from the table: 1000 in a column with cents is 1000.00."""
    if scale is not None and isinstance(value, Decimal):
        return _rounded(scale, value)
    return plain(value)


@lru_cache(maxsize=10_000)
def _rounded(scale: int, value: Decimal) -> str:
    return str(value.quantize(Decimal(1).scaleb(-scale)))


def born(row: Any) -> dict[str, list[Any]]:
    """Every value a new row starts with, as changes from nothing."""
    values = inspect(row).dict
    found: dict[str, list[Any]] = {}
    for name, scale in _logged(type(row)):  # type: ignore[arg-type]
        if (value := values.get(name)) is not None:
            found[name] = [None, value if value.__class__ in AS_THEY_ARE else _kept(scale, value)]
    found |= {name: [None, value] for name, value in (values.get("own") or {}).items()}
    for name, lines in _lines(row).items():
        found[name] = [None, lines]
    return found


def moved(row: Kept) -> dict[str, list[Any]]:
    """What changed on a row since it was loaded; empty when nothing a reader cares about did."""
    state: Any = inspect(row)
    found: dict[str, list[Any]] = {}
    for name, scale in _logged(type(row)):  # type: ignore[arg-type]
        history = state.attrs[name].history
        if history.has_changes():
            before = _kept(scale, history.deleted[0]) if history.deleted else None
            after = _kept(scale, history.added[0]) if history.added else None
            if before != after:
                found[name] = [before, after]
    found |= _moved_own(state.attrs["own"].history)
    for name, before in getattr(row, "_lines_before", {}).items():
        if before != (after := lines_of(row, name)):
            found[name] = [before, after]
    return found


def _moved_own(history: Any) -> dict[str, list[Any]]:
    """Own fields are logged one by one, as all others are."""
    if not history.has_changes():
        return {}
    before, after = ((values[0] or {}) if values else {} for values in (history.deleted, history.added))
    names = dict.fromkeys([*before, *after])
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }


def entry(work: Any, row: Kept, ver: int, changes: dict[str, list[Any]]) -> dict[str, Any]:
    """The values of one entry of the log."""
    return {
        "id": new_id(), "entity": row.record.entity(), "record_id": row.id, "epoch": row.epoch, "ver": ver,
        "at": work.now, "actor_id": work.actor.id, "actor_name": work.actor.name, "door": work.door,
        "call_id": work.call_id, "note": work.note, "changes": changes,
    }  # fmt: skip


def reading(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """What a row says in these fields, under the names and as the log would write it."""
    scales, own = dict(_scales(type(row))), getattr(row, "own", None) or {}  # type: ignore[arg-type]
    return {
        name: own.get(name) if is_own(name) else _kept(scales.get(name), getattr(row, name, None))
        for name in names
    }


def changed(row: Kept, *names: str) -> bool:
    """Whether a row has another value in any of these columns than when it was loaded; a new row always has."""
    attrs: Any = inspect(row).attrs
    return row.ver is None or any(attrs[name].history.has_changes() for name in names)


def lines_of(row: Kept, name: str) -> list[dict[str, Any]]:
    """The lines of a document as plain values, in order: what the log and a reader see."""
    return [
        {name: _kept(scale, getattr(line, name)) for name, scale in _scales(type(line))}  # type: ignore[arg-type]
        for line in sorted(getattr(row, name), key=lambda line: line.position)
    ]


def _lines(row: Kept) -> dict[str, list[dict[str, Any]]]:
    return {name: lines_of(row, name) for name in _line_names(type(row))}  # type: ignore[arg-type]


@cache
def _line_names(cls: Any) -> tuple[str, ...]:
    found = inspect(cls).relationships
    return tuple(r.key for r in found if r.uselist and issubclass(r.mapper.class_, LineRow))


def history(session: Session, entity: str, record_id: UUID, limit: int) -> list[Change]:
    """The entries of one record, newest first."""
    wanted = select(Change).where(Change.entity == entity, Change.record_id == record_id)
    return list(
        session.scalars(wanted.order_by(Change.ver.desc(), Change.at.desc(), Change.id.desc()).limit(limit))
    )


def replay(entries: list[Change]) -> dict[str, Any]:
    """The record's values after these entries, oldest first: what «as of» a moment means."""
    values: dict[str, Any] = {}
    for entry in entries:
        values.update({name: to for name, (_, to) in entry.changes.items()})
    return values
