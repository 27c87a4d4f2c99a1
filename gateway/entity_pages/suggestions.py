"""What other records say already in a field of text, so that one thing is not written three ways."""

from __future__ import annotations

from collections import Counter

from flask import request
from werkzeug.wrappers import Response

from contracts.errors import FieldProblem, Invalid, NotFound
from contracts.message import Record
from contracts.query import GetOf, ListOf, Query
from gateway import api
from gateway.entity_pages.subject import find_record
from gateway.frame import registry
from gateway.render import block, json, wanted
from gateway.rpc import ask

MOST = 500
"""Records that are looked at: those with the same in common are few."""


@api.described(
    summary="What other records say in a field already that have in common what the field asks for; the most frequent first.",
    asks=(api.text("FIELD", "The record's own field by which they are found, such as `contact_id`."),),
)
def suggest(service: str, noun: str, field: str, suffix: str = "") -> Response:
    """Texts of rows that the person may see, each once."""
    record = find_record(service, noun)
    attr = record.attrs().get(field)
    if attr is None or not attr.alike_in:
        raise NotFound(entity=f"{record.entity()}.{field}")
    common = _in_common(record, attr.alike_in)
    rows = []
    if common is not None:
        query = Query(where={attr.alike_in: common, f"{field}__empty": False}, limit=MOST)
        rows = ask(service, "list", ListOf(entity=record.entity(), query=query, fields=(field,)))["rows"]
    counted = Counter(row[field] for row in rows if row[field])
    texts = sorted(counted, key=lambda text: (-counted[text], text))
    return (
        json({"texts": texts}) if wanted() == "json" else block("part/suggestions.html", "texts", texts=texts)
    )


def _in_common(record: type[Record], way: str) -> str | None:
    """What the row that is being entered has there, as far as it is known yet. Raises Invalid for no id."""
    name, _, rest = way.partition(".")
    value = request.args.get(name)
    if not value or not rest:
        return value or None
    other = registry().records[record.attrs()[name].ref]
    try:
        asked = GetOf(entity=other.entity(), id=value)
    except ValueError:
        raise Invalid(FieldProblem(name, "not_an_id", value=value[:40])) from None
    try:
        found = ask(other.service(), "get", asked)["row"].get(rest)
    except NotFound:
        return None  # it went meanwhile, or is none of hers
    return None if found is None else str(found)
