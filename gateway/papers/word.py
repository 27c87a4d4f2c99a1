"""A paper as a Word document: headings, values in a quiet table, rows in ruled ones."""

from __future__ import annotations

import io
import re
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from gateway.papers import Chapter, Paper, Section, Table

LATIN, CHINESE = "Calibri", "Microsoft YaHei"
FAINT = RGBColor(0x5D, 0x68, 0x76)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""


def write(paper: Paper) -> bytes:
    """The file."""
    document = Document()
    _lay_out(document)
    if paper.is_wide:
        sheet = document.sections[0]
        sheet.orientation = WD_ORIENT.LANDSCAPE
        sheet.page_width, sheet.page_height = sheet.page_height, sheet.page_width
    _faint(document.add_paragraph(), " · ".join(filter(None, (paper.kind, paper.number, paper.state))))
    document.add_heading(_clean(paper.title), 0)
    for chapter in paper.chapters:
        _chapter(document, chapter)
    _faint(document.sections[0].footer.paragraphs[0], paper.printed)
    document.core_properties.title, document.core_properties.author = _clean(paper.title)[:250], "Guanxi"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _lay_out(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(18)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), CHINESE)
    document.styles["Normal"].font.size = Pt(9.5)
    document.styles["Title"].font.size = Pt(20)


def _chapter(document: Any, chapter: Chapter) -> None:
    if chapter.title:
        document.add_heading(_clean(chapter.title), 1)
    for section in chapter.sections:
        _section(document, section)
    for table in chapter.tables:
        _table(document, table)


def _section(document: Any, section: Section) -> None:
    if section.title:
        document.add_heading(_clean(section.title), 2)
    made = document.add_table(rows=len(section.pairs), cols=2)
    made.autofit = False
    for row, pair in zip(made.rows, section.pairs, strict=True):
        title, value = row.cells
        title.width, value.width = Mm(45), Mm(129)
        _faint(title.paragraphs[0], pair.title)
        _say(value.paragraphs[0], pair.value.text)


def _table(document: Any, table: Table) -> None:
    if table.title:
        document.add_heading(_clean(table.title), 2)
    if table.rows:
        made = document.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
        texts = [[column.title for column in table.columns], *([v.text for v in row] for row in table.rows)]
        for at, (row, said) in enumerate(zip(made.rows, texts, strict=True)):
            for cell, column, text in zip(row.cells, table.columns, said, strict=True):
                line = cell.paragraphs[0]
                _say(line, text, bold=at == 0)
                if column.is_number:
                    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _repeat(made.rows[0])
    if table.note:
        _faint(document.add_paragraph(), table.note)


def _repeat(row: Any) -> None:
    """The titles stand on every page that the table reaches."""
    mark = row._tr.get_or_add_trPr()
    mark.append(mark.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _say(paragraph: Any, text: str, bold: bool = False) -> Any:
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(_clean(text))
    run.bold = bold or None
    return run


def _faint(paragraph: Any, text: str) -> None:
    run = _say(paragraph, text)
    run.font.color.rgb, run.font.size = FAINT, Pt(8.5)


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("\ufffd", text)
