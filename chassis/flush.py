"""What happens to every kept row just before it is written: stamps, number, own check, search text, audit, card."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import RelationshipDirection, Session, sessionmaker
from sqlalchemy.orm.attributes import instance_dict

from chassis import audit, belonging, changes, derived, numbering, search
from chassis.audit import Change
from chassis.database import Kept, LineRow, Owned, Searchable
from chassis.identity import new_id
from contracts.message import Listed

BETWEEN = " · "
"""Stands between the parts of a label that is made of several fields."""
CARD = ("owner_id", "department_id", "branch_id")
"""Fields that travel on every card of an owned row, so that listeners can apply the same row rights."""


def watch(factory: sessionmaker[Session]) -> None:
    """Do this on every flush of these sessions."""
    event.listen(factory, "before_flush", _before_flush)


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    work = session.info.get("work")
    if work is None:
        return
    checked: set[Any] = set()
    along: set[Any] = set()
    while fresh := [row for row in (*_new(session), *_changed(session)) if row not in checked]:
        settle(session, work, [row for row in fresh if row in session.new])
        for row in session.new:
            if isinstance(row, LineRow):
                _fill_in_defaults(row)
        for row in (*session.new, *session.dirty):
            _link(row)
        for row in fresh:
            if row in work.following or row in work.checked:
                continue
            if (check := getattr(row, "check", None)) is not None:
                check(work)  # may touch other rows, which then have their turn
        belonging.rejoin(work, fresh)
        along |= belonging.follow(session, work)
        checked.update(fresh, along)
    new, old = _new(session), _changed(session)
    log: list[dict[str, Any]] = []
    for row in new:
        make_findable(row)
        log.append(audit.entry(work, row, 1, audit.born(row)))
        announce(work, row, 1, changed=None)
    for row in old:
        row.updated_at = work.now
        if row not in along and row not in work.following:  # nobody has edited what only follows
            row.updated_by = work.actor.id
        make_findable(row)
        moved = audit.moved(row)
        if moved:
            log.append(audit.entry(work, row, row.ver + 1, moved))
            announce(work, row, row.ver + 1, changed=moved)
        row.__dict__.pop("_lines_before", None)
    if log:
        session.connection().execute(insert(Change), log)
        changes.tell(work, log)
    work.touched.update((*new, *old))
    work.checked.clear()


def _new(session: Session) -> list[Any]:
    return [row for row in session.new if isinstance(row, Kept)]


def _changed(session: Session) -> list[Any]:
    return [
        row
        for row in session.dirty
        if isinstance(row, Kept) and session.is_modified(row, include_collections=False)
    ]


def settle(session: Session, work: Any, rows: list[Any]) -> None:
    """Give new rows what every kept row has: number, stamps, defaults, an owner."""
    number(session, work, rows)
    for row in rows:
        start(work, row)


def make_findable(row: Any) -> None:
    """Keep the text and the grams a row is found by."""
    if isinstance(row, Searchable):
        text = search.text_of(row, type(row).record)  # type: ignore[attr-defined]
        if text != row.search_text:
            row.search_text, row.grams = text, search.grams(text)


def number(session: Session, work: Any, rows: list[Kept]) -> None:
    """Draw all numbers of one kind at once: an import of ten thousand is one step of the sequence."""
    waiting: dict[str, list[Kept]] = {}
    for row in rows:
        if row.numbered and getattr(row, "number", None) is None:
            waiting.setdefault(row.numbered, []).append(row)
    for pattern, group in waiting.items():
        if work.is_trial:
            numbers = [str(new_id()) for _ in group]
        else:
            with session.no_autoflush:
                numbers = numbering.draw(session, pattern, work.branch, work.today, len(group))
        for row, number in zip(group, numbers, strict=True):
            row.number = number  # type: ignore[attr-defined]


def start(work: Any, row: Kept) -> None:
    """Stamps, defaults, an owner."""
    has = instance_dict(row)  # type: ignore[arg-type]
    for name, value in stamps(work).items():
        if not has.get(name):
            setattr(row, name, value)
    _fill_in_defaults(row)
    if isinstance(row, Owned) and has.get("owner_id") is None and has.get("branch_id") is None:
        if (whole := row.belongs_to(work)) is not None:
            row.belong_with(whole)
        elif work.actor.kind == "staff":
            work.give(row, work.actor.id)


def stamps(work: Any) -> dict[str, Any]:
    """Where, when and by whom a row is new."""
    now, who = work.now, work.actor.id
    return {
        "home": work.branch, "epoch": 1, "created_at": now, "updated_at": now, "created_by": who, "updated_by": who,
    }  # fmt: skip


def blank(work: Any, cls: Any) -> dict[str, Any]:
    """What a new row holds when nobody has said anything; what each needs a fresh one of (a list) is filled in later."""
    plain = {name: default.arg for name, default in _defaults(cls) if not default.is_callable}
    return dict.fromkeys(_names(cls)) | plain | stamps(work)


def fresh(cls: type[Any], values: dict[str, Any]) -> Any:
    """A new row with these values, its id among them, past the ORM's bookkeeping of changes: it is new all over."""
    row = cls(id=values["id"])
    has = instance_dict(row)
    has.update(values | has)
    return row


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(a.key for a in inspect(cls).column_attrs if a.key != "id")


