"""Own fields of kind file: what stands in one is a file on the record, described so that lists and readers need not ask for it.

The file is an attachment like any other (`chassis.attachments`): found by what is written in it, in the record's panel, under the
record's rights. The field says which of them it is; in another one's place, or taken out, a file is off the record and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis import own_fields
from contracts.errors import FieldProblem, Invalid

if TYPE_CHECKING:
    from chassis.attachments import Attachment
    from chassis.work import Work

KIND = "file"


def give(work: Work, row: Any, values: dict[str, Any]) -> None:
    """Give a row values of own fields; new files among them are put on it, those they replace taken off. Raises Invalid."""
    named = {name for name in values if row.record.attrs()[name].kind == KIND}
    for name in named:
        before, value = getattr(row, name), values[name]
        after = _taken(work, row, name, value) if value is not None else None
        if before is not None and (after is None or after["id"] != before["id"]):
            _take_off(work, row, before)
        values = {**values, name: after}
    own_fields.put(row, values)


def take_along(work: Work, source: Any, target: Any) -> set[UUID]:
    """As `own_fields.take_along` for rows of our own, with copies of the files in such fields; gives which files those are."""
    from chassis import attachments

    there = own_fields.said(target)
    own_fields.take_along(work, target, *own_fields.noted(source))
    said = own_fields.said(source)
    held = {
        name: UUID(said[name]["id"])
        for name, a in own_fields.shared(source.record.entity(), target.record.entity()).items()
        if a.kind == KIND and name in said and name not in there
    }
    if held:
        work.session.flush()
        copies = attachments.copy_onto(work, source, target, attachments.Attachment.id.in_(held.values()))
        own_fields.put(target, {name: _told(copies[id]) for name, id in held.items() if id in copies})
    return set(held.values())


def _taken(work: Work, row: Any, name: str, value: Any) -> dict[str, Any]:
    """The file as the field keeps it: a new one, or one that is on the record or was."""
    from chassis import attachments  # its doors need the engine, which needs us

    if value.file_id is not None:
        if problems := [*attachments.wrong(work, name, value)]:
            raise Invalid(*problems)
        return _told(attachments.put_on(work, row, value))
    found = attachments.on(work, row, value.id) if value.id is not None else None
    if found is None:
        raise Invalid(FieldProblem(name, "not_an_id", value=value.id or value.name))
    found.removed_at = None
    return _told(found)


def _take_off(work: Work, row: Any, before: dict[str, Any]) -> None:
    from chassis import attachments

    found = attachments.on(work, row, UUID(before["id"]))
    if found is not None:
        found.removed_at = work.now


def _told(found: Attachment) -> dict[str, Any]:
    return {
        "id": str(found.id), "name": found.name, "media_type": found.media_type, "size": found.size,
    }  # fmt: skip


def renamed(row: Any, attachment_id: UUID, name: str) -> bool:
    """The file is called otherwise: so it is in the field that holds it, if one does; says whether."""
    held = _holding(row, attachment_id)
    own_fields.keep(row, {field: {**value, "name": name} for field, value in held.items()})
    return bool(held)


def removed(row: Any, attachment_id: UUID) -> bool:
    """The file was taken off the record: no field holds it any longer; says whether one did."""
    held = _holding(row, attachment_id)
    own_fields.keep(row, dict.fromkeys(held))
    return bool(held)


def _holding(row: Any, attachment_id: UUID) -> dict[str, dict[str, Any]]:
    """Those that were put away among them, under the names their values stand by."""
    return {
        field: value
        for field, value in (row.own or {}).items()
        if isinstance(value, dict) and value.get("id") == str(attachment_id)
    }
