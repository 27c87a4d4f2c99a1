"""Deleting a field that the company added, and what hangs on it (users 6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chassis import definitions, entities, forms, own_fields, own_values
from chassis.work import Work
from contracts.deleted_fields import FieldUse, FieldUseOf, Gone, Mention
from contracts.errors import FieldProblem, Invalid
from contracts.organization import DeleteOwnField, OwnFieldDeleted
from contracts.own_fields import PREFIX
from services.organization import model


def delete_own_field(work: Work, message: DeleteOwnField) -> model.OwnField:
    """It is there no longer, and its code is free. Its values go wherever records of its kind are kept."""
    field = work.get(model.OwnField, message.id, message.ver)
    if message.confirm.strip() != field.code:
        raise Invalid(FieldProblem("confirm", "not_repeated", value=field.code))
    field.move("delete", work.now)
    for choice in work.find_all(model.OwnChoice, field_id=field.id, archived_at=None):
        choice.archived_at = work.now
    name = PREFIX + field.code
    for form in _forms(work, field.entity_name, name):
        entities.set_lines(form, "items", tuple(_read(item) for item in form.items if item.field != name))
        work.following.add(form)
    work.session.flush()
    event = OwnFieldDeleted(
        field_id=field.id,
        entity_name=field.entity_name,
        code=field.code,
        kind=field.kind,
        kept_as=field.logged,
    )
    work.emit(event)
    own_values.mend(work, Gone(field.id, field.entity_name, name))
    own_values.drop(work, event)
    for changed in (own_fields.ENTITY, forms.ENTITY):
        definitions.forget(changed)
    return field


def _forms(work: Work, entity: str, name: str) -> list[model.Form]:
    wanted = select(model.Form).where(model.Form.entity_name == entity)
    return [form for form in work.session.scalars(wanted) if any(item.field == name for item in form.items)]


def _read(item: model.FormItem) -> Any:
    line = item.record.line()
    return line.read({name: getattr(item, name) for name in line.model_fields})


def field_use(work: Work, message: FieldUseOf) -> FieldUse:
    """As everywhere, and the forms on which it stands."""
    found = own_values.field_use(work, message)
    field = work.read(model.OwnField, message.field_id)
    forms = _forms(work, field.entity_name, PREFIX + field.code)
    standing = (
        Mention(entity=form.record.entity(), id=form.id) for form in forms if form.archived_at is None
    )
    return FieldUse(values=found.values, mentions=(*found.mentions, *standing))
