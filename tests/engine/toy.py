"""A toy service: one entity with every kind of field, and nothing else declared."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from chassis.database import Kept, LineRow, Money, Owned, Searchable, Tables, tables
from chassis.lifecycle import Lives
from chassis.service import Service, command
from chassis.work import Work
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Line, Listed, OwnedRecord, Record, attr


class Part(Line):
    """A line of a toy."""

    title: ClassVar = ("text",)
    text: str = attr("Text")
    price: Decimal = attr("Price", kind="amount", minimum=0)


class Maker(Record):
    """What a toy refers to."""

    label: ClassVar = "Maker"
    name: str = attr("Name", search=True, in_list=True)
    name_en: str | None = attr("English name", None)
    code: str | None = attr("Code", None, max_length=20)


class Toy(OwnedRecord):
    """Has every kind of field there is."""

    label: ClassVar = "Toy"
    plural: ClassVar = "Toys"
    lifecycle: ClassVar = Lifecycle(
        start="new", play="new, used -> used", scrap="new, used -> scrapped", copy="new ->"
    )
    at_once: ClassVar = {"play": "", "copy": "scrap_toy"}
    number: str | None = attr("Number", None, readonly=True, in_list=True, search=True)
    name: str = attr("Name", in_list=True, filter=True, search=True)
    state: str | None = attr("State", None, readonly=True, filter=True)
    story: str | None = attr("Story", None, kind="long_text")
    pieces: int | None = attr("Pieces", None, minimum=1, filter=True)
    weight: Decimal | None = attr("Weight", None)
    rate: Decimal | None = attr("Rate", None, kind="percent", minimum=0, maximum=100)
    price: Decimal | None = attr("Price", None, kind="amount", minimum=0, in_list=True, filter=True)
    made_on: date | None = attr("Made on", None, filter=True)
    shown_at: datetime | None = attr("Shown at", None)
    safe: bool | None = attr("Safe", None, filter=True)
    colour: Literal["red", "blue"] = attr("Colour", "red", filter=True)
    tags: tuple[Literal["wood", "metal", "cloth"], ...] = attr("Tags", (), filter=True)
    maker_id: UUID | None = attr("Maker", None, ref="toy.maker", in_list=True, filter=True)
    sellers: tuple[UUID, ...] = attr("Sellers", (), ref="toy.maker")
    mail: str | None = attr("Mail", None, kind="email", search=True)
    phone: str | None = attr("Phone", None, kind="phone", search=True)
    site: str | None = attr("Site", None, kind="url")
    parts: tuple[Part, ...] = attr("Parts", ())


class ToyListed(Listed):
    """A toy is in the books under this name."""

    entity: ClassVar = "toy.toy"
    carries: ClassVar = ("price",)


for record in (Part, Maker, Toy, ToyListed):
    record.__module__ = "contracts.toy"


class Base(Tables, DeclarativeBase):
    """The toy's tables."""

    metadata = tables()


class MakerRow(Searchable, Kept, Base):
    __tablename__ = "maker"
    record = Maker
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(20), unique=True)


class PartRow(LineRow, Base):
    __tablename__ = "part"
    record = Part
    toy_id: Mapped[UUID] = mapped_column(ForeignKey("toy.id"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    price: Mapped[Decimal] = mapped_column(Money)


class ToyRow(Searchable, Owned, Lives, Kept, Base):
    __tablename__ = "toy"
    record = Toy
    listed = ToyListed
    numbered = "WJ-{branch}-{year}-{seq:05}"
    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    story: Mapped[str | None] = mapped_column(Text)
    pieces: Mapped[int | None] = mapped_column()
    weight: Mapped[Decimal | None] = mapped_column()
    rate: Mapped[Decimal | None] = mapped_column()
    price: Mapped[Decimal | None] = mapped_column(Money)
    made_on: Mapped[date | None] = mapped_column()
    shown_at: Mapped[datetime | None] = mapped_column()
    safe: Mapped[bool | None] = mapped_column()
    colour: Mapped[str] = mapped_column(String(40), default="red")
    tags: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    maker_id: Mapped[UUID | None] = mapped_column()
    sellers: Mapped[list[UUID]] = mapped_column(ARRAY(__import__("sqlalchemy").UUID), default=list)
    mail: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(60))
    site: Mapped[str | None] = mapped_column(String(500))
    parts: Mapped[list[PartRow]] = relationship(cascade="all, delete-orphan", order_by=PartRow.position)


def play_toy(work: Work, message: Act) -> Toy:
    """Somebody plays with it."""
    toy = work.get(ToyRow, message.id, message.ver)
    toy.move("play", work.now)
    work.session.flush()
    return Toy.of(toy)


def scrap_toy(work: Work, message: Act) -> Toy:
    """Nobody wants it any more."""
    toy = work.get(ToyRow, message.id, message.ver)
    toy.move("scrap", work.now)
    work.session.flush()
    return Toy.of(toy)


def copy_toy(work: Work, message: Act) -> ToyRow:
    """Another one like it; gives the new one."""
    toy = work.get(ToyRow, message.id, message.ver)
    toy.move("copy", work.now)
    made: ToyRow = work.add(ToyRow(name=toy.name, story="copy"))
    work.session.flush()
    return made


class ToyService(Service):
    """Toys and their makers."""

    name = "toy"
    entities = (ToyRow, MakerRow)
    play_toy = command(play_toy)
    scrap_toy = command(scrap_toy)
    copy_toy = command(copy_toy)
