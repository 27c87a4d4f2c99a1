"""Which column of a file fills which field: by title in both languages, by synonym, by what stands in the cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic_core import PydanticCustomError

from contracts import kinds
from contracts.message import Attr, Record
from contracts.transfer import UNMAPPED
from gateway import wording
from gateway.languages import LANGUAGES, translations
from gateway.screen import Screens
from gateway.spreadsheets import Table

FILL_NOTHING = frozenset(
    {
        "lastactivitydate",
        "lastactivity",
        "lastcontacted",
        "lastmodified",
        "lastmodifieddate",
        "recordid",
        "leadstatus",
    }
)
"""Titles of other systems' own bookkeeping, which hold words of ours but fill no field, unless somebody says so."""
BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
NOISE = re.compile(r"[\s_\-.:：*/、,，]+")
ENOUGH = 0.6
"""Share of a column's values that must look like a kind before the column is taken for it."""


FOUND_BY = ("id", "number")
"""What no file fills, but finds a record again that came out of an export."""
KEYS = (*FOUND_BY, "tax_number", "email", "mobile", "phone", "name")
"""Fields by which a row likely finds the record it changes, the surest first."""
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ORIGIN = {
    "created_at": ("创建时间", "创建日期", "Created On", "Create Date", "Created Time", "Created Date"),
    "created_by": ("创建人", "创建者", "Created By"),
}
"""Where a record comes from, and how other systems call that."""


def importable(record: type[Record], screens: Screens) -> dict[str, Attr]:
    """The fields a file may fill: those of the form, what the record's `importing` adds, when and by whom it was entered, and
    the id and number by which it is found again. A table brings no files."""
    own = {"id": record.attrs()["id"], **screens.of(record).shown(record)}
    found = {
        name: a
        for name, a in own.items()
        if (not a.readonly or name in FOUND_BY) and a.lines is None and a.kind != "file"
    }
    found |= {name: replace(record.attrs()[name], synonyms=titles) for name, titles in ORIGIN.items()}
    return found | (record.importing.attrs() if record.importing is not None else {})


def keys(fields: Mapping[str, Attr], columns: list[str]) -> list[Attr]:
    """The fields by which rows of this file may find the records they change, the likeliest first."""
    fitting = [
        a for name, a in fields.items()
        if name in columns and a.kind in {"id", "text", "email", "phone", "integer"} and not (a.many or a.ref or a.lines)
    ]  # fmt: skip
    place = {name: n for n, name in enumerate(KEYS)}
    return sorted(fitting, key=lambda a: place.get(a.name, len(place)))


