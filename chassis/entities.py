"""The doors every entity has: list, create, update, archive, restore, options, labels; `whole_row` has get and history.

Each takes the entity's name in its message, so a service has them once. Rights are `<service>.<entity>.<action>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from chassis import audit, field_files, filters, labels, own_fields, search, stars
from chassis.audit import plain
from chassis.counting import count
from chassis.database import Kept, Owned, Searchable
from chassis.identity import new_id
from chassis.work import Work
from contracts.errors import ChangedMeanwhile, FieldProblem, Forbidden, InUse, Invalid, NotFound, Refused
from contracts.language import N_
from contracts.message import Attr, Message, Record
from contracts.query import (
    ArchiveOf,
    CreateOf,
    LabelsOf,
    ListOf,
    OptionsOf,
    RestoreOf,
    UpdateOf,
)


class NotEditable(Refused):
    """Raised with `state`."""

    pattern = N_("This can no longer be changed by hand.")


def find_class(work: Work, noun: str, action: str) -> type[Any]:
    """The mapped class; raises NotFound for an unknown noun, Forbidden without the right to this action."""
    cls = work.entities.get(noun.rpartition(".")[2])
    if cls is None or cls.retired:
        raise NotFound(entity=noun, id="")
    work.require(f"{cls.record.entity()}.{action}")
    return cls


def list_rows(work: Work, message: ListOf) -> dict[str, Any]:
    """One page of rows the actor may see, as `contracts.query.Page` describes it."""
    cls = find_class(work, message.entity, "read")
    columns = _columns(cls.record, message.fields)
    within = [stars.starred(work, cls)] if message.query.starred else []
    found = filters.table(work, cls, message.query, columns, *within)
    return {
        "rows": found.rows,
        "labels": labels.behind_values(work, found.rows, columns, by_entity(work)),
        "next": found.next,
        "count": found.count,
        "capped": found.capped,
        "totals": filters.totals(work, cls, message.query, *within) if message.query.totals else {},
    }


def _columns(record: type[Record], fields: tuple[str, ...]) -> dict[str, Attr]:
    """What a list tells of each row: these fields, or all but the lines."""
    columns = {name: a for name, a in record.attrs().items() if not a.lines}
    if unknown := [FieldProblem("fields", "unknown", value=name) for name in fields if name not in columns]:
        raise Invalid(*unknown)
    return {name: columns[name] for name in fields} or columns


def by_entity(work: Work) -> dict[str, type[Any]]:
    """Full entity name → mapped class."""
    return {cls.record.entity(): cls for cls in work.entities.values()}


def values(row: Any, columns: dict[str, Attr]) -> dict[str, Any]:
    """A row as plain values, only the fields its record describes."""
    found: dict[str, Any] = {}
    for name, a in columns.items():
        if a.lines:
            lines = sorted(getattr(row, name), key=lambda line: line.position)
            found[name] = [values(line, a.lines.attrs()) for line in lines]
        else:
            found[name] = plain(getattr(row, name, None))
    return found


def answer(work: Work, row: Any) -> dict[str, Any]:
    """One whole row with the names behind it and what the actor can do to it now."""
    record: type[Record] = row.record
    found = labels.behind(work, [row], record, by_entity(work))
    found.setdefault(str(row.id), labels.of(row))
    return {
        "row": values(row, record.attrs()),
        "labels": {id: label.as_json() for id, label in found.items()},
        "can": possible(work, row),
    }


def possible(work: Work, row: Any) -> dict[str, Any]:
    """What may be done to a row: permitted to this actor *and* possible in the row's state; a row may say with `offers(verb)`
    that a verb would mean nothing for it."""
    record: type[Record] = row.record
    name, service, noun = record.entity(), record.service(), record.noun()
    life = record.lifecycle
    editable = record.editable and (life is None or row.state in life.editable) and row.archived_at is None
    is_put_away = row.archived_at is not None
    verbs = life.possible(row.state, is_put_away) if life is not None else () if is_put_away else record.verbs
    offers = getattr(row, "offers", lambda verb: True)
    return {
        "read": work.may(f"{name}.read", row),
        "update": editable and work.may(f"{name}.update", row),
        "archive": row.archived_at is None and work.may(f"{name}.archive", row) and not in_use(work, row),
        "restore": is_put_away and _may_come_back(row) and work.may(f"{name}.archive", row),
        "verbs": [v for v in verbs if offers(v) and work.may(f"{service}.{v}_{noun}", row)],
    }


def create_row(work: Work, message: CreateOf) -> dict[str, Any]:
    """A new row from a form, a program or a file."""
    cls = find_class(work, message.entity, "create")
    if not cls.record.creatable:
        raise Forbidden(permission=f"{cls.record.entity()}.create")
    row = build(work, cls, cls.record.draft().read(message.values), id=message.id)
    work.session.flush()
    return answer(work, row)


def build(work: Work, cls: type[Any], draft: Message, id: UUID | None = None) -> Any:
    """A mapped row from a checked draft, with its references looked up. Nothing is flushed."""
    given = {name: getattr(draft, name) for name in type(draft).model_fields}
    check_references(work, cls.record, given)
    lines = {name: given.pop(name) for name, a in cls.record.attrs().items() if a.lines and name in given}
    owner, own = given.pop("owner_id", None), own_fields.take_out(given)
    row = cls(**given, id=id or new_id())
    field_files.give(work, row, own)
    if owner is not None and isinstance(row, Owned):
        work.give(row, owner)
    work.add(row)
    for name, items in lines.items():
        set_lines(row, name, items)
    return row


def update_row(work: Work, message: UpdateOf) -> dict[str, Any]:
    """Change fields by hand. Only the given ones; refused when somebody saved since `ver`."""
    cls = find_class(work, message.entity, "update")
    return answer(work, change_row(work, cls, message.id, message.ver, message.values))


def change_row(work: Work, cls: type[Any], id: UUID, ver: int | None, values: dict[str, Any]) -> Any:
    """The row with these values, checked as they come from a form."""
    row = open_by_hand(work, cls, id, ver)
    patch = cls.record.patch().read(values, cls.record.variety(row, values))
    given = {name: getattr(patch, name) for name in patch.model_fields_set}
    check_references(work, cls.record, given)
    apply(work, row, given)
    work.session.flush()
    return row


def open_by_hand(work: Work, cls: type[Any], id: UUID, ver: int | None = None) -> Any:
    """A row whose fields are to be changed by hand. Raises NotEditable where its life has left that behind."""
    row = open_row(work, cls, id, ver, "update")
    life = cls.record.lifecycle
    if (
        not cls.record.editable
        or row.archived_at is not None
        or (life is not None and row.state not in life.editable)
    ):
        raise NotEditable(state=getattr(row, "state", "archived"))
    return row


def put_back(work: Work, row: Any, logged: Mapping[str, Any]) -> None:
    """Set values as the log keeps them; what it says of fields that are there no longer is left alone."""
    set_back(work, row, by_name(row.record, logged))


def by_name(record: type[Record], logged: Mapping[str, Any]) -> dict[str, Any]:
    """What the log says of the fields there are, by their names."""
    own = own_fields.by_logged(record.entity())
    return {
        own[n].name if n in own else n: v for n, v in logged.items() if n in own or not own_fields.is_own(n)
    }


def set_back(work: Work, row: Any, values: Mapping[str, Any]) -> None:
    """Set values as they were kept, each in its field's own kind; an empty one would not pass as input."""
    patch = row.record.patch()
    apply(
        work,
        row,
        {
            name: value if value in (None, []) else getattr(patch.read({name: value}), name)
            for name, value in values.items()
        },
    )


