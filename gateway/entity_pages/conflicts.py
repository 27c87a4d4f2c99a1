"""Two people changed the same record: what it was, what the other made of it, and one's own, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from flask import request
from werkzeug.wrappers import Response

from contracts.message import Attr, Record
from contracts.query import GetOf
from gateway.entity_pages.subject import labels_for, title_of
from gateway.fields import as_entered, references
from gateway.render import form_key, page
from gateway.rpc import ask


@dataclass(frozen=True)
class Difference:
    """One field that somebody changed since the form was opened."""

    attr: Attr
    base: Any
    theirs: Any
    own: Any

    @property
    def is_conflict(self) -> bool:
        """Both changed it, differently; a person must choose. Otherwise the changed one is taken."""
        return self.own != self.base and self.theirs != self.base and self.own != self.theirs

    @property
    def is_theirs(self) -> bool:
        """Only the other changed it."""
        return self.own == self.base and self.theirs != self.base


def show(
    record: type[Record],
    attrs: Mapping[str, Attr],
    id: UUID,
    *,
    base: Mapping[str, Any],
    own: Mapping[str, Any],
) -> Response:
    """The page on which the second person decides. Nothing of hers is saved yet, nothing is overwritten."""
    service = record.service()
    stored = ask(service, "get", GetOf(entity=record.entity(), id=id, history=20))
    history = stored["history"]
    now = as_entered(attrs, stored["row"])
    found = [
        Difference(attr, base.get(name), now.get(name), own.get(name, base.get(name)))
        for name, attr in attrs.items()
    ]
    differences = [d for d in found if d.base != d.theirs or d.base != d.own]
    wanted = references(attrs, base) | references(attrs, own)
    seen = request.form.get("ver", 0, type=int)
    return page(
        "entity/conflict.html",
        status=409,
        record=record,
        entity=record.entity(),
        row=stored["row"],
        title=title_of(record, stored["row"]),
        differences=differences,
        labels={**labels_for(wanted), **stored["labels"]},
        changes=[change for change in history["changes"] if change["ver"] > seen],
        base=orjson.dumps(now).decode(),
        own=orjson.dumps({d.attr.name: d.own for d in differences}).decode(),
        key=form_key(),
    )


def resolved(form: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a person chose on the page above: her values where she keeps hers; None when this is another form."""
    if "_own" not in form:
        return None
    own = orjson.loads(form["_own"])
    return {name: value for name, value in own.items() if form.get(f"_take.{name}") == "own"}
