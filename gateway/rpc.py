"""The only module that calls services. Each call carries the token of the person whose request this is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app, g

from chassis.wire import TIMEOUT, Call, raise_problem
from contracts.message import Message


class Wire(Protocol):
    """What we need of `chassis.wire.RpcClient`."""

    def settle(self, calls: list[Call], timeout: float = TIMEOUT) -> list[Any]:
        """Answers in the order asked; a problem stands in the list as a value."""
        ...


@dataclass(frozen=True)
class Question:
    """One thing to ask one service; `key` makes repeating a command safe."""

    service: str
    door: str
    message: Message | dict[str, Any]
    key: str | None = None


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
    if not questions:
        return []
    return settle([_call(question, g.token) for question in questions], timeout)


def settle(calls: list[Call], timeout: float) -> list[Any]:
    """Send prepared calls; for those who speak before anybody is known."""
    wire: Wire = current_app.extensions["guanxi-wire"]
    answers: list[Any] = wire.settle(calls, timeout)
    return answers


def _call(question: Question, token: str) -> Call:
    message = question.message
    body = message.model_dump(mode="json", exclude_unset=True) if isinstance(message, Message) else message
    return Call(question.service, question.door, body, token, question.key, g.call_id)