def folded(title: str) -> str:
    """«金额（元）», « Amount » and «AMOUNT» are the same title."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return NOISE.sub("", BRACKETS.sub("", text)) or NOISE.sub("", text)


def whole_title(title: str) -> str:
    """«Phone (Mobile)» is not «Phone» where somebody knows the difference."""
    return NOISE.sub("", unicodedata.normalize("NFKC", title).casefold())


def match(table: Table, fields: Mapping[str, Attr], remembered: Mapping[str, str]) -> list[str]:
    """The field of each column, «» for none. What was chosen last time comes first, also that a column fills nothing; guesses
    by content come last."""
    own, names = _names(fields), _names(fields, with_synonyms=True)
    found = ["" for _ in table.titles]
    decided: set[int] = set()
    added = table.added

    def settle(guess: Callable[[int], str | None]) -> None:
        for column in range(len(found)):
            name = "" if found[column] or column in decided else guess(column)
            if name and name in fields and name not in found:
                found[column] = name

    kept = _in_one_part(table, names, remembered)
    settle(lambda column: None if column in kept else remembered.get(folded(table.titles[column])))
    settled = FILL_NOTHING | remembered.keys()
    decided.update(column for column, title in enumerate(table.titles) if folded(title) in settled)
    settle(lambda column: _id_of_ours(table, column, fields))
    settle(lambda column: names.get(folded(table.titles[column])) if column in added else None)
    whole = _names(fields, with_synonyms=True, fold=whole_title)
    settle(lambda column: whole.get(title) if "(" in (title := whole_title(table.titles[column])) else None)
    settle(lambda column: own.get(folded(table.titles[column])))
    settle(lambda column: names.get(folded(table.titles[column])))
    settle(lambda column: _contained(folded(table.titles[column]), names))
    settle(lambda column: _by_content(table.samples(column), fields, found))
    return found


def _in_one_part(table: Table, names: Mapping[str, str], remembered: Mapping[str, str]) -> set[int]:
    """Columns that filled a field by themselves the last time, and of which one is joined now with the rest of what they say."""
    found = set[int]()
    for column, parts in table.added.items():
        title = folded(table.titles[column])
        fields = {part: name for part in parts if (name := remembered.get(folded(table.titles[part])))}
        if title not in remembered and list(fields.values()) == [names.get(title)]:
            found |= fields.keys()
    return found


def _id_of_ours(table: Table, column: int, fields: Mapping[str, Attr]) -> str | None:
    """An «Id» of another system is none of ours."""
    called = {folded(title) for title in _in_languages(fields["id"].label)} if "id" in fields else set()
    samples = table.samples(column)
    fits = folded(table.titles[column]) in called and samples and all(map(ID.fullmatch, samples))
    return "id" if fits else None


def _names(
    fields: Mapping[str, Attr], *, with_synonyms: bool = False, fold: Callable[[str], str] = folded
) -> dict[str, str]:
    """What a field is called here; with its synonyms every title it answers to."""
    found: dict[str, str] = {}
    for name, attr in fields.items():
        if attr.kind == "id":
            continue
        titles = [*_in_languages(attr.label), name, *(attr.synonyms if with_synonyms else ())]
        for title in titles:
            found.setdefault(fold(title), name)
    return found


def _in_languages(source: str) -> list[str]:
    return [source, *(translations(language).gettext(source) for language in LANGUAGES)]


def _contained(title: str, names: Mapping[str, str]) -> str | None:
    """«客户联系电话» contains «联系电话»; the longest such name wins."""
    inside = [known for known in names if len(known) >= 2 and known in title]
    return names[max(inside, key=len)] if inside else None


def _by_content(samples: list[str], fields: Mapping[str, Attr], taken: list[str]) -> str | None:
    if len(samples) < 2:
        return None
    for name, attr in fields.items():
        if name not in taken and attr.kind in LOOKS:
            fitting = sum(LOOKS[attr.kind](value) for value in samples)
            if fitting / len(samples) >= ENOUGH:
                return name
    return None


def _accepted_by(clean: Callable[[Any], Any]) -> Callable[[str], bool]:
    def looks(value: str) -> bool:
        try:
            return clean(value) is not None
        except PydanticCustomError:
            return False

    return looks


LOOKS: dict[str, Callable[[str], bool]] = {
    "email": _accepted_by(kinds.email),
    "url": lambda value: value.casefold().startswith(("http://", "https://", "www.")),
    "phone": lambda value: re.fullmatch(r"(\+?86)?[ -]?1\d{10}|0\d{2,3}-?\d{7,8}(-\d+)?", value) is not None,
}
"""Kinds that are told by their looks alone; numbers and dates could be anything."""


SLASHED = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::\d\d)?\s*([AaPp])?\.?[Mm]?\.?)?"
)


def day_first(table: Table, fields: Mapping[str, Attr], columns: list[str]) -> dict[int, bool]:
    """Columns of days that are written 3/1/2026, and whether the day comes first in them: a file that nowhere names a
    thirteenth day or later in front is taken for one of those systems that write the month first."""
    found: dict[int, bool] = {}
    for number, name in enumerate(columns):
        if name in fields and fields[name].kind in {"date", "datetime"}:
            days = [match for value in table.samples(number, 200) if (match := SLASHED.fullmatch(value))]
            if days:
                found[number] = any(int(match[1]) > 12 for match in days)
    return found


def _day(value: Any, *, day_comes_first: bool) -> Any:
    """As ISO writes it; anything else as it is."""
    match = SLASHED.fullmatch(str(value))
    if match is None:
        return value
    one, other, year, hour, minute, half = match.groups()
    month, day = (other, one) if day_comes_first else (one, other)
    written = f"{year}-{int(month):02}-{int(day):02}"
    if hour is None:
        return written
    hours = int(hour) % 12 + (12 if half.lower() == "p" else 0) if half else int(hour)
    return f"{written} {hours:02}:{minute}"


def values_of(
    fields: Mapping[str, Attr],
    columns: list[str],
    entity: str,
    day_comes_first: Mapping[int, bool] | None = None,
) -> Callable[[list[Any]], dict[str, Any]]:
    """A row's cells as values by field; choices written as words become their codes, and what fills no field comes along."""
    placed = [
        (number, name if name in fields else f"{UNMAPPED}{number}") for number, name in enumerate(columns)
    ]
    slashed = day_comes_first or {}
    words = {name: _choice_words(attr, entity) for name, attr in fields.items() if attr.choices}

    def row(cells: list[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number, name in placed:
            value = cells[number] if number < len(cells) else None
            if isinstance(value, str) and (SEVERAL in value or value.startswith("* ")):
                value = _several(value, fields.get(name)) or None
            if value is not None:
                if number in slashed:
                    value = _day(value, day_comes_first=slashed[number])
                found[name] = words[name].get(folded(value), value) if name in words else value
        return found

    return row


SEVERAL = " ::: "
"""Between several values in one cell of Google's."""


def _several(value: str, attr: Attr | None) -> str:
    """A field of one value takes the first; of labels those of the address book itself («* myContacts») are none of ours."""
    parts = value.split(SEVERAL)
    if attr is None:
        return value
    return ", ".join(part for part in parts if not part.startswith("* ")) if attr.many else parts[0]


def _choice_words(attr: Attr, entity: str) -> dict[str, str]:
    found = {folded(choice): choice for choice in attr.choices}
    for language in LANGUAGES:
        found |= {folded(wording.word("choice", choice, entity, language)): choice for choice in attr.choices}
    return found