def apply(work: Work, row: Any, given: dict[str, Any]) -> None:
    """Set checked values on a row; nothing is flushed."""
    given = dict(given)
    field_files.give(work, row, own_fields.take_out(given))
    with work.session.no_autoflush:  # the row's own check sees the whole change, never a half of it
        for name, value in given.items():
            if row.record.attrs()[name].lines:
                set_lines(row, name, value)
            elif name == "owner_id" and isinstance(row, Owned):
                if value != row.owner_id:
                    work.give(row, value)
            else:
                setattr(row, name, list(value) if isinstance(value, tuple) else value)


def open_row(work: Work, cls: type[Any], id: UUID, ver: int | None, action: str) -> Any:
    """A row to change, under the right `<entity>.<action>`, at the version the person saw."""
    work.permission = f"{cls.record.entity()}.{action}"
    row = work.get(cls, id)
    if ver is not None and row.ver != ver:
        raise ChangedMeanwhile(entity=cls.record.entity(), id=id, ver=row.ver)
    return row


def archive_row(work: Work, message: ArchiveOf) -> dict[str, Any]:
    """Put a row away: it leaves lists and choices, its history and whatever refers to it stay."""
    cls = find_class(work, message.entity, "archive")
    work.note = message.note
    return answer(work, put_row_away(work, cls, message.id, message.ver))


def put_row_away(work: Work, cls: type[Any], id: UUID, ver: int | None = None) -> Any:
    """The row, archived. Raises InUse where the row itself says that it must stay."""
    row = open_row(work, cls, id, ver, "archive")
    if in_use(work, row):
        raise InUse(entity=cls.record.entity(), id=row.id)
    row.archived_at = row.archived_at or work.now
    work.session.flush()
    return row


def in_use(work: Work, row: Any) -> bool:
    """Whether the row itself says that it must stay where it is."""
    blocker = getattr(row, "in_use", None)
    return blocker is not None and bool(blocker(work))


def restore_row(work: Work, message: RestoreOf) -> dict[str, Any]:
    """Bring an archived row back."""
    cls = find_class(work, message.entity, "archive")
    return answer(work, bring_row_back(work, cls, message.id, message.ver))


