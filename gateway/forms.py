"""A form as the page shows it: fields with their values, names behind ids, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.errors import AlreadyExists, FieldProblem, Invalid, Problem
from contracts.message import Attr
from gateway import wording
from gateway.fields import Field, Typed, line_attrs

ROW_TEMPLATE = "__n__"
"""Stands for the row's number in the empty row that «Add row» copies."""


@dataclass
class Form:
    """Fields by name, and the sentence over them."""

    fields: dict[str, Field]
    sentence: str = ""
    loose: list[str] = field(default_factory=list)
    """Problems of fields that are not in this form."""

    @property
    def has_files(self) -> bool:
        """Whether it sends files, which needs another kind of form."""
        return any(one.attr.kind == "file" for one in self.fields.values())

    @property
    def errors(self) -> list[Field]:
        """Every wrong field, in the order of the form; lines included."""
        return [wrong for one in self.fields.values() for wrong in one.all_errors]


def build_form(
    entity: str,
    attrs: Mapping[str, Attr],
    values: Mapping[str, Any],
    labels: Mapping[str, Any],
    problem: Problem | None = None,
    more: str = "",
) -> Form:
    """The fields of a form. `more` names the lines that get another empty row."""
    form = Form(
        {name: _field(entity, attr, name, values.get(name), labels, more) for name, attr in attrs.items()}
    )
    for one in form.fields.values():
        if one.attr.kind == "question" and (only := one.attr.among.get("list_of")):
            one.list_of, one.lists = only, (only,)
        elif one.attr.kind == "question" and "list_of" in attrs:
            one.list_of, one.lists = str(values.get("list_of") or ""), tuple(attrs["list_of"].choices or ())
    if problem is not None:
        form.sentence = wording.sentence(problem)
        for wrong in _field_problems(problem):
            _place(form, wrong)
    _focus(form)
    return form


def _field(
    entity: str, attr: Attr, name: str, value: Any, labels: Mapping[str, Any], more: str = ""
) -> Field:
    made = Field(attr, name, "" if value is None else value, entity=entity, labels=labels)
    if attr.lines is not None:
        rows = list(value or []) + ([{}] if more == name or not value else [])
        made.rows = [_row(entity, attr, f"{name}.{n}", row, labels) for n, row in enumerate(rows)]
        made.blank = _row(entity, attr, f"{name}.{ROW_TEMPLATE}", {}, labels)
    elif isinstance(value, Typed):
        made.value, made.text = "", str(value)
    elif attr.ref and not attr.many and value:
        made.text = wording.name_of(labels.get(str(value)), value)
    return made


def _row(
    entity: str, attr: Attr, prefix: str, row: Mapping[str, Any], labels: Mapping[str, Any]
) -> list[Field]:
    inner = {
        name: _field(entity, a, f"{prefix}.{name}", row.get(name, None if row else a.default), labels)
        for name, a in line_attrs(attr).items()
    }
    id_field = Field(Attr("id", "", "text"), f"{prefix}.id", row.get("id") or "")
    return [id_field, *inner.values()]


def _field_problems(problem: Problem) -> list[FieldProblem]:
    if isinstance(problem, Invalid):
        return problem.fields
    if isinstance(problem, AlreadyExists):
        return [FieldProblem(problem.params.get("field", ""), "taken")]
    return []


def _place(form: Form, wrong: FieldProblem) -> None:
    """To the field it means: `lines.2.amount` into the third row; what fits nowhere stands on top."""
    sentence = wording.field_sentence(wrong)
    first, _, rest = wrong.field.partition(".")
    found = form.fields.get(first)
    number, _, inner = rest.partition(".")
    if found is not None and number.isdigit() and int(number) < len(found.rows):
        name = f"{first}.{number}.{inner}"
        found = next((one for one in found.rows[int(number)] if one.name == name), found)
    if found is None:
        form.loose.append(f"{wrong.field}: {sentence}" if wrong.field else sentence)
    else:
        found.errors.append(sentence)


def _focus(form: Form) -> None:
    errors = form.errors
    wanted = errors[0] if errors else next(iter(form.fields.values()), None)
    if wanted is not None:
        wanted.is_focused = True
