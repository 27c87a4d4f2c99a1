"""Search by fragment: two characters of Chinese, the last four digits of a phone, pinyin initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import cast
from sqlalchemy.types import Text

from chassis.database import Searchable
from chassis.initials import initials
from contracts import own_fields
from contracts.message import Attr, Record

BLANKS = re.compile(r"[ \t\u3000]+")
NO_DIGIT = re.compile(r"\D")
DIALLED = re.compile(
    r"(?<!\S)(?=[\d ]{0,30}[+(\-./\u2010-\u2015]|0086)[+(\d][\d ()\-./\u2010-\u2015]{4,30}(?!\S)"
)
"""What may be a telephone number with signs that do not count."""
GAP = "\n"
"""Stands between two searched values, so that no fragment matches across them."""
LONGEST = 2000
"""Characters of a row by which it is found; a class with long texts says its own `longest_search`."""


def folded(text: str) -> str:
    """Full-width and case folded, blanks squeezed, without the one sign no database keeps: what both sides of a search are
    compared in."""
    text = text.replace("\x00", "")
    return BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def grams(text: str) -> list[str]:
    """Every character and every pair of neighbours in a value (pg_trgm cannot use its index below three)."""
    found: set[str] = set()
    for part in text.split(GAP):
        found.update(part)
        found.update(map("".join, pairwise(part)))
    found.discard(" ")
    return list(found)


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


def matches(cls: type[Searchable], text: str) -> ColumnElement[bool] | None:
    """Rows that contain every blank-separated fragment: by index on the grams, then rechecked on the text.

    A telephone number is found however it is written there and here (DAT-01).
    """
    text = folded(text)
    numbers = [
        (found[0], digits) for found in DIALLED.finditer(text) if len(digits := dialled(found[0])) >= 5
    ][:3]
    conditions = [or_(_holds(cls, number.split()), _holds(cls, [digits])) for number, digits in numbers]
    for number, _digits in numbers:
        text = text.replace(number, " ", 1)
    if fragments := text.split()[:5]:
        conditions.append(_holds(cls, fragments))
    return and_(*conditions) if conditions else None


def dialled(text: str) -> str:
    """The digits of a number as all ways of writing it have them: without country code and trunk zero."""
    digits = NO_DIGIT.sub("", text)
    if text.startswith("+86") or digits.startswith("0086"):
        digits = digits.removeprefix("00").removeprefix("86")
    return digits.lstrip("0") if len(digits) >= 7 else digits


def _holds(cls: type[Searchable], fragments: Iterable[str]) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for fragment in fragments:
        wanted = [g for g in grams(fragment) if len(g) == 2] or [fragment]
        conditions.append(cls.grams.contains(cast(wanted, ARRAY(Text))))
        if len(fragment) > 2:
            conditions.append(cls.search_text.contains(fragment, autoescape=True))
    return and_(*conditions)
