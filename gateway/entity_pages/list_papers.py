"""A list on paper: its columns, its rows, and in words which rows they are; for the printer or as a file (DAT-06, DAT-07)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from contracts.addresses import ListAddress
from contracts.message import Record
from contracts.query import ListOf
from gateway import api, languages, wording
from gateway.addresses import asked
from gateway.auth import actor
from gateway.entity_pages import papers
from gateway.entity_pages.chips import Chip, chips, condition_ids
from gateway.entity_pages.lists import chosen_columns
from gateway.entity_pages.subject import find_record, labels_for
from gateway.fields import is_numeric
from gateway.frame import list_address
from gateway.languages import gettext as _
from gateway.languages import ngettext
from gateway.papers import Chapter, Column, Pair, Paper, Section, Table, Value
from gateway.render import json, page, wanted
from gateway.rpc import ask

MOST_ROWS = 500
"""Some twenty sheets; whoever needs more rows than that computes with them."""


@api.described(
    summary="A list as it is printed: its columns, its rows, and which rows these are in words (DAT-07).",
    asks=(api.text("columns", "Fields, separated by commas."), *api.WHICH_ROWS, api.PAGED[0]),
    answers=Paper,
    id="list_paper",
)
def paper(service: str, noun: str, suffix: str = "") -> Response:
    """The list as a page to print, or as a file for whoever may take rows out."""
    kind = wanted()
    record = find_record(service, noun, "read" if kind in ("html", "json") else "export")
    drawn = _draw(record, asked())
    if kind == "json":
        return json(asdict(drawn))
    if kind == "html":
        back, query = list_address(record.entity()), request.query_string.decode()
        return page(
            "entity/paper.html", paper=drawn, address=back, query=query and f"?{query}",
            takes_files=actor().may(f"{record.entity()}.export"),
        )  # fmt: skip
    return papers.sent(drawn, kind)


def only_rows_with(said: list[Chip]) -> tuple[Section, ...]:
    """Which rows they are, in words."""
    conditions = tuple(Pair(chip.label, Value(f"{chip.comparison} {chip.value}".strip())) for chip in said)
    return (Section(_("Only rows with"), conditions),) if conditions else ()


def _draw(record: type[Record], address: ListAddress) -> Paper:
    names = chosen_columns(record, address)
    query = replace(address, limit=MOST_ROWS, after="").query(totals=True)
    found = ask(record.service(), "list", ListOf(entity=record.entity(), query=query), timeout=30)
    labels = found["labels"] | labels_for(condition_ids(record, address, found["labels"]))
    said = chips(record, address, labels)
    if address.text:
        said = [Chip(_("Search"), _("contains"), address.text, "", "q"), *said]
    plural, count = wording.entity_plural(record), languages.capped(found["count"], found["capped"])
    return Paper(
        kind=_("List"), title=plural, number=languages.today().isoformat(),
        state=ngettext("%(count)s row", "%(count)s rows", found["count"], count=count),
        chapters=(Chapter(sections=only_rows_with(said), tables=(_table(record, names, found, labels, count),)),),
        printed=papers.stamp(), language=languages.language(), is_wide=len(names) > FIT_UPRIGHT,
    )  # fmt: skip


FIT_UPRIGHT = 5
"""Columns that a sheet holds upright."""


def _table(
    record: type[Record], names: tuple[str, ...], found: Any, labels: Mapping[str, Any], count: str
) -> Table:
    """The rows under the titles of the list, and below them its sums."""
    attrs, cells = [record.attrs()[name] for name in names], papers.Cells(record, labels)
    columns = tuple(
        Column(wording.field_label(attr), is_numeric(attr), attr.name in record.title) for attr in attrs
    )
    rows = [tuple(cells.value(attr, row) for attr in attrs) for row in found["rows"]]
    if any(name in found["totals"] for name in names):
        sums = [
            Value(languages.money(found["totals"][n])) if n in found["totals"] else Value("") for n in names
        ]
        rows.append((Value(_("Sum of all %(count)s", count=count)), *sums[1:]))
    shown = len(found["rows"])
    note = _("The first %(shown)s of %(all)s.", shown=shown, all=count) if found["next"] else ""
    return Table("", columns, tuple(rows), note)
