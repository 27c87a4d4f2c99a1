"""Kinds of record that the company defines itself (users 6)."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.message import Listed, Question, Record, attr

Icon = Literal[
    "box", "package", "device-desktop", "printer", "microscope", "tool", "engine", "bolt", "truck", "car", "plane",
    "building", "building-factory", "home", "map-pin", "calendar-event", "presentation", "school", "certificate",
    "award", "file-text", "clipboard-list", "checklist", "key", "shield", "swords", "users", "heart", "coffee", "star",
]  # fmt: skip
"""Pictures to choose from, by their names in the set that all pages use."""


class OwnObject(Record):
    """A kind of record that the company defines: its records are listed, filtered, imported, printed and shared like any other.

    Put away, it is shown nowhere, and its fields, rights and saved views go with it; brought back, they come back.
    """

    label = N_("Own object")
    plural = N_("Own objects")
    icon = "cube-plus"
    sort = "position"

    name: str = attr(
        N_("Name"), max_length=60, in_list=True, search=True, help=N_("What one of them is called.")
    )
    name_en: str | None = attr(N_("English name"), None, max_length=60, in_list=True, search=True)
    plural_en: str | None = attr(
        N_("English name of several"),
        None,
        max_length=60,
        help=N_("As it stands in the English menu: “Exhibitions”."),
    )
    icon_name: Icon = attr(N_("Icon"), "box", kind="icon", in_list=True)
    has_customer: bool = attr(
        N_("Belongs to customers"),
        False,
        in_list=True,
        filter=True,
        help=N_("Each may name a customer, and stands on that customer's page."),
    )
    number_prefix: str | None = attr(
        N_("Number begins with"),
        None,
        max_length=6,
        in_list=True,
        help=N_(
            "Two to six capitals, such as EQ: new records are numbered EQ-HQ-2026-00001. Empty: no numbers."
        ),
    )
    code: str | None = attr(
        N_("Code"),
        None,
        max_length=40,
        in_list=True,
        help=N_(
            "By which addresses, programs and rights know it. Leave it empty to have one made of the name."
        ),
    )
    position: int = attr(N_("Position"), 0, help=N_("Where it stands among the own objects in the menu."))


class OwnObjectListed(Listed):
    entity = "organization.own_object"
    carries: ClassVar[tuple[str, ...]] = (
        "name", "name_en", "plural_en", "icon_name", "has_customer", "number_prefix", "code", "position",
    )  # fmt: skip


class OwnObjectUseOf(Question):
    """What hangs on an own object here, and goes with it when it is put away: fields, roles with rights to it, saved views."""

    id: UUID
