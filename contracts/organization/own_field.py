"""Fields that the company adds to its records, and the values some of them choose from (users 6)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Event, Listed, Record, attr
from contracts.own_fields import Kind


class OwnField(Record):
    """A field that the company adds to one kind of record. Put away, it is shown nowhere; brought back, its values are too.

    What values mean hangs on record, kind and code, so these stay as they are. One that was put away can be deleted: with
    it go its values everywhere, and its code is free for another.
    """

    label = N_("Own field")
    plural = N_("Own fields")
    icon = "forms"
    sort = "entity_name"
    lifecycle = Lifecycle(
        start="defined", edit=("defined",), put_away=("delete",), delete="defined -> deleted"
    )

    entity_name: str = attr(N_("Kind of record"), kind="entity", max_length=60, in_list=True)
    """The kind of record, such as `customer.customer`."""
    name: str = attr(N_("Name"), max_length=60, in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, max_length=60, in_list=True, search=True)
    kind: Kind = attr(N_("Kind"), "text", in_list=True, filter=True)
    refers_to: str | None = attr(
        N_("Refers to"),
        None,
        kind="referable",
        max_length=60,
        help=N_("Only for a reference: to what kind of record."),
    )
    code: str | None = attr(
        N_("Code"), None, max_length=40, in_list=True,
        help=N_("By which programs and files know the field. Leave it empty to have one made of the name."),
    )  # fmt: skip
    help: str | None = attr(N_("Hint"), None, max_length=300, help=N_("Stands under the field in forms."))
    help_en: str | None = attr(N_("Hint in English"), None, max_length=300)
    is_required: bool = attr(N_("Must be filled in"), False, in_list=True)
    is_in_list: bool = attr(N_("Shown in lists"), False, in_list=True)
    is_searched: bool = attr(
        N_("Found by search"), False, help=N_("Records saved from now on are found by what stands in it.")
    )
    position: int = attr(N_("Position"), 0)
    kept_as: str | None = attr(N_("Kept as"), None, readonly=True, max_length=60)
    """Under which name its values stand, where a field that was deleted had the same code before."""
    state: str = attr(N_("State"), "defined", readonly=True, filter=True)


class OwnChoice(Record):
    """One of the values that an own field of the kinds «choice» and «several choices» may have."""

    label = N_("Choice of an own field")
    plural = N_("Choices of own fields")
    icon = "list-check"
    sort = "position"

    field_id: UUID = attr(N_("Own field"), ref="organization.own_field", in_list=True, filter=True)
    name: str = attr(N_("Name"), max_length=60, in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, max_length=60, in_list=True, search=True)
    position: int = attr(N_("Position"), 0, in_list=True)


class OwnFieldListed(Listed):
    entity = "organization.own_field"
    carries: ClassVar[tuple[str, ...]] = (
        "entity_name", "name", "name_en", "kind", "refers_to", "code", "help", "help_en", "is_required", "is_in_list",
        "is_searched", "position", "kept_as",
    )  # fmt: skip


class OwnChoiceListed(Listed):
    entity = "organization.own_choice"
    carries: ClassVar[tuple[str, ...]] = ("field_id", "position")


class DeleteOwnField(Act):
    """Its values go from all records, and nothing brings them back: whoever wants that types the code of the field."""

    confirm: str = attr(
        N_("Code of the field"), max_length=60, help=N_("Type it, so that nobody deletes the wrong one.")
    )


class OwnFieldDeleted(Event):
    """A field is there no longer: whoever keeps records of its kind takes its values out of them."""

    field_id: UUID
    entity_name: str
    code: str
    kind: str
    kept_as: str
    """Under which name its values stand."""
