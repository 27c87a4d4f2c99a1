"""How a row of ours or a card is called: what must be known of it, and the label made of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chassis import flush, tabular
from chassis.replicas import Replica
from contracts.message import Record


def columns(cls: type[Any]) -> tabular.Columns:
    """What must be known of a row of ours, or of a card, to name it; its id first."""
    if cls is Replica:
        return tabular.columns(cls, ("id", "entity", "label", "label_en", "number", "archived"))
    return tabular.columns(cls, tuple(dict.fromkeys(("id", "name_en", "number", "state", *cls.record.title))))


def reader(cls: type[Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Makes a label of the values of these columns, as it travels (`contracts.query.Label`)."""
    return _of_card if cls is Replica else partial(_label, cls.record)


def _label(record: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "entity": record.entity(), "label": flush.worded(values.get(name) for name in record.title),
        "label_en": values.get("name_en"), "number": values.get("number"), "state": values.get("state"),
    }  # fmt: skip


def _of_card(card: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "entity": card["entity"], "label": card["label"], "label_en": card["label_en"], "number": card["number"],
        "state": "archived" if card["archived"] else None,
    }  # fmt: skip