def _fill_in_defaults(row: Any) -> None:
    """What columns fill in by themselves would come at INSERT: too late for the log."""
    has = instance_dict(row)
    for name, default in _defaults(type(row)):  # type: ignore[arg-type]
        if has.get(name) is None:
            setattr(row, name, default.arg({}) if default.is_callable else default.arg)


@cache
def _defaults(cls: Any) -> list[tuple[str, Any]]:
    return [(c.key, c.default) for c in inspect(cls).local_table.columns if c.default is not None]


def _link(row: Any) -> None:
    """Rows that hang together know each other's ids at once; the database would tell them too late for the log."""
    state = inspect(row)
    for relation in state.mapper.relationships:
        others = state.dict.get(relation.key)
        if not others or relation.direction is RelationshipDirection.MANYTOMANY:
            continue
        for other in others if relation.uselist else (others,):
            holder, target = (
                (other, row) if relation.direction is RelationshipDirection.ONETOMANY else (row, other)
            )
            for pair in relation.local_remote_pairs:
                here, there = pair if holder is row else pair[::-1]
                name = inspect(holder).mapper.get_property_by_column(here).key
                if getattr(holder, name) is None:
                    setattr(
                        holder,
                        name,
                        getattr(target, inspect(target).mapper.get_property_by_column(there).key),
                    )


def announce(work: Any, row: Kept, ver: int, changed: dict[str, Any] | None) -> None:
    """Tell listeners the new card, but only when something that stands on it changed."""
    if row.listed is None or (changed is not None and not watched(type(row)) & changed.keys()):  # type: ignore[arg-type]
        return
    if changed is not None and isinstance(row, derived.Retold):
        derived.note(work.session, type(row), [row.id])
    else:
        work.emit(card(type(row), row, ver))


@cache
def watched(cls: Any) -> frozenset[str]:
    """The fields that stand on its card, and those that are told beside them."""
    return frozenset({"number", "archived_at", "name_en", "epoch", *cls.record.title, *_carried(cls)})


@cache
def _carried(cls: Any) -> tuple[str, ...]:
    return tuple(sorted({*cls.listed.carries, *(CARD if issubclass(cls, Owned) else ())}))


@cache
def _carried_lines(cls: Any) -> frozenset[str]:
    attrs = cls.record.attrs()
    return frozenset(name for name in _carried(cls) if name in attrs and attrs[name].lines)


def card(cls: Any, row: Any, ver: int) -> Listed:
    """What stands on the card of a row of this class."""
    lines, listed = _carried_lines(cls), cls.listed
    found: Listed = listed.model_construct(  # our own values: nothing to check
        record_id=row.id,
        epoch=row.epoch,
        ver=ver,
        retold=getattr(row, "retold", 0),
        number=getattr(row, "number", None),
        label=worded(getattr(row, name, None) for name in cls.record.title),
        label_en=getattr(row, "name_en", None),
        archived=row.archived_at is not None,
        data={
            name: audit.lines_of(row, name) if name in lines else audit.plain(getattr(row, name))
            for name in _carried(cls)
        },
    )
    return found


def label(row: Any) -> str:
    """The words that name a row: its title fields, those that have a value."""
    return worded(getattr(row, name, None) for name in row.record.title)


def worded(values: Iterable[Any]) -> str:
    """A row's name from the values of its title fields."""
    return BETWEEN.join(str(value) for value in values if value not in (None, ""))[:200]
