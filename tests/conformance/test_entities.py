"""What holds for every entity: its record and its table agree, and the doors that all entities have work for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql

from chassis import audit
from chassis.database import Kept, LineRow, Owned, Searchable
from chassis.derived import is_derived
from chassis.identity import new_id
from chassis.transfer import importable
from chassis.work import Work
from contracts import addresses, asking, cards
from contracts.actor import Actor
from contracts.addresses import Condition
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.message import Attr, OwnedRecord, Record
from contracts.own_fields import NEAR, REFERABLE
from gateway.entity_pages import filters
from gateway.related import askable
from tests.conformance import everything
from tests.factories.samples import Samples

ENTITIES = everything.entities()
BY_HAND = {name: found for name, found in ENTITIES.items() if found[1].record.creatable}
COLUMN = {
    "text": sa.String, "long_text": sa.Text, "integer": sa.Integer, "number": sa.Numeric, "percent": sa.Numeric,
    "amount": sa.Numeric, "date": sa.Date, "datetime": sa.DateTime, "flag": sa.Boolean, "email": sa.String,
    "phone": sa.String, "url": sa.String, "choice": sa.String, "ref": sa.Uuid, "id": sa.Uuid,
}  # fmt: skip


PARTS = {name: cls for name, (_, cls) in ENTITIES.items() if getattr(cls, "part_of", None)}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_goes_where_its_whole_goes(samples, name: str):
    """CUS-01: whichever way it gets another owner, and it is written in its history."""
    cls, at = PARTS[name], samples(name.partition(".")[0])
    id = UUID(at.row(name)["id"])
    with at.desk.house.sessions.begin() as session:
        work = Work(session, Actor.system("test"), at.desk.house, door="test")
        part = session.get(cls, id)
        field = next((field for field in cls.part_of if getattr(part, field)), cls.part_of[0])
        whole_id = getattr(part, field) or UUID(at.row(cls.record.attrs()[field].ref)["id"])
        (whole,) = filter(None, (session.get(kind, whole_id) for kind in work.entities.values()))
        setattr(part, field, whole_id)
        part.belong_with(whole)
        session.flush()
        whole.owner_id = new_id()
    with at.desk.house.sessions.begin() as session:
        assert session.get(cls, id).owner_id == whole.owner_id
        assert "owner_id" in audit.history(session, name, id, 1)[0].changes


def test_whose_owner_nobody_can_name_is_a_part_of_something():
    """Else it would stay with whoever entered it when the rest goes to another."""
    owned = {name: cls for name, (_, cls) in ENTITIES.items() if issubclass(cls, Owned)}
    for name, cls in owned.items():
        attrs = cls.record.attrs()
        if attrs["owner_id"].readonly and any(a.required and a.ref in owned for a in attrs.values()):
            assert name in PARTS, name


@pytest.mark.parametrize("name", ENTITIES)
def test_the_record_and_its_table_agree(name: str):
    _, cls = ENTITIES[name]
    record = cls.record
    assert record is everything.records()[name], f"{cls} describes something that contracts do not have"
    assert issubclass(record, OwnedRecord) == issubclass(cls, Owned)
    assert record.lifecycle is None or hasattr(cls, "state")
    assert issubclass(cls, Kept)
    assert not disagreements(cls, record)
    if record.is_searchable():
        assert issubclass(cls, Searchable), "a searched field, but no grams to find it by"


def disagreements(cls: type[Any], record: type[Record]) -> list[str]:
    """Every field of a record that its table does not keep as described."""
    mapper = inspect(cls)
    found: list[str] = []
    for name, a in (record.own_attrs() if issubclass(cls, LineRow) else record.attrs()).items():
        if a.lines:
            line = mapper.relationships[name].mapper.class_
            found += (
                [] if issubclass(line, LineRow) and line.record is a.lines else [f"{name}: not its lines"]
            )
            found += [f"{name}.{problem}" for problem in disagreements(line, a.lines)]
        elif name in mapper.columns:
            found += [f"{name}: {problem}" for problem in _column(mapper.columns[name], a)]
        elif not hasattr(cls, name):
            found.append(f"{name}: no column")
    return found


def _column(column: Any, a: Attr) -> list[str]:
    kind, found = column.type, []
    if a.required and column.nullable:
        found.append("required, but may be empty in the table")
    if a.many:
        return (
            found if isinstance(kind, postgresql.ARRAY | postgresql.JSONB) else [*found, "many, but no array"]
        )
    expected = COLUMN.get(a.kind)
    if expected is not None and not isinstance(kind, expected):
        found.append(f"{a.kind} kept as {kind}")
    if isinstance(kind, sa.String) and kind.length is not None and (a.choices or not a.readonly):
        longest = max((len(choice) for choice in a.choices), default=0) if a.choices else a.max_length or 0
        found += [f"room for {kind.length} of {longest} characters"] if kind.length < longest else []
    if a.kind == "amount" and (kind.precision, kind.scale) != (18, 2):
        found.append(f"money kept as {kind}")
    if a.kind in ("number", "percent") and kind.scale is not None and not a.readonly:
        found.append(f"decimals cut off: {kind}")
    if a.kind == "datetime" and not kind.timezone:
        found.append("a moment without its zone")
    return found


@pytest.mark.parametrize("name", ENTITIES)
def test_whatever_it_refers_to_can_be_named_here(name: str):
    """Ours, or followed: an id whose card never comes could neither be chosen nor shown."""
    service, cls = ENTITIES[name]
    known = {c.record.entity() for c in service.entities} | {listed.entity for listed in service.follows}
    fields = {**cls.record.attrs()}
    for line in [a.lines for a in fields.values() if a.lines]:
        fields |= line.attrs()
    assert {a.ref for a in fields.values() if a.ref} - known == set()


@pytest.mark.parametrize("name", BY_HAND)
def test_what_is_entered_is_kept_and_given_back(name: str, samples):
    found = samples(name.partition(".")[0])
    record = everything.records()[name]
    given = found.values(record)
    row = found.desk.create(found.somebody, name, **given)
    kept = found.desk.ask(found.somebody, "get", entity=name, id=row["id"])["row"]
    assert kept == row
    assert [field for field, value in given.items() if value is not None and kept[field] is None] == []
    assert (row["ver"], row["home"], row["epoch"]) == (1, "HQ", 1)
    if "number" in record.attrs() and record.attrs()["number"].readonly:
        assert row["number"]


@pytest.mark.parametrize("name", BY_HAND)
def test_only_what_must_be_there_is_enough(name: str, samples):
    found = samples(name.partition(".")[0])
    record = everything.records()[name]
    given = found.values(record, whole=False)
    row = found.desk.create(found.somebody, name, **given)
    assert found.desk.ask(found.somebody, "get", entity=name, id=row["id"])["row"]["id"] == row["id"]
    for field in [field for field, a in record.own_attrs().items() if a.required and not a.readonly]:
        with pytest.raises(Invalid) as raised:
            found.desk.create(found.somebody, name, **{k: v for k, v in given.items() if k != field})
        assert field in [problem.field for problem in raised.value.fields]


@pytest.mark.parametrize("name", ENTITIES)
def test_a_field_that_is_ours_to_set_is_not_taken(name: str, samples):
    found = samples(name.partition(".")[0])
    record = everything.records()[name]
    for field, a in record.attrs().items():
        if a.readonly:
            with pytest.raises((Invalid, Forbidden)):
                found.desk.create(found.somebody, name, **(found.values(record) | {field: None}))


@pytest.mark.parametrize("name", [name for name in BY_HAND if importable(everything.records()[name])])
def test_a_file_brings_the_same_as_a_form(name: str, samples):
    """References by the names that lists show; everything else as text."""
    found = samples(name.partition(".")[0])
    record = everything.records()[name]
    given = {
        field: v for field, v in found.values(record).items() if field in importable(record) and v is not None
    }
    written = {field: _as_text(found, record.attrs()[field], value) for field, value in given.items()}
    job = found.bring(name, written)
    assert job["problems_sample"] == []
    assert job["made"] == 1
    page = found.desk.ask(found.somebody, "list", entity=name, query={"sort": "-created_at", "limit": 1000})
    expected = record.draft().read(found.values(record) | given).as_json()
    newest = [row for row in page["rows"] if all(_same(row[field], expected[field]) for field in given)]
    assert len(newest) == 1, f"{page['rows'][:1]} is not {given}"


def _as_text(found: Samples, a: Attr, value: Any) -> Any:
    """As it would stand in a cell."""
    if a.many:
        return "; ".join(_as_text(found, replace(a, many=False), one) for one in value)
    if a.ref:
        labels = found.desk.ask(found.somebody, "labels", entity=a.ref, ids=[value])["labels"]
        return labels[value].get("number") or labels[value]["label"]
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _same(kept: Any, expected: Any) -> bool:
    if isinstance(expected, str) and isinstance(kept, str):
        return kept.removesuffix("+00:00") == expected.removesuffix("Z")
    return kept == expected


@pytest.mark.parametrize("name", ENTITIES)
def test_it_is_listed_found_filtered_and_sorted(name: str, samples):
    found = samples(name.partition(".")[0])
    record = everything.records()[name]
    row = found.row(name)
    ask = found.desk.ask

    def ids(**query: Any) -> list[str]:
        page = ask(found.somebody, "list", entity=name, query={"limit": 1000, **query})
        assert page["count"] == len(page["rows"])
        return [one["id"] for one in page["rows"]]

    assert row["id"] in ids()
    for field, a in record.attrs().items():
        value = row.get(field)
        if a in askable(record) and a.kind != "file" and value not in (None, []):
            assert row["id"] in ids(where={field: value}), field
            assert row["id"] not in ids(where={f"{field}__empty": True}), field
        if a.search and value:
            text = str(value)[:2]
            assert row["id"] in (fit := ids(text=text)), field
            told = ask(found.somebody, "search", text=text, limit=50)["found"]
            (here,) = [kind for kind in told if kind["entity"] == name]
            assert (here["count"], {one["id"] for one in here["rows"]} <= set(fit)) == (len(fit), True), (
                "DAT-01"
            )
        if not a.lines and not a.many:
            assert set(ids(sort=field)) == set(ids(sort=f"-{field}"))
    options = ask(found.somebody, "options", entity=name, ids=[row["id"]])["options"]
    assert [option["id"] for option in options] == [row["id"]]
    assert options[0]["label"]


VALUES = {"number": "1", "date": "2026-05-01", "choice": "x", "ref": str(UUID(int=1)), "flag": "yes"}


@pytest.mark.parametrize("name", ENTITIES)
def test_every_condition_that_is_offered_is_answered(name: str, samples):
    """DAT-02: on all fields of all entities, and of the customers and others behind them; a view of them may be kept."""
    found = samples(name.partition(".")[0])
    record = everything.records()[name]
    asked = [Condition("id", "eq", (str(UUID(int=1)),)), *offered(record)]
    any_of = [addresses.ListAddress(conditions=(one,)).query().where for one in asked]
    page = found.desk.ask(found.somebody, "list", entity=name, query={"any_of": any_of, "limit": 1})
    assert page["count"] >= 0
    asking.require_known("query", name, addresses.ListAddress(conditions=tuple(asked)).written())


def offered(record: type[Record]) -> Iterator[Condition]:
    """Every comparison of the form on every field of the menu, and on what stands on the cards of what it refers to."""
    refs = [a for a in record.attrs().values() if a.ref.partition(".")[0] != record.service() and not a.many]
    known = [replace(b, name=f"{a.name}.{b.name}") for a in refs for b in cards.carried(a.ref).values()]
    for a in [a for a in (*askable(record), *known) if a.kind != "id"]:  # which no menu has
        family = "choice" if a.choices else filters.FAMILY.get(a.kind, "text")
        for comparison in filters.COMPARISONS_OF[family]:
            name = comparison.removeprefix("-")
            value = {"between": (VALUES.get(family, "x"),) * 2, "month": ("5", "this_month")}.get(
                name, ("yes",) if name in filters.EMPTINESS else (VALUES.get(family, "x"),)
            )
            name = "empty" if name in filters.EMPTINESS else name
            for is_not in (False, True):
                yield Condition(a.name, name, value, is_not=is_not)


@pytest.mark.parametrize("name", ENTITIES)
def test_it_goes_away_and_comes_back(name: str, samples):
    found = samples(name.partition(".")[0])
    row = found.row(name)
    ask = found.desk.ask
    can = ask(found.somebody, "get", entity=name, id=row["id"])["can"]
    if not can["archive"]:
        return
    gone = ask(found.somebody, "archive", entity=name, id=row["id"], note="不再需要")["row"]
    assert (gone["archived_at"] is not None, gone["ver"]) == (True, row["ver"] + 1)
    assert row["id"] not in [
        one["id"] for one in ask(found.somebody, "list", entity=name, query={"limit": 1000})["rows"]
    ]
    back = ask(found.somebody, "restore", entity=name, id=row["id"])["row"]
    assert back["archived_at"] is None
    log = ask(found.somebody, "history", entity=name, id=row["id"])["changes"]
    assert [entry["door"].rpartition(".")[2] for entry in log[:2]] == ["restore", "archive"]
    assert log[1]["note"] == "不再需要"


@pytest.mark.parametrize("name", ENTITIES)
def test_the_log_replayed_gives_the_row(name: str, samples):
    found = samples(name.partition(".")[0])
    row = found.row(name)
    _, cls = ENTITIES[name]
    with found.desk.house.sessions() as session:
        replayed = audit.replay(audit.history(session, name, UUID(row["id"]), 100)[::-1])
    for field in cls.record.attrs():
        column = cls.__table__.columns.get(field)
        if column is not None and field not in audit.SILENT and not is_derived(column):
            assert replayed.get(field) == row[field], field


@pytest.mark.parametrize("name", ENTITIES)
def test_without_the_right_there_is_nothing(name: str, samples):
    found = samples(name.partition(".")[0])
    row = found.row(name)
    nobody = found.somebody.model_copy(update={"grants": ()})
    for door, message in (
        ("list", {}), ("get", {"id": row["id"]}), ("history", {"id": row["id"]}), ("options", {}),
        ("create", {"values": {}}), ("update", {"id": row["id"], "values": {}}), ("archive", {"id": row["id"]}),
        ("restore", {"id": row["id"]}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            found.desk.ask(nobody, door, entity=name, **message)
    for field, a in everything.records()[name].attrs().items():
        if a.search and row.get(field):
            assert found.desk.ask(nobody, "search", text=str(row[field])[:2])["found"] == [], field
    with pytest.raises(NotFound):
        found.desk.ask(found.somebody, "get", entity=name, id="00000000-0000-7000-8000-00000000dead")


def test_what_own_fields_may_refer_to_is_known_where_they_are():
    """A kind is known where its rows are kept, and where its cards come in; where nothing is, a reference could not be read."""
    known = {
        name: {cls.record.entity() for cls in service.entities}
        | {listed.entity for listed in service.follows}
        for name, service in everything.services().items()
    }
    for kind, services in NEAR.items():
        assert all(kind in known[service] for service in services), kind
    having = [
        name
        for name, entities in known.items()
        if "organization.own_field" in entities and name != "organization"
    ]
    for kind in REFERABLE:
        assert all(kind in known[service] for service in having), kind
