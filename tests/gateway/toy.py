"""A toy service whose records have every kind of field; its messages, as a file in `contracts/` would declare them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Command, Line, OwnedRecord, Record, attr


class Maker(Record):
    """Who makes gadgets."""

    label: ClassVar[str] = N_("Maker")
    plural: ClassVar[str] = N_("Makers")
    icon: ClassVar[str] = "building-factory"

    name: str = attr(N_("Name"), in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None)


class Part(Line):
    """A part of a gadget."""

    name: str = attr(N_("Part"))
    maker_id: UUID | None = attr(N_("Maker"), None, ref="toy.maker")
    quantity: int = attr(N_("Quantity"), 1, minimum=1)
    price: Decimal | None = attr(N_("Price"), None, kind="amount")


class Gadget(OwnedRecord):
    """A thing with every kind of field."""

    label: ClassVar[str] = N_("Gadget")
    plural: ClassVar[str] = N_("Gadgets")
    icon: ClassVar[str] = "device-gamepad"
    lifecycle: ClassVar[Lifecycle | None] = Lifecycle(
        start="draft", sign="draft -> signed", close="signed -> closed", reopen="closed -> draft"
    )
    at_once: ClassVar = {"sign": "", "close": "reopen_gadget"}

    number: str | None = attr(N_("Number"), None, readonly=True, in_list=True, search=True)
    name: str = attr(N_("Name"), in_list=True, search=True, synonyms=("品名", "title"))
    state: str = attr(N_("State"), "draft", readonly=True, in_list=True, filter=True)
    amount: Decimal = attr(N_("Amount"), kind="amount", in_list=True, filter=True, minimum=0)
    currency: str = attr(N_("Currency"), "CNY", max_length=3)
    due_on: date | None = attr(N_("Due on"), None, in_list=True, filter=True)
    seen_at: datetime | None = attr(N_("Seen at"), None, filter=True)
    size: Literal["small", "large"] | None = attr(N_("Size"), None, filter=True, in_list=True)
    colours: tuple[Literal["red", "green"], ...] = attr(N_("Colours"), ())
    maker_id: UUID | None = attr(N_("Maker"), None, ref="toy.maker", filter=True, in_list=True)
    friends: tuple[UUID, ...] = attr(N_("Friends"), (), ref="toy.maker")
    weight: Decimal | None = attr(N_("Weight"), None, filter=True)
    chance: Decimal | None = attr(N_("Chance"), None, kind="percent")
    pieces: int | None = attr(N_("Pieces"), None)
    is_fragile: bool = attr(N_("Fragile"), False, filter=True)
    email: str | None = attr(N_("E-mail"), None, kind="email")
    phone: str | None = attr(N_("Phone"), None, kind="phone", search=True, in_list=True)
    site: str | None = attr(N_("Web site"), None, kind="url")
    notes: str | None = attr(N_("Notes"), None, kind="long_text", help=N_("Whatever helps the next person."))
    parts: tuple[Part, ...] = attr(N_("Parts"), ())


class SignGadget(Act):
    """Both sides agree."""

    signed_on: date = attr(N_("Signed on"))
    amount: Decimal | None = attr(N_("Amount"), None, kind="amount")


class CountGadgets(Command):
    """A command that belongs to no single document."""

    makes: ClassVar[type[Record] | None] = Gadget

    maker_id: UUID = attr(N_("Maker"), ref="toy.maker")
