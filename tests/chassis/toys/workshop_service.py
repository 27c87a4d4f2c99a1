"""The toy service that speaks."""

import time
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import Tables, tables
from chassis.house import House
from chassis.identity import new_id
from chassis.service import Service, command, every, query
from chassis.work import Work
from contracts.errors import Refused
from contracts.message import Message
from tests.chassis.toys.workshop import Echo, MakePart, OrderClosed, OrderListed, OrderShipped, PartMade


class Base(Tables, DeclarativeBase):
    metadata = tables()


class Part(Base):
    """What was made."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    order_id: Mapped[UUID] = mapped_column()
    name: Mapped[str] = mapped_column()


class Tick(Base):
    """The job ran."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    second: Mapped[int] = mapped_column()


class OutOfSteel(Refused):
    """Raised with `name`."""


def echo(work: Work, message: Echo) -> dict[str, Any]:
    """What was said; slow in Python, in the database, or not at all."""
    if message.seconds:
        time.sleep(message.seconds)
    if message.query_seconds:
        work.session.execute(text("select pg_sleep(:s)"), {"s": message.query_seconds})
    return {"text": message.text}


def make_part(work: Work, message: MakePart) -> list[str]:
    """Parts, each announced in the order it was made."""
    time.sleep(message.seconds)
    for name in message.names:
        if name == "refused":
            raise OutOfSteel(name=name)
        work.add(Part(order_id=message.order_id, name=name))
        if name == "shipped":
            work.emit(OrderShipped(order_id=message.order_id))
        elif name.startswith("card"):
            ver = int(name.removeprefix("card"))
            work.emit(OrderListed(record_id=message.order_id, epoch=1, ver=ver, label=name))
        elif name == "closed":
            work.emit(OrderClosed(order_id=message.order_id))
        else:
            work.emit(PartMade(order_id=message.order_id, name=name))
    if message.blow_up:
        raise RuntimeError("a mistake of ours")
    return list(message.names)


def count_parts(work: Work, message: Message) -> int:
    return work.session.query(Part).count()


def tick(work: Work) -> None:
    work.add(Tick(second=int(work.now.timestamp())))


class Mark(Base):
    """What the furnace says of itself."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    said: Mapped[str] = mapped_column()


class Furnace:
    """Something that burns beside the doors for as long as the process runs."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.burnt = 0

    def run_due(self) -> float:
        """Fails at first: it is asked again all the same."""
        self.burnt += 1
        if self.burnt == 1:
            raise RuntimeError("cold")
        if self.burnt == 2:
            self._say("hot")
        return 0.1

    def close(self) -> None:
        self._say("out")

    def _say(self, said: str) -> None:
        with self.house.sessions.begin() as session:
            session.add(Mark(said=said))


class Workshop(Service):
    """Makes parts."""

    name = "workshop"
    drives = (Furnace,)

    echo = query(echo, permission=None)
    make_part = command(make_part)
    count_parts = query(count_parts)

    tick = every(1, tick)
