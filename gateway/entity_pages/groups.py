"""A list counted and summed by one or two of its fields: a table whose numbers open their rows, a chart, a spreadsheet, a PDF."""

from __future__ import annotations

import tempfile
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import xlsxwriter
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts.addresses import Condition, ListAddress
from contracts.language import N_
from contracts.message import Attr, Record
from contracts.query import GROUPABLE, MEASURED, GroupedOf
from gateway import api, languages, wording
from gateway.addresses import asked
from gateway.entity_pages import papers, views
from gateway.entity_pages.chips import Chip, chips, is_state
from gateway.entity_pages.list_files import XLSX, chunks
from gateway.entity_pages.list_papers import only_rows_with
from gateway.entity_pages.subject import find_record
from gateway.frame import list_address, screens
from gateway.languages import gettext as _
from gateway.languages import today
from gateway.papers import Chapter, Chart, Column, Paper, Table, Value
from gateway.related import attr_at, followed, is_of_several, ways
from gateway.render import json, named, page, wanted
from gateway.rpc import Question, ask_each

CHARTED = 12
"""Bars that can be told apart."""
SLICES = 6
"""As many have a colour of their own; what is left is one more."""
FILES = ("xlsx", "pdf")
BY = api.text(
    "by",
    "One or two fields, also of a record that the rows refer to (`customer_id.industry_id`); without any, what the list is most "
    "often told apart by.",
)
FIGURE = api.text("figure", "One number more of each group: `FIELD__sum` or `FIELD__avg`.")


@dataclass(frozen=True)
class Group:
    """One line: what it is called, how many rows, which part of all, the sums, and where its rows are."""

    names: list[str]
    count: int
    share: float
    sums: Mapping[str, Any]
    address: str
    figure: Decimal | None = None
    """The number that was asked for beside these; of the rest there is no average."""
    key: str = ""


