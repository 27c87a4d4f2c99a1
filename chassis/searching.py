"""Search over everything that a service keeps, in one question: a person types, and each letter asks every service."""

from __future__ import annotations

from typing import Any

from chassis import filters
from chassis.attachments import find_attachments
from chassis.counting import count_all
from chassis.database import Searchable
from chassis.work import Work
from contracts.attachments import FindAttachments
from contracts.query import Query, SearchOf

MOST = 50


def search(work: Work, message: SearchOf) -> dict[str, Any]:
    """Of each kind that the actor may read: how many contain the text, and what the first of them are called; files beside."""
    limit = max(1, min(message.limit, MOST))
    query = Query(text=message.text, limit=limit)
    kinds = {cls: filters.chosen(work, cls, query) for cls in _kinds(work)}
    counted = count_all(work.session, query, kinds)
    found = [
        {
            "entity": cls.record.entity(), "count": number, "capped": capped,
            "rows": filters.first(work, cls, query, _names(cls), is_common=capped),
        }
        for cls, (number, capped) in counted.items() if number
    ]  # fmt: skip
    return {"found": found, "files": find_attachments(work, FindAttachments(text=message.text, limit=limit))}


def _kinds(work: Work) -> list[type[Any]]:
    """Classes with a field to search in, of records that the actor may read."""
    return [cls for cls in work.entities.values() if issubclass(cls, Searchable) and _is_open(work, cls)]


def _is_open(work: Work, cls: Any) -> bool:
    may = work.sees_everything or work.actor.may(f"{cls.record.entity()}.read")
    return may and not cls.retired and any(a.search for a in cls.record.attrs().values())


def _names(cls: type[Any]) -> list[str]:
    """The fields by which one is recognised."""
    record = cls.record
    wanted = (*record.title, *(f"{name}_en" for name in record.title), "number", "state")
    return [name for name in wanted if name in record.attrs()]
