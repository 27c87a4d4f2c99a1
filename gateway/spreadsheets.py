"""What somebody uploads, as a table of cells: xlsx, xls, ods, csv or business cards, read with care."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, dropwhile, islice
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from contracts.errors import Problem, TooLarge
from contracts.language import N_
from gateway import letters, vcards
from gateway.joined_columns import FULL_NAME, Joined, joined

LARGEST_FILE = 64 * 1024 * 1024
"""Of a table without any packing: 100,000 rows with all their columns. It is read row by row, in a process of its own."""
LARGEST_PACKED = 20 * 1024 * 1024
LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 5000
MOST_ROWS = 200_000
MOST_COLUMNS = 300
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1e]")
"""Signs that no text has; the last of them parts the columns in files of some machines."""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*><f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)')


class NotASpreadsheet(Problem):
    """The bytes are no table, whatever the name says."""

    status = 422
    pattern = N_("This file is not a spreadsheet we can read. We take xlsx, xls, ods, csv and vCard.")


class NothingInside(Problem):
    status = 422
    pattern = N_("This file has no rows under its column titles.")


@dataclass(frozen=True)
class Table:
    """A sheet: its titles, and rows with their place in the file as a spreadsheet counts them (from 1).

    names      the titles as they stand in the file; those of `titles` behind them are of columns that are made of several
    sheets     those that have anything in them, and which of them this is; none for files of one table
    expected   about how many rows there are
    """

    titles: list[str]
    rows: Iterable[tuple[int, list[Any]]]
    names: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    sheet: str | None = None
    expected: int = 0

    @property
    def whole_titles(self) -> tuple[str, ...]:
        """The titles as they stand in the file, and those that were added."""
        return (*self.names, *self.titles[len(self.names) :])

    @property
    def added(self) -> dict[int, tuple[int, ...]]:
        """Columns that are none of the file's → those they are made of."""
        return {len(self.names) + n: one.places for n, one in enumerate(joined(self.names))}

    def samples(self, column: int, most: int = 20) -> list[str]:
        """The first few values of a column."""
        found = (
            str(cells[column]) for _, cells in self.rows if column < len(cells) and cells[column] is not None
        )
        return list(islice(found, most))

    def batches(self, size: int) -> Iterator[tuple[int, list[list[Any]]]]:
        """Rows in runs without a gap: the place of the first, and the cells of each."""
        first = 0
        run: list[list[Any]] = []
        for place, cells in self.rows:
            if run and (len(run) == size or place != first + len(run)):
                yield first, run
                run = []
            first = first if run else place
            run.append(cells)
        if run:
            yield first, run


def read(name: str, data: bytes, sheet: str | None = None) -> Table:
    """All of it at once: see `opened`."""
    table = opened(name, data, sheet)
    return replace(table, rows=list(table.rows))


def opened(name: str, data: bytes, sheet: str | None = None) -> Table:
    """The sheet of that name, else the first visible one with anything in it; its rows are read as they are asked for.

    Raises NotASpreadsheet, NothingInside or TooLarge, also on the way.
    """
    largest = LARGEST_PACKED if data.startswith((ZIP, OLE)) else LARGEST_FILE
    if len(data) > largest:
        raise TooLarge(limit=f"{largest // 2**20} MB")
    if data.startswith(ZIP):
        _refuse_bomb(data)
    if data.startswith((ZIP, OLE)):
        return _sheet(data, sheet)
    if vcards.is_vcard(letters.head(data)):
        return _table(iter(_cards(data)))
    suffix = name.rpartition(".")[2].casefold()
    if suffix not in {"csv", "txt", "tsv"}:
        raise NotASpreadsheet()
    return _csv(data)


