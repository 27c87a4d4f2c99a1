"""A paper: what there is to say about one thing, arranged for printing. Drawn up once, written as page, PDF, Word or Excel (DAT-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from contracts.errors import Refused
from contracts.language import N_


class CannotTypeset(Refused):
    """Raised where a paper did not become a PDF in time."""

    pattern = N_("This paper is too large for a PDF. Word and Excel can hold it.")


@dataclass(frozen=True)
class Value:
    """One value: as a person reads it, and as a spreadsheet computes with it."""

    text: str
    plain: str | Decimal | date | None = None
    is_whole: bool = False
    """A day, or the number of a paper: a line does not end within it."""


@dataclass(frozen=True)
class Pair:
    """A value under its title; a wide one takes the whole line."""

    title: str
    value: Value
    is_wide: bool = False


@dataclass(frozen=True)
class Section:
    """Values that belong together."""

    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; numbers stand at its right edge, and a wide one gets more of the sheet."""

    title: str
    is_number: bool = False
    is_wide: bool = False


@dataclass(frozen=True)
class Table:
    """Rows that belong to the thing. The note says what is not among them, and why."""

    title: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart: bars, a line through its values, or a pie; each value with its name and what is written beside it."""

    kind: Literal["bar", "line", "pie"]
    title: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A part of the paper."""

    title: str = ""
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True)
class Paper:
    """The whole: what it is, which one it is, in which state, what is on it, who printed it when."""

    kind: str
    title: str
    number: str
    state: str
    chapters: tuple[Chapter, ...]
    printed: str
    language: str
    is_wide: bool = False
    """It lies on its side, for tables of many columns."""

    @property
    def file_name(self) -> str:
        """What its file is called."""
        parts = dict.fromkeys(part for part in (self.kind, self.number, self.title) if part)
        return " ".join(parts).replace("/", "-").replace("\\", "-")[:120]
