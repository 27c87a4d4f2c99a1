"""What the workshop is told and what it announces."""

from typing import ClassVar
from uuid import UUID

from contracts.message import Command, Event, Listed, Message


class Echo(Message):
    """Say it back, after a while."""

    text: str = ""
    seconds: float = 0
    query_seconds: float = 0


class MakePart(Command):
    """Make one part, or as many as told, all for one order."""

    order_id: UUID
    names: tuple[str, ...]
    seconds: float = 0
    blow_up: bool = False


class PartMade(Event):
    order_id: UUID
    name: str


class OrderListed(Listed):
    """The card of an order."""

    entity: ClassVar[str] = "workshop.order"


class OrderShipped(Event):
    """Nobody listens to this one."""

    order_id: UUID


class OrderClosed(Event):
    order_id: UUID