def _refuse_bomb(data: bytes) -> None:
    """A small file must not unpack to a huge one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        raise NotASpreadsheet() from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise TooLarge(limit="300 MB")


def _sheet(data: bytes, wanted: str | None) -> Table:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [
            about.name for about in book.sheets_metadata
            if about.visible == SheetVisibleEnum.Visible and book.get_sheet_by_name(about.name).height
        ]  # fmt: skip
        if not visible:
            raise NothingInside()
        name = wanted if wanted in visible else visible[0]
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > MOST_ROWS + 1000 or sheet.total_width > MOST_COLUMNS:
            raise TooLarge(limit=f"{MOST_ROWS} × {MOST_COLUMNS}")
        lines = _lines(sheet, _formulas(data, name))
        return replace(_table(lines, sheet.total_height), sheets=tuple(visible), sheet=name)
    except Problem:
        raise
    except BaseException as error:
        # a panic inside the reader is no Exception; anything that wants to end the process still does
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise NotASpreadsheet() from None


def _lines(sheet: Any, formulas: dict[int, dict[int, str]]) -> Iterator[list[Any]]:
    """The cells of each row. One that holds a formula gives its text, so that the row is set aside instead of a guessed value
    taken."""
    left = [None] * (sheet.start[1] if sheet.start else 0)
    for at, cells in enumerate(sheet.iter_rows()):
        row = [*left, *cells]
        for column, text in formulas.get(at, {}).items():
            if column < len(row):
                row[column] = text
        yield row


def _formulas(data: bytes, sheet: str) -> dict[int, dict[int, str]]:
    """Row → column → the formula that stands there, with its sign; only xlsx tells."""
    found: dict[int, dict[int, str]] = {}
    if not data.startswith(ZIP):
        return found
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        part = _part_of(packed, sheet)
        inside = packed.read(part) if part else b""
    for match in FORMULA.finditer(inside) if b"<f" in inside else ():
        column, row, text = match.groups(b"")
        found.setdefault(int(row) - 1, {})[_column_number(column.decode())] = "=" + text.decode(
            "utf-8", "replace"
        )
    return found


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str | None:
    """Where in an xlsx the cells of a sheet are; None for other formats."""
    names = set(packed.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for found in book.iter(f"{MAIN}sheet"):
        if found.get("name") == sheet:
            target = targets.get(found.get(LINKED), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return path if path in names else None
    return None


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cards(data: bytes) -> list[list[Any]]:
    cells = vcards.cells(_decoded(data))
    if len(cells) > MOST_ROWS + 1:
        raise TooLarge(limit=f"{MOST_ROWS}")
    return cells


def _csv(data: bytes) -> Table:
    text = _decoded(data)
    if CONTROLS.search(text[:100_000]):
        raise NotASpreadsheet()
    return _table(_parted(text), text.count("\n") + (not text.endswith("\n")))


def _csv_lines(text: str) -> Iterator[str]:
    """Line by line: a second copy of it would take four times its memory."""
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        yield text[at:end]
        at = end


def _parted(text: str) -> Iterator[list[Any]]:
    try:
        for at, row in enumerate(csv.reader(_csv_lines(text), delimiter=_delimiter(text))):
            if at > MOST_ROWS:
                raise TooLarge(limit=f"{MOST_ROWS}")
            yield list(row)
    except csv.Error:
        raise NotASpreadsheet() from None


DELIMITERS = ",\t;|^~\x1f"


def _delimiter(text: str) -> str:
    """The sign that parts the titles and every row below them; headings above have none of it, or less."""
    rows = [line for line in text[:100_000].splitlines()[:10] if line.strip()]

    def parted(sign: str) -> tuple[bool, int, int]:
        counts = list(dropwhile(lambda count: not count, (row.count(sign) for row in rows)))
        having = sum(count > 0 for count in counts)
        return having == len(counts) > 0, having, counts[0] if counts else 0

    return max(DELIMITERS, key=parted)


def _decoded(data: bytes) -> str:
    try:
        return letters.decoded(data)
    except UnicodeDecodeError:
        raise NotASpreadsheet() from None


def _table(lines: Iterator[list[Any]], height: int = 0) -> Table:
    """Titles are the first row with as many texts as any of the first ten; what stands above is a heading."""
    first = list(islice(lines, 10))
    filled = [sum(value not in ("", None) for value in row) for row in first]
    if not filled or not max(filled):
        raise NothingInside()
    at = filled.index(max(filled))
    names = [str(_plain(value) or "").strip()[:200] for value in first[at]]
    more = joined(names)
    titles = [*names, *(one.title for one in more)]
    # a bare «Name» beside its parts is the person's again, not the company's
    if FULL_NAME in titles[len(names) :]:
        titles = ["" if title.casefold() == "name" else title for title in titles]
    rows = _filled(enumerate(chain(first[at + 1 :], lines), start=at + 2), len(names), more)
    one = next(rows, None)
    if one is None:
        raise NothingInside()
    return Table(titles, chain([one], rows), tuple(names), expected=max(height - at - 1, 1))


def _filled(
    lines: Iterator[tuple[int, list[Any]]], width: int, more: list[Joined]
) -> Iterator[tuple[int, list[Any]]]:
    """Rows that say anything, their cells as text; behind them what is joined from several."""
    for place, row in lines:
        values = [_plain(value) for value in row]
        if more:
            values = [*values[:width], *[None] * (width - len(values))]
            values += [one.join([values[part] or "" for part in one.places]) or None for one in more]
        if any(value is not None for value in values):
            yield place, values


def _plain(value: Any) -> Any:
    """A cell as text, as a person would type it; None for an empty one."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    text = str(value).strip()
    return None if text in NO_DAY or BIRTHDAY_ONLY.fullmatch(text) else text or None


NO_DAY = frozenset({"0/0/00", "0000-00-00"})
"""What Outlook and others write for «no date»."""
BIRTHDAY_ONLY = re.compile(r"--\d\d-?\d\d")
"""A day without its year, as address books of phones have it."""
