"""What holds for every door: it says what it takes, nobody passes without the right, a test knocks at it."""

from __future__ import annotations

import inspect
import typing

import pytest

from chassis import registry
from contracts.actor import Actor
from contracts.errors import Forbidden, Unauthenticated
from contracts.message import Command, Event, Question
from contracts.query import CustomerFileOf, Of
from tests.conformance import everything
from tests.desk import Desk

DOORS = everything.doors()
ASKED = everything.doors("command", "query")
GUARDED = {name: found for name, found in ASKED.items() if found[1].needs(found[0].name) is not None}
FOR_EVERYBODY = {
    "organization.sign_in",
    "customer.open_web_form",
    "customer.web_form_logo",
    "customer.send_web_form",
}


@pytest.mark.parametrize("name", ASKED)
def test_it_says_what_it_takes_and_what_it_is_for(name: str):
    _, door = ASKED[name]
    assert inspect.getdoc(door.function), "a use case without a sentence that says what it is"
    assert door.message is not None, "the second parameter is the message"
    assert not issubclass(door.message, Event)
    if issubclass(door.message, Command):
        assert door.kind == "command", "a question that asks for a change"


@pytest.mark.parametrize("name", everything.doors("query"))
def test_a_question_is_known_to_programs_by_the_name_of_its_door(name: str):
    """Its message is a `Question` of the service, and says what is answered where contracts/ describe that (users 20).

    What is asked of any kind of record, or of several services, has an address of its own.
    """
    _, door = ASKED[name]
    is_of_several = door.message.service() not in registry.names()
    if is_of_several or issubclass(door.message, Of | CustomerFileOf):
        return
    assert issubclass(door.message, Question), "class SoAndSoOf(Question)"
    assert f"{door.message.service()}.{door.message.door()}" == name
    told = typing.get_type_hints(door.function)["return"]
    if not str(told).startswith(("dict[str, typing.Any]", "list[dict[str")):
        assert door.message.answer() == told, f"answers: ClassVar[{getattr(told, '__name__', told)}]"


@pytest.mark.parametrize("name", everything.doors("reaction"))
def test_a_reaction_hears_an_event_of_another_service(name: str):
    service, door = DOORS[name]
    assert inspect.getdoc(door.function)
    assert door.message is not None
    assert issubclass(door.message, Event)
    assert door.message.service() != service.name
    assert f"{door.message.service()}.{door.message.noun()}" in registry.events()


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_passes_without_the_right(name: str, desk):
    service, _ = GUARDED[name]
    at: Desk = desk(service)
    stranger = Actor(id="00000000-0000-7000-8000-000000000999", name="Stranger")
    for actor in (stranger, *([] if name in FOR_EVERYBODY else [Actor.anonymous()])):
        with pytest.raises(Forbidden):
            at.ask(actor, name.partition(".")[2], {})


@pytest.mark.parametrize("name", everything.services())
def test_whoever_is_not_signed_in_learns_nothing(name: str, desk):
    """Also at the doors that ask for no right of their own; but she may ask whether we are there."""
    at: Desk = desk(name)
    assert at.ask(Actor.anonymous(), "ping", {})["service"] == name
    for door in everything.services()[name].requests().keys() - {"ping"}:
        if f"{name}.{door}" not in FOR_EVERYBODY:
            with pytest.raises((Unauthenticated, Forbidden)):
                at.ask(Actor.anonymous(), door, {})


@pytest.mark.parametrize("name", DOORS)
def test_a_test_knocks_at_it(name: str):
    assert everything.asked_in_tests(name), f"no test under tests/service knows {name}"
