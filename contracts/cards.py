"""What other services know of a record: the fields on its card."""

from __future__ import annotations

import importlib
from functools import cache

from contracts.message import Attr, Listed, OwnedRecord, Record, declared_in

OWNERSHIP = ("owner_id", "department_id", "branch_id")
"""Stands on the card of whatever belongs to somebody."""


def carried(entity: str) -> dict[str, Attr]:
    """The fields on the cards of records that belong to somebody, as these describe them; of others none, for nobody
    decides card by card who may see them."""
    found = _card_of(entity)
    if found is None:
        return {}
    record, names = found
    attrs = record.attrs()
    return {name: attrs[name] for name in names if name in attrs and attrs[name].lines is None}


@cache
def _card_of(entity: str) -> tuple[type[Record], tuple[str, ...]] | None:
    try:
        declared = declared_in(importlib.import_module(f"contracts.{entity.partition('.')[0]}"))
    except ModuleNotFoundError:
        return None
    listed = [m for m in declared if issubclass(m, Listed) and m.entity == entity]
    records = [m for m in declared if issubclass(m, OwnedRecord) and m.label and m.entity() == entity]
    return (records[0], (*listed[0].carries, *OWNERSHIP)) if listed and records else None
