"""Search by fragment: two characters of Chinese, the last four digits of a phone, pinyin initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import cast
from sqlalchemy.types import Text

from chassis.database import Searchable
from chassis.initials import initials
from contracts import own_fields
from contracts.message import Attr, Record

BLANKS = re.compile(r"[ \t\u3000]+")
NO_DIGIT = re.compile(r"\D")
RUN = re.compile(r"[0-9]{4,}")
PAIR = re.compile(r"[0-9]{2}")
DIALLED = re.compile(
    r"(?<!\S)(?=[\d ]{0,30}[+(\-./\u2010-\u2015]|0086)[+(\d][\d ()\-./\u2010-\u2015]{4,30}(?!\S)"
)
"""What may be a telephone number with signs that do not count."""
GAP = "\n"
"""Stands between two searched values, so that no fragment matches across them."""
SPECIAL = re.compile("[%_/]")
"""What would mean something in a pattern."""
TEXTS: ARRAY[Any] = ARRAY(Text)
LONGEST = 2000
"""Characters of a row by which it is found; a class with long texts says its own `longest_search`."""


def folded(text: str) -> str:
    """Full-width and case folded, blanks squeezed, without the one sign no database keeps: what both sides of a search are
    compared in."""
    text = text.replace("\x00", "")
    return BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def grams(text: str) -> list[str]:
    """Every character and every pair of neighbours in a value (pg_trgm cannot use its index below three), and every four
    digits in a row: of numbers, each pair is in a tenth of all rows."""
    found: set[str] = set()
    for part in text.split(GAP):
        found.update(part)
        found.update(map("".join, pairwise(part)))
        found.update(_fours(part))
    found.discard(" ")
    return list(found)


def _fours(text: str) -> Iterator[str]:
    return (run[at : at + 4] for run in RUN.findall(text) for at in range(len(run) - 3))


def keys(fragment: str) -> list[str]:
    """Those of its grams by which a fragment is looked for: as few as say it all, the rarest kind first."""
    fours = set(_fours(fragment))
    pairs = {"".join(pair) for pair in pairwise(fragment)}
    if fours:
        pairs = {pair for pair in pairs if not PAIR.fullmatch(pair)}
    return [*fours, *pairs] or [fragment]


def searched(values: Iterable[tuple[str, Any]], longest: int = LONGEST) -> str:
    """The text a row is found by, from (kind, value) pairs; phones also as bare digits, names also by initials."""
    parts: list[str] = []
    for kind, value in values:
        if value in (None, ""):
            continue
        part = folded(str(value))
        parts.append(part)
        if kind == "phone":
            parts.append(NO_DIGIT.sub("", part))
        elif kind == "text":
            parts.append(initials(part))
    return GAP.join(dict.fromkeys(part for part in parts if part))[:longest]


def text_of(row: Any, record: type[Record]) -> str:
    """What the record's `search=True` fields say on this row."""
    values = ((kind, getattr(row, name)) for name, kind in _searched_fields(record))
    return searched(values, getattr(row, "longest_search", LONGEST))


def _searched_fields(record: type[Record]) -> tuple[tuple[str, str], ...]:
    return _searched(record, own_fields.of(record.entity()))


@lru_cache(maxsize=1000)
def _searched(record: Any, own: tuple[Attr, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, a.kind) for name, a in record.attrs().items() if a.search)


@dataclass(frozen=True)
class Fragment:
    """One piece of what is looked for: the grams that a row must have, and what its text must be like where these do not say it
    all."""

    keys: tuple[str, ...]
    pattern: str | None

    @classmethod
    def of(cls, text: str) -> Fragment:
        """A piece without blanks."""
        found, plain = tuple(keys(text)), SPECIAL.sub(r"/\g<0>", text)
        return cls(found, None if found == (text,) else f"%{plain}%")


Ways = tuple[tuple[Fragment, ...], ...]
"""Of these one must hold with all its fragments."""
Place = Callable[[Any, Any], ColumnElement[Any]]
"""How a value is written, told its kind."""


def sought(text: str) -> list[Ways]:
    """What must all hold of a row that contains every blank-separated fragment.

    A telephone number is found however it is written there and here (DAT-01).
    """
    text = folded(text)
    numbers = [
        (found[0], digits) for found in DIALLED.finditer(text) if len(digits := dialled(found[0])) >= 5
    ][:3]
    found: list[Ways] = [(_fragments(number.split()), _fragments([digits])) for number, digits in numbers]
    for number, _digits in numbers:
        text = text.replace(number, " ", 1)
    if fragments := text.split()[:5]:
        found.append((_fragments(fragments),))
    return found


def _fragments(texts: Iterable[str]) -> tuple[Fragment, ...]:
    return tuple(map(Fragment.of, texts))


def matches(cls: type[Searchable], text: str) -> ColumnElement[bool] | None:
    """Rows that contain every blank-separated fragment: by index on the grams, then rechecked on the text."""
    found = sought(text)
    return holds(cls, found, _value) if found else None


def _value(value: Any, kind: Any) -> ColumnElement[Any]:
    return bindparam(None, value, kind)


def holds(cls: type[Searchable], wanted: Iterable[Ways], place: Place) -> ColumnElement[bool]:
    """The same of what is sought, each value written as told."""
    return and_(*(or_(*(_all(cls, way, place) for way in ways)) for ways in wanted))


def values(wanted: Iterable[Ways]) -> Iterator[Any]:
    """What `holds` writes, in its order."""
    for fragment in chain.from_iterable(chain.from_iterable(wanted)):
        yield list(fragment.keys)
        if fragment.pattern is not None:
            yield fragment.pattern


def _all(cls: type[Searchable], fragments: Iterable[Fragment], place: Place) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for fragment in fragments:
        conditions.append(cls.grams.contains(cast(place(list(fragment.keys), TEXTS), TEXTS)))
        if fragment.pattern is not None:
            conditions.append(cls.search_text.like(place(fragment.pattern, Text()), escape="/"))
    return and_(*conditions)


def dialled(text: str) -> str:
    """The digits of a number as all ways of writing it have them: without country code and trunk zero."""
    digits = NO_DIGIT.sub("", text)
    if text.startswith("+86") or digits.startswith("0086"):
        digits = digits.removeprefix("00").removeprefix("86")
    return digits.lstrip("0") if len(digits) >= 7 else digits
