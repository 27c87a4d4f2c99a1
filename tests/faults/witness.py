"""A listener that hears everything and remembers each time it was told: what is lost or doubled on the way shows here.

Its reactions are the opposite of careful: they would count a second telling. So what it counted is what the mechanisms
let through. It also keeps a running account of each contract, the kind of figure that a lost or doubled event spoils.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import registry
from chassis.database import ChassisBase, Money, Tables, connect, tables
from chassis.service import Service, reaction
from chassis.work import Work
from contracts.message import Event

POISON = "毒"
"""An event that says this cannot be heard before its cure is known."""


class Base(Tables, DeclarativeBase):
    metadata = tables()


class Heard(Base):
    """Each time we were told."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(index=True)
    aggregate_id: Mapped[UUID] = mapped_column()
    type: Mapped[str] = mapped_column(String(160))


class Account(Base):
    """What is owed for a contract, entry by entry."""

    contract_id: Mapped[UUID] = mapped_column(primary_key=True)
    owed: Mapped[Decimal] = mapped_column(Money)


class Cure(Base):
    """A poisoned thing that can be heard of by now."""

    aggregate_id: Mapped[UUID] = mapped_column(primary_key=True)


class Poisoned(Exception):
    """We are not able to hear this yet."""


def hear(work: Work, event: Event) -> None:
    """Remember, and keep the account."""
    cause = work.cause
    assert cause is not None
    if POISON in str(cause.body) and work.find(Cure, aggregate_id=cause.aggregate_id) is None:
        raise Poisoned(f"{cause.type} of {cause.aggregate_id}")
    work.add(
        Heard(
            event_id=cause.id, aggregate_id=cause.aggregate_id, type=f"{cause.source}.{cause.type}"
        )
    )  # fmt: skip
    sign = {"contract_signed": 1, "payment_recorded": -1}.get(cause.type)
    if sign is not None:
        id, amount = UUID(cause.body["contract_id"]), Decimal(str(cause.body["amount"]))
        account = work.session.get(Account, id) or work.add(Account(contract_id=id, owed=Decimal(0)))
        account.owed += sign * amount


def _hearer(event: type[Event]) -> Callable[..., None]:
    def hear_it(work: Work, event: Any) -> None:
        hear(work, event)

    hear_it.__annotations__ = {"work": Work, "event": event, "return": None}
    return hear_it


DOORS: dict[str, Any] = {
    f"hear_{name.replace('.', '_')}": reaction(_hearer(event)) for name, event in registry.events().items()
}
Witness = type("Witness", (Service,), {"name": "witness", "__doc__": __doc__, **DOORS})


def prepare(url: str) -> None:
    """Its database, with its tables."""
    from chassis import migrate

    migrate.create_database(url)
    engine = connect(url)
    ChassisBase.metadata.create_all(engine)
    Base.metadata.create_all(engine)
    engine.dispose()


def main() -> None:
    """Serve, as `python -m chassis run` does."""
    from chassis import hosting, logs
    from chassis.settings import service_settings

    logs.set_up("witness", "info")
    settings = service_settings()
    prepare(settings.database("witness"))
    hosting.run(Witness, settings)