@api.described(
    summary="The rows of a list, counted and summed by one or two of its fields.",
    asks=(BY, FIGURE, *api.WHICH_ROWS),
)
def grouped(service: str, noun: str, suffix: str = "") -> Response:
    """As a page, JSON, a spreadsheet, or a PDF with the chart (DAT-07)."""
    kind = wanted()
    record = find_record(service, noun, "export" if kind in FILES else "read")
    address = asked()
    address = replace(address, by=address.by or _first(groupable(record)))
    by, asked_for = address.by, address.figure
    message = GroupedOf(entity=record.entity(), query=address.query(), by=by, figure=asked_for or None)
    kept = views.question(record) if kind == "html" else None
    counted, *answers = ask_each(Question(service, "grouped", message), *([kept] if kept else []))
    found = raise_problem(counted)
    if kind == "json":
        return json(found)
    attrs = [attr for name in by if (attr := attr_at(record, name)) is not None]
    groups = list(told(record, address, attrs, found))
    figure = next((one for one in figures(record) if one.name == asked_for), COUNT)
    chart = _chart(groups, figure, charts(attrs, figure), address.chart)
    sums = [
        a
        for a in (record.attrs()[name] for name in found["sums"])
        if any(Decimal(g.sums[a.name]) for g in groups)
    ]
    if kind == "xlsx":
        return named(
            Response(chunks(_sheet(attrs, sums, groups, found, figure)), mimetype=XLSX),
            f"{_title(record, attrs)} {today()}.xlsx",
        )
    said = chips(record, address, found["labels"])
    if kind == "pdf":
        return papers.sent(_paper(record, attrs, sums, groups, found, said, figure, address.chart), kind)
    tabs = views.tabs(record, screens().of(record), address, answers[0] if kept else None)
    return page(
        "entity/grouped.html", "grouped", record=record, entity=record.entity(), title=_title(record, attrs), by=by,
        attrs_by=attrs, groupable=groupable(record), behind=list(groupable_behind(record)), groups=groups, sums=sums, found=found, address=address,
        chips=said, chart=chart, charts=charts(attrs, figure), figures=figures(record), figure=figure, base=list_address(record.entity()),
        tabs=tabs, saves_views=kept is not None, query=address.written(),
    )  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A number told of each group: how many rows, or the sum or average of a field."""

    name: str
    attr: Attr | None = None

    @property
    def title(self) -> str:
        """As a column is called."""
        if self.attr is None:
            return _("Count")
        words = {"sum": N_("Sum of %(what)s"), "avg": N_("Average of %(what)s")}
        return _(words[self.name.rpartition("__")[2]], what=wording.field_label(self.attr))

    @property
    def is_average(self) -> bool:
        """The parts do not add up to the whole."""
        return self.name.endswith("__avg")

    def of(self, group: Group) -> Decimal | None:
        """Its value in a group."""
        return Decimal(group.count) if self.attr is None else group.figure

    def written(self, value: Any) -> str:
        """A value of it, as the field is written."""
        if value is None:
            return "—"
        kind = self.attr.kind if self.attr is not None else "integer"
        return {"amount": languages.money, "percent": languages.percent}.get(kind, languages.number)(value)


COUNT = Figure("")


def figures(record: type[Record]) -> list[Figure]:
    """What may be told of each group."""
    shown = screens().of(record).shown(record).values()
    numbers = [a for a in shown if a.kind in MEASURED and not a.many and not a.lines]
    return [COUNT, *(Figure(f"{a.name}__{how}", a) for a in numbers for how in MEASURED[a.kind])]


def charts(attrs: list[Attr], figure: Figure) -> list[str]:
    """Charts that say something true of these groups; the first is drawn unless another is chosen."""
    is_course = len(attrs) == 1 and attrs[0].kind in ("date", "datetime")
    is_whole = not figure.is_average and not any(a.many for a in attrs)
    return [*(["line"] if is_course else []), "bar", *(["pie"] if is_whole else [])]


def groupable(record: type[Record]) -> list[Attr]:
    """Fields by which rows are grouped."""
    shown = screens().of(record).shown(record).values()
    found = [a for a in shown if a.name == "state" or (a.filter and a.kind in GROUPABLE and not a.lines)]
    return [*found, record.attrs()["created_at"]]


def groupable_behind(record: type[Record]) -> Iterator[tuple[str, list[Attr]]]:
    """The same of the records that they refer to: the title of the reference, and its fields under their paths."""
    for title, attrs in ways(record):
        found = [
            a for a in attrs
            if a.filter and not is_of_several(record, a.name) and (is_state(a) or a.kind in GROUPABLE)
        ]  # fmt: skip
        if found:
            yield title, found


def _first(offered: list[Attr]) -> tuple[str, ...]:
    """A choice before anything else: what the list is most often told apart by."""
    best = sorted(offered, key=lambda a: (a.many, GROUPABLE.index(a.kind) if a.kind in GROUPABLE else 0))
    return (best[0].name,)


def _title(record: type[Record], attrs: list[Attr]) -> str:
    fields = ", ".join(wording.field_label(a) for a in attrs)
    return _("%(what)s by %(fields)s", what=wording.entity_plural(record), fields=fields)


def told(record: type[Record], address: ListAddress, attrs: list[Attr], found: Any) -> Iterator[Group]:
    """The groups of an answer, each with the address of its rows, and what lies beyond the last."""
    whole = found["count"] or 1
    for group in found["groups"]:
        pairs = list(zip(attrs, group["keys"], strict=True))
        names = [_named(record, a, key, found["labels"]) for a, key in pairs]
        narrowed = [condition for a, key in pairs for condition in _conditions(a, key)]
        kept = tuple(
            c
            for c in address.conditions
            if c.group or c.field not in {a.name for a in attrs} or address.match == "any"
        )
        rows = replace(address.listed, conditions=(*kept, *narrowed), sort="", columns=(), view="")
        yield Group(
            names,
            group["count"],
            group["count"] / whole,
            group["sums"],
            list_address(record.entity()) + rows.written(),
            None if group.get("figure") is None else Decimal(group["figure"]),
            " ".join(str(key or "") for key in group["keys"]),
        )
    rest = found["count"] - sum(group["count"] for group in found["groups"])
    if rest > 0 and not any(a.many for a in attrs):  # with several values in a row the groups overlap
        left = {
            n: str(Decimal(s) - sum(Decimal(g["sums"][n]) for g in found["groups"]))
            for n, s in found["sums"].items()
        }
        figure = _rest_of(found, address.figure)
        yield Group([_("all others"), *([""] * (len(attrs) - 1))], rest, rest / whole, left, "", figure)


def _rest_of(found: Any, figure: str) -> Decimal | None:
    """What is left of a sum; of averages nothing is known."""
    if not figure.endswith("__sum") or found.get("figure") is None:
        return None
    return Decimal(found["figure"]) - sum(Decimal(g["figure"] or 0) for g in found["groups"])


def _named(record: type[Record], a: Attr, key: Any, labels: Mapping[str, Any]) -> str:
    if key is None:
        return _("(nothing)")
    if a.ref:
        return wording.name_of(labels.get(str(key)), str(key)[:8])
    owner = (followed(record, a.name) or (record, a))[0].entity()
    if is_state(a):
        return wording.state(key, owner)
    if a.kind == "choice":
        return wording.choice(key, owner)
    if a.kind == "flag":
        return _("yes") if key else _("no")
    return str(key)


def _conditions(a: Attr, key: Any) -> list[Condition]:
    """What narrows the list to a group."""
    if key is None:
        # a record behind that is not there, or not hers to see, says nothing either
        is_behind = "." in a.name
        return [Condition(a.name, "empty", ("no",) if is_behind else ("yes",), is_not=is_behind)]
    if a.kind in ("date", "datetime"):
        year, month = map(int, str(key).split("-"))
        last = monthrange(year, month)[1]
        return [Condition(a.name, "gte", (f"{key}-01",)), Condition(a.name, "lte", (f"{key}-{last:02}",))]
    return [Condition(a.name, "eq", (str(key).lower() if a.kind == "flag" else str(key),))]


def _chart(groups: list[Group], figure: Figure, offered: list[str], wished: str) -> dict[str, Any]:
    """The largest groups as bars or slices, or all of them in the order of time."""
    kind = wished if wished in offered else offered[0]
    known = [group for group in groups if figure.of(group) is not None]
    if kind == "line":
        shown = sorted((group for group in known if group.key), key=lambda group: group.key)
    else:
        shown = sorted(known, key=lambda group: figure.of(group) or 0, reverse=True)
        shown = shown[: SLICES if kind == "pie" else CHARTED]
    names = [" · ".join(filter(None, group.names)) for group in shown]
    values = [float(figure.of(group) or 0) for group in shown]
    if kind == "pie" and (rest := sum(float(figure.of(g) or 0) for g in known) - sum(values)) > 0:
        names, values = [*names, _("all others")], [*values, round(rest, 2)]
    return {"kind": kind, "names": names, "values": values, "texts": [figure.written(v) for v in values]}


def _sheet(attrs: list[Attr], sums: list[Attr], groups: list[Group], found: Any, figure: Figure) -> Any:
    made = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `chunks`
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        money, part = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "0.0%"})
        titles = [
            *(wording.field_label(a) for a in attrs),
            _("Count"),
            _("Share"),
            *(wording.field_label(a) for a in sums),
            *([figure.title] if figure.attr else []),
        ]
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
        for at, group in enumerate([*groups, None], 1):
            names = group.names if group else [_("Total"), *([""] * (len(attrs) - 1))]
            for column, name in enumerate(names):
                sheet.write_string(at, column, name)
            sheet.write_number(at, len(attrs), group.count if group else found["count"])
            sheet.write_number(at, len(attrs) + 1, group.share if group else 1, part)
            for column, a in enumerate(sums, len(attrs) + 2):
                sheet.write_number(at, column, float((group.sums if group else found["sums"])[a.name]), money)
            value = group.figure if group else found.get("figure")
            if figure.attr and value is not None:
                sheet.write_number(at, len(titles) - 1, float(value), money)
        sheet.set_column(0, len(titles), 18)
        sheet.freeze_panes(1, 0)
    made.seek(0)
    return made


def _paper(
    record: type[Record],
    attrs: list[Attr],
    sums: list[Attr],
    groups: list[Group],
    found: Any,
    said: list[Chip],
    figure: Figure,
    wished: str,
) -> Paper:
    """The chart over the table, and which rows were counted."""
    titles = [*map(wording.field_label, attrs), _("Count"), _("Share"), *map(wording.field_label, sums)]
    titles += [figure.title] if figure.attr else []
    columns = tuple(Column(title, at >= len(attrs), not at) for at, title in enumerate(titles))
    total = None if found.get("figure") is None else Decimal(found["figure"])
    whole = Group([_("Total"), *([""] * (len(attrs) - 1))], found["count"], 1, found["sums"], "", total)
    rows = [
        (
            *group.names, languages.number(group.count), f"{group.share:.1%}",
            *(languages.money(group.sums[a.name]) for a in sums),
            *([figure.written(group.figure)] if figure.attr else []),
        )
        for group in (*groups, whole)
    ]  # fmt: skip
    told = _chart(groups, figure, charts(attrs, figure), wished)
    chart = Chart(
        told["kind"], figure.title, tuple(told["names"]), tuple(told["values"]), tuple(told["texts"])
    )
    chapter = Chapter(
        sections=only_rows_with(said),
        tables=(Table("", columns, tuple(tuple(map(Value, row)) for row in rows)),),
        chart=chart if told["values"] else None,
    )
    return Paper(
        wording.entity_plural(record),
        _title(record, attrs),
        "",
        "",
        (chapter,),
        papers.stamp(),
        languages.language(),
    )
