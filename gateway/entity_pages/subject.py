"""Which entity a request is about, and what its rows are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from contracts.errors import NotFound
from contracts.message import Record
from gateway import wording
from gateway.auth import require
from gateway.frame import registry
from gateway.languages import language
from gateway.rpc import Question, ask_each


def find_record(service: str, noun: str, action: str = "read") -> type[Record]:
    """The record of an address. Raises NotFound, or Forbidden where the person may not do that with any of them."""
    record = registry().record(f"{service}.{noun}")
    if record is None:
        raise NotFound(entity=f"{service}.{noun}")
    require(f"{service}.{noun}.{action}")
    return record


def called(record: type[Record], row: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    """What a row is called over its page: by its name behind the id, where that is one for people."""
    own = labels.get(str(row.get("id"))) if not _worded(record) else None
    return wording.name_of(own, "") or title_of(record, row)


@lru_cache(maxsize=1000)  # own objects come and go
def _worded(record: type[Record]) -> dict[str, Callable[[str, str], str]]:
    """Fields of the title of which the books have only the name that programs use, and how each is put into words."""
    kinds = {name: a.kind for name in record.title if (a := record.attrs().get(name)) is not None}
    return {name: WORDS[kind] for name, kind in kinds.items() if kind in WORDS}


WORDS: dict[str, Callable[[str, str], str]] = {
    "entity": lambda value, _entity: wording.plural_of(value),
    "choice": wording.choice,
}
"""Kind of a field → its value in words, given the record's entity."""


def title_of(record: type[Record], row: Mapping[str, Any]) -> str:
    """What a row is called, in the reader's language where it has a name in both."""
    english, worded = language() == "en", _worded(record)
    parts = [
        worded[name](row[name], record.entity())
        if name in worded and row.get(name)
        else (english and row.get(f"{name}_en")) or row.get(name)
        for name in record.title
    ]
    return " ".join(str(part) for part in parts if part) or str(row.get("number") or row.get("id") or "")


def labels_for(wanted: Mapping[str, set[str]]) -> dict[str, Any]:
    """Names of ids, asked of each entity's owner in one flight; what does not answer stays nameless."""
    known = {entity: ids for entity, ids in wanted.items() if ids}
    questions = [
        Question(entity.partition(".")[0], "labels", {"entity": entity, "ids": sorted(ids)})
        for entity, ids in known.items()
    ]
    found: dict[str, Any] = {}
    for answer in ask_each(*questions):
        if isinstance(answer, dict):
            found |= answer.get("labels", {})
    return found
