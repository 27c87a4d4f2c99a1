"""Which entity a request is about, and what its rows are called."""

from __future__ import annotations

from collections.abc import Mapping
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
    own = labels.get(str(row.get("id"))) if not _is_a_kind(record) else None
    return wording.name_of(own, "") or title_of(record, row)


@lru_cache(maxsize=1000)  # own objects come and go
def _is_a_kind(record: type[Record]) -> bool:
    """Whether its rows are called after a kind of record, of which the books have only the name that programs use."""
    return any((a := record.attrs().get(name)) is not None and a.kind == "entity" for name in record.title)


def title_of(record: type[Record], row: Mapping[str, Any]) -> str:
    """What a row is called, in the reader's language where it has a name in both."""
    english = language() == "en"
    if _is_a_kind(record):
        return wording.plural_of(str(row.get(record.title[0]) or ""))
    parts = [(english and row.get(f"{name}_en")) or row.get(name) for name in record.title]
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
