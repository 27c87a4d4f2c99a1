"""The only module that calls services. Each call carries the token of the person whose request this is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app, g

from chassis.wire import TIMEOUT, Call, raise_problem
from contracts.errors import Problem
from contracts.message import Command, Message
from gateway.kept import kept
from gateway.run_queue import RunQueue


class Wire(Protocol):
    """What we need of `chassis.wire.RpcClient`."""

    def settle(self, calls: list[Call], timeout: float = TIMEOUT) -> list[Any]:
        """Answers in the order asked; a problem stands in the list as a value."""
        ...


@dataclass(frozen=True)
class Question:
    """One thing to ask one service; `key` makes repeating a command safe.

    keeps   seconds for which the same person may be given the same answer again, unless a command went to that service
    """

    service: str
    door: str
    message: Message | dict[str, Any]
    key: str | None = None
    keeps: float = 0.0


def ask(
    service: str,
    door: str,
    message: Message | dict[str, Any],
    *,
    key: str | None = None,
    timeout: float = TIMEOUT,
) -> Any:
    """The answer of one door. Raises what the door raised."""
    return raise_problem(ask_each(Question(service, door, message, key), timeout=timeout)[0])


def ask_all(*questions: Question, timeout: float = TIMEOUT) -> list[Any]:
    """Several questions in one flight; the first problem is raised."""
    return [raise_problem(answer) for answer in ask_each(*questions, timeout=timeout)]


def ask_each(*questions: Question, timeout: float = TIMEOUT) -> list[Any]:
    """As `ask_all`, but a part that fails stands in the list as its problem."""
    calls = [_call(question, g.token) for question in questions]
    memory = kept()
    found = [memory.find(call) if q.keeps else None for q, call in zip(questions, calls, strict=True)]
    asked = [n for n, answer in enumerate(found) if answer is None]
    turns = {calls[n].service: memory.turns.of(calls[n].service) for n in asked}
    answers = settle([calls[n] for n in asked], timeout) if asked else []
    for n, answer in zip(asked, answers, strict=True):
        found[n] = answer
        if isinstance(questions[n].message, Command):
            memory.turns.next(questions[n].service)
        elif questions[n].keeps and not isinstance(answer, Problem):
            memory.keep(calls[n], answer, turns[calls[n].service], questions[n].keeps)
    return found


def settle(calls: list[Call], timeout: float) -> list[Any]:
    """Send prepared calls; for those who speak before anybody is known."""
    wire: Wire = current_app.extensions["guanxi-wire"]
    queue: RunQueue = current_app.extensions["guanxi-run-queue"]
    with queue.aside():
        return wire.settle(calls, timeout)


def _call(question: Question, token: str) -> Call:
    message = question.message
    body = message.model_dump(mode="json", exclude_unset=True) if isinstance(message, Message) else message
    return Call(question.service, question.door, body, token, question.key, g.call_id)
