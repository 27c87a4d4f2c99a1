"""What holds for every piece of news a service hears: the same again changes nothing, and a later version is understood."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from chassis.database import ChassisBase
from chassis.identity import new_id
from chassis.inbox import Inbox, Incoming
from chassis.replicas import Replica
from chassis.wire import encode
from contracts.message import Envelope, Event
from tests.conformance import everything
from tests.factories import events as factory
from tests.factories.samples import Samples

HEARD = {
    f"{service}: {source}.{type_}": (service, event)
    for service, cls in everything.services().items()
    for (source, type_), event in cls.hears().items()
}


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
@pytest.mark.parametrize("name", sorted(HEARD))
def test_the_same_news_twice_changes_the_database_once(name: str, known: bool, samples):
    service, cls = HEARD[name]
    found: Samples = samples(service)
    event = factory.heard(found, cls, known=known)
    envelope = Envelope(
        id=new_id(), origin="HQ", source=cls.service(), type=cls.noun(), aggregate_id=event.aggregate_id,
        occurred_at=found.desk.now, recorded_at=found.desk.now, actor_id=found.somebody.id, actor_name="Alice",
        body=event.as_json() | {"from_the_future": 1},
    )  # fmt: skip
    inbox = Inbox(found.desk.house, (1.0,))
    inbox.take([encode(envelope.model_dump(mode="json"))])
    with found.desk.house.sessions() as session:
        rows = session.scalars(select(Incoming).where(Incoming.event_id == envelope.id)).all()
        assert {row.door: (row.state, row.error) for row in rows} == dict.fromkeys(
            doors_of(service, cls), ("done", None)
        )
        if cls in everything.services()[service].follows:
            assert session.get(Replica, event.record_id) is not None
    before = everything_kept(found)
    inbox.take([encode(envelope.model_dump(mode="json"))])
    assert everything_kept(found) == before


def doors_of(service: str, cls: type[Event]) -> list[str]:
    """The doors at which it is noted that this was heard: filing a card is not."""
    reactions = everything.services()[service].reactions()
    return [name for name, door in reactions.items() if door.message is cls]


def everything_kept(found: Samples) -> dict[str, Any]:
    """Every table of the service, as one word each."""
    metadata = found.service.entities[0].metadata if found.service.entities else None
    tables = [*ChassisBase.metadata.tables, *(metadata.tables if metadata is not None else ())]
    with found.desk.house.sessions() as session:
        return {
            table: session.execute(
                text(f"select count(*), md5(string_agg(t::text, ',' order by t::text)) from \"{table}\" t")
            ).one()
            for table in tables
        }
