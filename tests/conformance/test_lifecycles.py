"""What holds for the life of every document: each state can be reached, each verb has its door."""

from __future__ import annotations

from typing import Literal, get_args, get_origin

import pytest

from chassis import registry
from contracts.message import Act
from tests.conformance import everything

LIVING = {name: record for name, record in everything.records().items() if record.lifecycle is not None}
VERBS = everything.verbs()
MESSAGES = {(m.service(), m.__name__): m for m in registry.messages()}


@pytest.mark.parametrize("name", LIVING)
def test_each_state_can_be_reached(name: str):
    life = LIVING[name].lifecycle
    reached, before = {life.start}, set()
    while reached != before:
        before = set(reached)
        reached |= {life.leads(verb, state) for verb in life.transitions for state in before} - {None}
    assert set(life.states) == reached


@pytest.mark.parametrize("name", LIVING)
def test_it_names_only_states_and_verbs_there_are(name: str):
    life = LIVING[name].lifecycle
    assert life.editable <= set(life.states)
    assert life.hidden <= life.transitions.keys()


@pytest.mark.parametrize("name", LIVING)
def test_its_state_is_shown_filtered_and_set_by_verbs_alone(name: str):
    record = LIVING[name]
    state = record.attrs()["state"]
    assert state.readonly
    assert state.filter
    annotation = record.model_fields["state"].annotation
    if get_origin(annotation) is Literal:
        assert set(get_args(annotation)) == set(record.lifecycle.states)


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_has_its_door_and_its_message(name: str):
    record, verb = VERBS[name]
    found = everything.doors("command").get(name)
    assert found is not None, f"no command {name}"
    service, door = found
    assert door.needs(service.name) == name
    assert door.message is not None
    assert issubclass(door.message, Act), "the page sends id, version and note, whatever else there is"
    own = MESSAGES.get((record.service(), f"{verb.title().replace('_', '')}{record.__name__}"))
    assert door.message is (own or Act)


@pytest.mark.parametrize("name", [name for name, record in everything.records().items() if record.at_once])
def test_what_is_fit_for_many_is_a_verb_and_taken_back_with_what_the_record_says(name: str):
    record = everything.records()[name]
    doors = registry.service_class(record.service()).requests()
    assert record.at_once.keys() <= set(record.all_verbs())
    for said in filter(None, record.at_once.values()):
        back, _, made = said.partition(".")
        message = doors[back].message
        assert message is not None
        assert issubclass(message, Act)
        asked = {field for field, info in message.model_fields.items() if info.is_required()} - {
            "id",
            "note",
            made,
        }
        assert not made or made in message.model_fields
        assert asked <= record.attrs().keys(), f"{back} wants to know what {name} does not say"


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_is_shown_by_a_test(name: str):
    assert everything.asked_in_tests(name), f"no test under tests/service asks {name}"
