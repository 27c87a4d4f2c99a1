"""What holds for every event: somebody announces it, neighbours of another age understand it, the page names it."""

from __future__ import annotations

import ast
from functools import cache
from uuid import UUID

import pytest
from pydantic import ValidationError

from chassis import registry
from contracts.message import Listed
from deploy import documents
from tests.conformance import everything
from tests.factories import events as factory

EVENTS = registry.events()


@cache
def names_used(service: str) -> frozenset[str]:
    """Every name that a service's code uses, imports apart."""
    used: set[str] = set()
    for path in everything.python_files(f"services/{service}"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Name):
                used.add(node.id)
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
    return frozenset(used)


def described(cls: type) -> set[str]:
    """What a mapped class keeps, and, of an own object, what it is built on."""
    return {one.record.entity() for one in cls.__mro__ if "record" in vars(one)}


@pytest.mark.parametrize("name", [name for name, e in EVENTS.items() if e.service() in registry.names()])
def test_somebody_announces_it(name: str):
    event = EVENTS[name]
    if issubclass(event, Listed):
        givers = [cls for _, cls in everything.entities().values() if cls.listed is event]
        assert givers, "nobody hands out this card"
        assert all(event.entity in described(cls) for cls in givers)
    else:
        assert event.__name__ in names_used(event.service())


@pytest.mark.parametrize("name", EVENTS)
def test_it_says_what_happened(name: str):
    event = EVENTS[name]
    assert issubclass(event, Listed) or vars(event).get("__doc__"), "no sentence that says what happened"


@pytest.mark.parametrize("name", EVENTS)
def test_it_travels_and_comes_back_the_same(name: str):
    cls = EVENTS[name]
    event = factory.event(cls)
    body = event.as_json()
    assert cls.model_validate(body) == event
    assert isinstance(event.aggregate_id, UUID)
    with pytest.raises(ValidationError):
        cls(**(dict(event) | {"nonsense": 1}))


@pytest.mark.parametrize("name", EVENTS)
def test_it_only_grows_by_optional_fields(name: str):
    path = documents.SCHEMAS / f"{name}.json"
    assert path.exists(), "new: run `make docs`"
    assert documents.breaks(documents.stored(name), documents.schema(EVENTS[name])) == []
    assert documents.stored(name) == documents.schema(EVENTS[name]), "it grew: run `make docs`"


def test_no_event_is_forgotten():
    assert documents.left_over() == []


def test_the_page_of_events_is_up_to_date():
    assert documents.EVENTS.read_text() == documents.events_page(), "run `make docs`"


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ({"a": {}}, {"a": {}, "b": {}}, []),
        ({"a": {}}, {}, ["a is gone"]),
        ({"a": {"type": "string"}}, {"a": {"type": "number"}}, ["a changed its kind"]),
    ],
)
def test_what_would_break_a_neighbour_is_named(before, now, found):
    assert documents.breaks({"properties": before}, {"properties": now}) == found


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (["a"], ["a", "b"], ["b must be there from now on"]),
        (["a", "b"], ["a"], ["b is no longer always there"]),
    ],
)
def test_what_is_always_there_stays_so(before, now, found):
    fields = {"a": {}, "b": {}}
    assert (
        documents.breaks({"properties": fields, "required": before}, {"properties": fields, "required": now})
        == found
    )
