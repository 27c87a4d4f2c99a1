"""How a form looks and what it asks for: of one kind of record, for everybody or for one department (users 6)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from contracts.language import N_
from contracts.message import Line, Listed, Question, Record, attr


class FormItem(Line):
    """What comes next on a form: a field, or the title of a section that begins here."""

    label = N_("Part of a form")
    plural = N_("Parts of a form")
    title = ("field",)

    field: str | None = attr(N_("Field"), None, max_length=60)
    """Its name, such as `phone` or `own_origin`; None where a section begins."""
    section: str | None = attr(N_("Section"), None, max_length=60)
    section_en: str | None = attr(N_("Section in English"), None, max_length=60)
    is_left_out: bool = attr(N_("Left out"), False)
    is_required: bool = attr(N_("Must be filled in"), False)
    hint: str | None = attr(N_("Hint"), None, max_length=300)
    hint_en: str | None = attr(N_("Hint in English"), None, max_length=300)
    only_for: tuple[str, ...] = attr(N_("Only for"), (), max_length=40)
    """Where such records differ by nature or kind: those that have the field; empty: all."""


class Form(Record):
    """How the form of one kind of record is arranged. Put away, the next wider one counts again, in the end the built-in one.

    A field that it does not name stands with those with which it is built in, else last; what it leaves out keeps its values.
    That of the nearest department counts.
    """

    label = N_("Form")
    plural = N_("Forms")
    icon = "layout-list"
    title = ("entity_name",)
    sort = "entity_name"

    entity_name: str = attr(N_("Kind of record"), kind="entity", max_length=60, in_list=True, filter=True)
    department_id: UUID | None = attr(
        N_("Department"), None, ref="organization.department", in_list=True, filter=True,
        help=N_("For it and all below it, unless one of those has a form of its own. Empty: for everybody."),
    )  # fmt: skip
    items: tuple[FormItem, ...] = attr(N_("Fields"), ())


class FormListed(Listed):
    entity = "organization.form"
    carries: ClassVar[tuple[str, ...]] = ("entity_name", "department_id", "items")


class FormsOf(Question):
    """All forms that count now, whole: what the gateway asks for itself."""
