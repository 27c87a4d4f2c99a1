"""A paper as a spreadsheet: numbers stay numbers, texts stay texts, and nothing in them runs as a formula."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from gateway.papers import Paper, Table, Value

EXACT = Decimal(10) ** 13
"""Beyond this a spreadsheet's number would lose cents, so the amount is written as text."""
LONGEST = 32_767
WIDTH = 20


def write(paper: Paper) -> bytes:
    """The file."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": paper.title[:250], "author": "Guanxi"})
        _Sheet(book).fill(paper)
    return file.getvalue()


class _Sheet:
    """One sheet, filled from top to bottom."""

    def __init__(self, book: Any) -> None:
        self.sheet, self.at = book.add_worksheet(), 0
        self.title = book.add_format({"font_size": 16})
        self.chapter = book.add_format({"font_size": 13, "bottom": 2})
        self.section = book.add_format({"bold": True})
        self.faint = book.add_format({"font_color": "#5D6876"})
        self.head = book.add_format({"bold": True, "border": 1, "bg_color": "#EEF1F5", "text_wrap": True})
        self.plain, self.cell = (
            {"align": "left", "valign": "top", "text_wrap": True},
            {"border": 1, "valign": "top"},
        )
        self.formats = {
            (look, number): book.add_format({**base, **({"num_format": number} if number else {})})
            for look, base in (("plain", self.plain), ("cell", self.cell))
            for number in ("", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm")
        }

    def fill(self, paper: Paper) -> None:
        """All of it."""
        widest = max((len(t.columns) for c in paper.chapters for t in c.tables), default=2)
        self.sheet.set_column(0, max(widest, 4) - 1, WIDTH)
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.say(paper.title, self.title)
        self.say(" · ".join(filter(None, (paper.kind, paper.number, paper.state))), self.faint)
        for chapter in paper.chapters:
            self.at += 1
            if chapter.title:
                self.say(chapter.title, self.chapter)
            for section in chapter.sections:
                if section.title:
                    self.say(section.title, self.section)
                for pair in section.pairs:
                    self.sheet.write_string(self.at, 0, pair.title[:LONGEST], self.faint)
                    self.write(1, pair.value, "plain")
                    self.at += 1
                self.at += 1
            for table in chapter.tables:
                self.table(table)
        self.say(paper.printed, self.faint)

    def say(self, text: str, style: Any) -> None:
        """A line of its own."""
        self.sheet.write_string(self.at, 0, text[:LONGEST], style)
        self.at += 1

    def table(self, table: Table) -> None:
        """Rows under their titles."""
        if table.title:
            self.say(table.title, self.section)
        if table.rows:
            for column, title in enumerate(table.columns):
                self.sheet.write_string(self.at, column, title.title[:LONGEST], self.head)
            self.at += 1
            for row in table.rows:
                for column, value in enumerate(row):
                    self.write(column, value, "cell")
                self.at += 1
        if table.note:
            self.say(table.note, self.faint)
        self.at += 1

    def write(self, column: int, value: Value, look: str) -> None:
        """One value as what it is; what is empty has its frame all the same."""
        plain = value.plain if value.plain is not None else value.text
        put(self.sheet, self.at, column, plain, self.formats[look, _number_format(plain)])


def _number_format(plain: Any) -> str:
    if isinstance(plain, Decimal):
        return "#,##0.00" if plain.as_tuple().exponent else ""
    if isinstance(plain, datetime):
        return "yyyy-mm-dd hh:mm"
    return "yyyy-mm-dd" if isinstance(plain, date) else ""


def put(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """A value into its cell, as number, day or text."""
    if isinstance(value, Decimal) and abs(value) < EXACT:
        sheet.write_number(row, column, float(value), style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST], style)
