"""What becomes of values of a file that name nothing we know: what somebody answered, and what was found so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args
from uuid import UUID

from chassis import search
from chassis.entities import by_entity
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid
from contracts.message import Attr, Record
from contracts.transfer import MISSING, OTHERWISE, Answer

WORDS = frozenset(get_args(Answer))
LISTED = 300
"""So many unknown values of a field are told one by one; those beyond are counted together."""
LONGEST = 200
Answers = Mapping[str, Mapping[str, str]]
"""Field → folded value → answer."""
Found = dict[str, dict[str, list[Any]]]
"""Field → value → [rows, code of the problem it would be]."""


def fields_of(record: type[Record]) -> dict[str, Attr]:
    """The fields whose values may be unknown to us: those that refer to something, and those that choose."""
    extras = record.importing.attrs() if record.importing is not None else {}
    return {name: a for name, a in (extras | record.attrs()).items() if a.ref or a.choices}


def checked(work: Work, cls: type[Any], given: Answers) -> dict[str, dict[str, str]]:
    """The answers as they are kept. Raises Invalid for those that mean nothing, Forbidden where she may not make what is to
    be made."""
    fields, own = fields_of(cls.record), by_entity(work)
    problems = [FieldProblem(f"values.{name}", "unknown") for name in given if name not in fields]
    kept: dict[str, dict[str, str]] = {}
    for name, answers in given.items():
        for text, answer in answers.items() if name in fields else ():
            a = fields[name]
            if not _means_something(a, answer, can_make=a.ref in own or bool(a.among)):
                problems.append(FieldProblem(f"values.{name}", "not_a_choice", value=answer[:80]))
            elif answer == "make":
                work.require(f"{a.ref}.create")
            kept.setdefault(name, {})[_key(text)] = answer
    if problems:
        raise Invalid(*problems)
    return kept


def _means_something(a: Attr, answer: str, *, can_make: bool) -> bool:
    if answer in WORDS:
        return answer in {"empty", "set_aside"} or (can_make if answer == "make" else a.name == "owner_id")
    if not a.ref:
        return answer in a.choices
    try:
        UUID(answer)
    except ValueError:
        return False
    return True


def merged(before: Answers, given: Answers) -> dict[str, dict[str, str]]:
    """The later answer counts."""
    return {name: {**before.get(name, {}), **given.get(name, {})} for name in {**before, **given}}


def of(answers: Answers, name: str, text: str) -> str | None:
    """What was answered for just this value."""
    return answers.get(name, {}).get(_key(text))


def _key(text: str) -> str:
    """«Computer software» and «COMPUTER_SOFTWARE» are the same word."""
    return search.folded(text.replace("_", " "))[:LONGEST]


def otherwise(answers: Answers, name: str) -> str:
    """What becomes of the others of this field. Nothing was said: their rows are set aside."""
    return answers.get(name, {}).get(OTHERWISE, "set_aside")


def counted(found: Found, unknown: Iterable[tuple[str, str, str]]) -> Found:
    """With these (field, value, code) of some more rows."""
    found = {name: {text: list(one) for text, one in values.items()} for name, values in found.items()}
    for name, text, code in unknown:
        values = found.setdefault(name, {})
        key = text[:LONGEST]
        if key not in values and key != MISSING and len(values) >= LISTED:
            key = OTHERWISE
        values.setdefault(key, [0, code])[0] += 1
    return found


def told(answers: Answers, found: Found) -> tuple[dict[str, Any], ...]:
    """Each with what becomes of it, the most frequent of a field first."""
    return tuple(
        {"field": name, "text": text, "rows": rows, "why": code, "answer": effective(answers, name, text, code)}
        for name, values in found.items()
        for text, (rows, code) in sorted(values.items(), key=lambda item: (item[0] == OTHERWISE, -item[1][0], item[0]))
    )  # fmt: skip


def effective(answers: Answers, name: str, text: str, code: str) -> str:
    """The answer that counts. Of two records of one name none is meant unless somebody said which."""
    given = None if text == OTHERWISE else of(answers, name, text)
    if given is not None:
        return given
    return "set_aside" if code in {"ambiguous", "required"} else otherwise(answers, name)