def bring_row_back(work: Work, cls: type[Any], id: UUID, ver: int | None = None) -> Any:
    """The row, no longer archived. Raises NotEditable where its life has ended."""
    row = open_row(work, cls, id, ver, "archive")
    if not _may_come_back(row):
        raise NotEditable(state=row.state)
    row.archived_at = None
    work.session.flush()
    return row


def _may_come_back(row: Any) -> bool:
    life = row.record.lifecycle
    return life is None or row.state not in life.final


def options_of(work: Work, message: OptionsOf) -> dict[str, Any]:
    """Choices for a reference: rows the actor may see, by fragment of what names them."""
    cls = find_class(work, message.entity, "read")
    statement = select(cls)
    if message.ids:
        statement = statement.where(cls.id.in_(message.ids))
    else:
        statement = statement.where(cls.archived_at.is_(None))
        for name, value in message.among.items():
            if name not in cls.record.attrs():
                raise Invalid(FieldProblem(f"among.{name}", "unknown"))
            statement = statement.where(getattr(cls, name) == value)
        if message.text and issubclass(cls, Searchable):
            found = search.matches(cls, message.text)
            statement = statement.where(found) if found is not None else statement
            if not count(work.session, cls, statement)[1]:
                statement = filters.picked(cls, statement)
    order = getattr(cls, "position", None)
    statement = statement.order_by(*([order] if order is not None else []), cls.created_at.desc(), cls.id)
    rows = work.session.scalars(statement.limit(max(1, min(message.limit, 500))))
    options = [{"id": str(row.id), **labels.of(row).as_json()} for row in rows]
    typed = search.folded(message.text or "")
    # Whoever typed a whole name means that one, not a longer one that begins with it.
    options.sort(key=lambda o: typed not in (search.folded(o["label"]), search.folded(o["label_en"] or "")))
    return {"options": options}


def labels_of(work: Work, message: LabelsOf) -> dict[str, Any]:
    """Names of ids of one entity, of our own or as their cards read here."""
    found = labels.named(work, {message.entity: set(message.ids)}, by_entity(work))
    return {"labels": {id: label.as_json() for id, label in found.items()}}


def set_lines(row: Any, name: str, items: tuple[Any, ...]) -> None:
    """Make a document's lines read as given: lines with a known id are changed, others added, missing ones dropped."""
    before = audit.lines_of(row, name)
    present = {line.id: line for line in getattr(row, name)}
    kept = []
    for position, item in enumerate(items, start=1):
        given = {field: getattr(item, field) for field in type(item).model_fields if field != "id"}
        line = present.get(item.id) if item.id else None
        if line is None:
            line = _line_class(row, name)(**given)
        else:
            for field, value in given.items():
                setattr(line, field, value)
        line.position = position
        kept.append(line)
    setattr(row, name, kept)
    _note_lines(row, name, before)


def add_line(row: Any, name: str, **values: Any) -> None:
    """Put one more line below a document's lines; those that stand there are not touched."""
    before = audit.lines_of(row, name)
    line = _line_class(row, name)(**values)
    line.position = max((item.position for item in getattr(row, name)), default=0) + 1
    getattr(row, name).append(line)
    _note_lines(row, name, before)


def _line_class(row: Any, name: str) -> type[Any]:
    found: type[Any] = type(row).__mapper__.relationships[name].mapper.class_
    return found


def _note_lines(row: Any, name: str, before: list[dict[str, Any]]) -> None:
    if isinstance(row, Kept) and row.ver is not None and before != audit.lines_of(row, name):
        row.__dict__.setdefault("_lines_before", {}).setdefault(name, before)
        flag_modified(row, "updated_at")  # the document is another version now


def check_references(work: Work, record: type[Record], given: dict[str, Any], at: str = "") -> None:
    """Every id must be a row the actor may see (or a card of it). Raises Invalid naming the field."""
    for name, a in record.attrs().items():
        value = given.get(name)
        if not value:
            continue
        if a.lines:
            for number, line in enumerate(value):
                fields = {field: getattr(line, field) for field in type(line).model_fields}
                check_references(work, a.lines, fields, f"{at}{name}.{number}.")
        elif a.ref:
            for id in value if a.many else (value,):
                _check_reference(work, by_entity(work), a, id, at + name)


def _check_reference(work: Work, own: dict[str, type[Any]], a: Attr, id: UUID, field: str) -> None:
    if a.ref in own:
        row: Any = work.session.scalars(select(own[a.ref]).where(own[a.ref].id == id)).first()
        if row is None:
            raise Invalid(FieldProblem(field, "not_an_id", value=id))
    else:
        row = work.known(a.ref, id, field)
    if any(str(getattr(row, key, None)) != str(wanted) for key, wanted in a.among.items()):
        raise Invalid(FieldProblem(field, "not_a_choice", value=labels_text(row)))


def labels_text(row: Any) -> str:
    """What a person calls the row, for a message to her."""
    return str(getattr(row, "label", None) or getattr(row, "name", None) or row.id)
