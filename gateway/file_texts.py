"""What is written in a file, so that it is found: PDF, Word, PowerPoint, spreadsheets, OpenDocument, plain text.

A file may be anything, also one made to break whoever opens it: it is read in a process of its own that has little memory,
little time, and nothing else to lose. `python -m gateway.file_texts TYPE < FILE` is that process.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

import puremagic
import structlog

from contracts.attachments import LONGEST_TEXT, PICTURES
from gateway import letters

SECONDS = 10
MEMORY = 768 * 2**20
HEAD = 4096
DEEPEST = 50
"""Groups of shapes within groups; deeper ones somebody made to break us."""
TEXT, PDF = "text/plain", "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument"
WORD, SLIDES, SHEETS = (
    f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.presentationml.presentation", f"{OFFICE}.spreadsheetml.sheet",
)  # fmt: skip
OPEN = "application/vnd.oasis.opendocument"
IN_A_ZIP = {
    ".docx": WORD, ".pptx": SLIDES, ".xlsx": SHEETS, ".ods": f"{OPEN}.spreadsheet", ".odt": f"{OPEN}.text",
    ".odp": f"{OPEN}.presentation",
}  # fmt: skip
SHOWN = PICTURES | {PDF, TEXT}
"""What a browser may show on our address: nothing in it runs."""

log = structlog.get_logger("gateway")


def media_type(name: str, head: bytes) -> str:
    """What a file is, by its first bytes; its name only tells apart what is a ZIP file to everybody else."""
    try:
        found = str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        found = ""
    if found in ("application/zip", *IN_A_ZIP.values()) or head.startswith(b"PK\x03\x04"):
        return IN_A_ZIP.get(Path(name).suffix.lower(), "application/zip")
    if found in SHOWN or (found and not letters.is_text(head)):
        return found
    return TEXT if letters.is_text(head) else "application/octet-stream"


def text_of(kind: str, file: IO[bytes]) -> str:
    """What is written in it, as much as is searched; empty where it cannot be read in time."""
    if kind not in READERS:
        return ""
    try:
        read = subprocess.run(
            [sys.executable, "-m", __name__, kind], stdin=file, capture_output=True, timeout=SECONDS + 5, check=True
        )  # fmt: skip
    except subprocess.SubprocessError as error:
        log.info("file not read", kind=kind, error=type(error).__name__)
        return ""
    return read.stdout.decode(errors="ignore")[:LONGEST_TEXT]


# -- within the process of its own ------------------------------------------------------------------------------------


def _plain(data: bytes) -> Iterable[str]:
    """Half a sign where it is cut is none."""
    data = data[: LONGEST_TEXT * 4]
    for cut in range(letters.LONGEST_SIGN):
        try:
            yield letters.decoded(data[: len(data) - cut])
            return
        except UnicodeDecodeError:
            continue
    yield data.decode(errors="ignore")


def _pdf(data: bytes) -> Iterable[str]:
    from pypdf import PdfReader

    for sheet in PdfReader(io.BytesIO(data)).pages:
        yield sheet.extract_text()


def _word(data: bytes) -> Iterable[str]:
    from docx import Document

    document = Document(io.BytesIO(data))
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        for row in table.rows:
            yield " ".join(cell.text for cell in row.cells)


def _slides(data: bytes) -> Iterable[str]:
    from pptx import Presentation

    for slide in Presentation(io.BytesIO(data)).slides:
        yield from _shapes(slide.shapes)
        if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
            yield notes.text


def _shapes(shapes: Iterable[Any], depth: int = 0) -> Iterable[str]:
    """What is written in shapes, in the cells of tables and in shapes that stand in groups, however deep."""
    for shape in shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (" ".join(cell.text for cell in row.cells) for row in shape.table.rows)
        if depth < DEEPEST and hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes, depth + 1)


def _sheets(data: bytes) -> Iterable[str]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).to_python():
            yield " ".join(str(cell) for cell in row if cell != "")


WRITTEN = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
PARAGRAPHS = frozenset({WRITTEN + "p", WRITTEN + "h"})
BLANKS = frozenset({WRITTEN + "s", WRITTEN + "tab", WRITTEN + "line-break"})


def _open_document(data: bytes) -> Iterable[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts, parts.open("content.xml") as content:
        for _, element in ElementTree.iterparse(content):
            if element.tag in BLANKS:
                element.text = " "
            elif element.tag in PARAGRAPHS:
                yield "".join(element.itertext())
                element.clear()


READERS: dict[str, Callable[[bytes], Iterable[str]]] = {
    TEXT: _plain, PDF: _pdf, WORD: _word, SLIDES: _slides, SHEETS: _sheets, IN_A_ZIP[".ods"]: _sheets,
    "application/vnd.ms-excel": _sheets, IN_A_ZIP[".odt"]: _open_document, IN_A_ZIP[".odp"]: _open_document,
}  # fmt: skip


def main() -> None:
    """Print what is written in the file on standard input, until there is enough."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    printed = 0
    for part in READERS[sys.argv[1]](sys.stdin.buffer.read()):
        sys.stdout.buffer.write(part.encode(errors="ignore") + b"\n")
        printed += len(part) + 1
        if printed > LONGEST_TEXT:
            break


if __name__ == "__main__":
    main()
