"""A field of the company's own on any kind of record: defined, filled in, put away, deleted, and another one of its code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.identity import new_id
from chassis.own_values import Dropper
from contracts.organization import OwnFieldDeleted, OwnFieldListed
from tests.conformance import everything
from tests.desk import Desk
from tests.factories.samples import Samples


def kinds_of_record(service: str) -> list[str]:
    """Those of a service that people enter."""
    found = everything.entities().items()
    return [name for name, (_, cls) in found if name.startswith(f"{service}.") and cls.record.creatable]


def define(desk: Desk, entity: str, code: str, kind: str = "text", id: UUID | None = None) -> None:
    """Let the service hear of a field."""
    data = {
        "entity_name": entity, "name": code, "name_en": None, "kind": kind, "code": code, "refers_to": None, "help": None,
        "is_required": False, "is_in_list": True, "is_searched": False, "position": 1,
    }  # fmt: skip
    desk.hear(OwnFieldListed(record_id=id or new_id(), epoch=1, ver=1, label=code, data=data))


def leaves_no_trace(samples: Samples, entity: str) -> None:
    """What was said in the field is in no row any more, and the next one of its code has never heard of it."""
    office, somebody, first, second = samples.desk, samples.somebody, new_id(), new_id()
    cls = everything.entities()[entity][1]

    def card(id: Any, kind: str, ver: int = 1, archived: bool = False, kept_as: str | None = None) -> None:
        data = {
            "entity_name": entity, "name": "处", "name_en": "Spot", "kind": kind, "refers_to": None, "code": "spot", "help": None,
            "is_required": False, "is_in_list": True, "is_searched": kind == "text", "position": 1, "kept_as": kept_as,
        }  # fmt: skip
        office.hear(OwnFieldListed(record_id=id, epoch=1, ver=ver, label="处", archived=archived, data=data))

    def spot(where: dict[str, Any]) -> list[Any]:
        asked = {"entity": entity, "query": {"where": where, "archived": True}}
        return [row["own_spot"] for row in office.ask(somebody, "list", asked)["rows"]]

    card(first, "text")
    made = samples.row(entity, own_spot="世外桃源")
    assert spot({"own_spot": "世外桃源"}) == ["世外桃源"]
    card(first, "text", ver=2, archived=True)
    told = {"entity_name": entity, "code": "spot", "kind": "text", "kept_as": "own_spot"}
    office.hear(OwnFieldDeleted(field_id=first, **told))
    card(second, "date", kept_as="own_spot.2")
    for _ in ("before its values are taken out", "after"):
        assert set(spot({"id": made["id"]})) == {None}
        assert spot({"own_spot__empty": "no"}) == []
        office.later(seconds=10)
        Dropper(office.house).run_all()
    [row] = office.rows(cls, id=made["id"])
    assert row.own == {}
    assert "世外" not in (getattr(row, "search_text", None) or "")
