"""What happens to every kept row just before it is written: stamps, number, own check, search text, audit, card."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, sessionmaker

from chassis import audit, numbering, search
from chassis.audit import Change
from chassis.database import Kept, LineRow, Owned, Searchable
from contracts.message import Listed

CARD = ("owner_id", "department_id", "branch_id")
"""Fields that travel on every card of an owned row, so that listeners can apply the same row rights."""


def watch(factory: sessionmaker[Session]) -> None:
    """Do this on every flush of these sessions."""
    event.listen(factory, "before_flush", _before_flush)


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    work = session.info.get("work")
    if work is None:
        return
    new, old = _prepared(session, work)
    for row in (*new, *old):
        if isinstance(row, Searchable):
            row.search_text = search.text_of(row, row.record)
            row.grams = search.grams(row.search_text)
    for row in new:
        _record(session, work, row, 1, audit.born(row))
        _announce(work, row, 1, changed=None)
    for row in old:
        changes = audit.moved(row)
        if changes:
            _record(session, work, row, row.ver + 1, changes)
            _announce(work, row, row.ver + 1, changed=changes)
        row.__dict__.pop("_lines_before", None)
    work.touched.update((*new, *old))


def _prepared(session: Session, work: Any) -> tuple[list[Kept], list[Kept]]:
    """Stamp, number and check every row; a check may touch further rows, and these have their turn then."""
    all_new: list[Kept] = []
    all_old: list[Kept] = []
    while True:
        seen = {*all_new, *all_old}
        new = [row for row in session.new if isinstance(row, Kept) and row not in seen]
        old = [
            row
            for row in session.dirty
            if isinstance(row, Kept)
            and row not in seen
            and session.is_modified(row, include_collections=False)
        ]
        if not new and not old:
            return all_new, all_old
        if new:
            _number(session, work, new)
        for line in session.new:
            if isinstance(line, LineRow):
                _defaults(line)
        for row in new:
            _start(work, row)
        for row in old:
            row.updated_at, row.updated_by = work.now, work.actor.id
        for row in (*new, *old):
            if (check := getattr(row, "check", None)) is not None:
                check(work)
        all_new += new
        all_old += old


def _number(session: Session, work: Any, rows: list[Kept]) -> None:
    """Draw all numbers of one kind at once: an import of ten thousand is one step of the sequence."""
    waiting: dict[str, list[Kept]] = {}
    for row in rows:
        if row.numbered and getattr(row, "number", None) is None:
            waiting.setdefault(row.numbered, []).append(row)
    for pattern, group in waiting.items():
        with session.no_autoflush:
            numbers = numbering.draw(session, pattern, work.branch, work.today, len(group))
        for row, number in zip(group, numbers, strict=True):
            row.number = number  # type: ignore[attr-defined]


def _start(work: Any, row: Kept) -> None:
    row.home = row.home or work.branch
    row.epoch = row.epoch or 1
    row.created_at = row.created_at or work.now
    row.updated_at = row.updated_at or work.now
    row.created_by = row.created_by or work.actor.id
    row.updated_by = row.updated_by or work.actor.id
    _defaults(row)
    if (
        isinstance(row, Owned)
        and row.owner_id is None
        and row.branch_id is None
        and work.actor.kind == "staff"
    ):
        work.give(row, work.actor.id)


def _defaults(row: Any) -> None:
    """Columns' defaults, which would come at INSERT: too late for the log."""
    for column in inspect(type(row)).columns:
        default = column.default
        if getattr(row, column.key, None) is None and default is not None:
            setattr(row, column.key, default.arg({}) if default.is_callable else default.arg)


def _record(session: Session, work: Any, row: Kept, ver: int, changes: dict[str, list[Any]]) -> None:
    session.add(
        Change(
            entity=row.record.entity(), record_id=row.id, epoch=row.epoch, ver=ver, at=work.now,
            actor_id=work.actor.id, actor_name=work.actor.name, door=work.door, call_id=work.call_id,
            note=work.note, changes=changes,
        )
    )  # fmt: skip


def _announce(work: Any, row: Kept, ver: int, changed: dict[str, Any] | None) -> None:
    """Tell listeners the new card, but only when something that stands on it changed."""
    if row.listed is not None:
        carried = {*row.listed.carries, *(CARD if isinstance(row, Owned) else ())}
        watched = {"number", "archived_at", "name_en", "epoch", *row.record.title, *carried}
        if changed is None or watched & changed.keys():
            work.emit(card(row, row.listed, ver, carried))


def card(row: Any, listed: type[Listed], ver: int, carried: set[str]) -> Listed:
    """What stands on a row's card."""
    return listed(
        record_id=row.id,
        epoch=row.epoch,
        ver=ver,
        number=getattr(row, "number", None),
        label=label(row),
        label_en=getattr(row, "name_en", None),
        archived=row.archived_at is not None,
        data={name: audit.plain(getattr(row, name)) for name in sorted(carried)},
    )


def label(row: Any) -> str:
    """The words that name a row: its title fields, those that have a value."""
    parts = [str(value) for name in row.record.title if (value := getattr(row, name, None)) not in (None, "")]
    return " · ".join(parts)[:200]
