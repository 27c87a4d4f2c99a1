"""The toy service that listens."""

import os
import signal
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import Tables, tables
from chassis.service import Service, reaction
from chassis.work import Work
from tests.chassis.toys.workshop import OrderClosed, OrderListed, PartMade


class Base(Tables, DeclarativeBase):
    metadata = tables()


class Entry(Base):
    """What was heard, in the order it was heard."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[UUID] = mapped_column()
    name: Mapped[str] = mapped_column()


class Cure(Base):
    """A part that can be written down by now although it could not be at first."""

    name: Mapped[str] = mapped_column(primary_key=True)


class Late(Base):
    """Refers to something that is only looked for at the commit."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    cure: Mapped[str] = mapped_column(ForeignKey("cure.name", deferrable=True, initially="DEFERRED"))


def write_down(work: Work, event: PartMade) -> None:
    """One entry for each part; a poisoned one cannot be written down before its cure is known."""
    work.add(Entry(order_id=event.order_id, name=event.name))
    if event.name.startswith("poison") and work.find(Cure, name=event.name) is None:
        raise ValueError(f"cannot write down {event.name}")
    if event.name.startswith("late"):
        work.add(Late(cure=event.name))
    if event.name.startswith("slow"):
        from eventlet import patcher  # here, because whoever reads the declaration runs without it

        patcher.original("time").sleep(
            int(event.name.removeprefix("slow"))
        )  # nothing else of the process runs
    if event.name.startswith("deadly") and work.find(Cure, name=event.name) is None:
        os.kill(os.getpid(), signal.SIGKILL)


def close(work: Work, event: OrderClosed) -> None:
    work.add(Entry(order_id=event.order_id, name="closed"))


class Ledger(Service):
    """Writes down what the workshop makes."""

    name = "ledger"
    follows = (OrderListed,)

    on_part_made = reaction(write_down)
    on_order_closed = reaction(close)
