"""What is written in a file is found: the formats of OpenDocument as those of Microsoft (KNW-04)."""

from __future__ import annotations

import io
import tempfile
import zipfile
from typing import IO

import pytest
from pptx import Presentation
from pptx.util import Inches

from gateway import file_texts
from gateway.letters import WEB, charset, decoded

NAMESPACES = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
SAID = "<text:h>合同附件</text:h><text:p>甲方<text:s/>上海<text:tab/>乙方<text:line-break/><text:span>质保</text:span>三十六个月</text:p>"


def open_document(kind: str, body: str = SAID) -> bytes:
    """A file as LibreOffice saves it: a marked ZIP with its text in `content.xml`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        parts.writestr(
            "content.xml", f"<office:document-content {NAMESPACES}>{body}</office:document-content>"
        )
    return file.getvalue()


@pytest.mark.parametrize(("name", "kind"), [("附件.odt", "text"), ("介绍.odp", "presentation")])
def test_the_text_of_open_documents_is_read(name: str, kind: str):
    data = open_document(kind)
    found = file_texts.media_type(name, data[: file_texts.HEAD])
    assert found == f"application/vnd.oasis.opendocument.{kind}"
    said = file_texts.text_of(found, _file(data))
    assert said.split("\n") == ["合同附件", "甲方 上海 乙方 质保三十六个月", ""]


def test_what_stands_in_tables_groups_and_notes_of_slides_is_read():
    """CUS-23: an offer as slides has its prices in a table, and its boxes in groups within groups."""
    slides, inch = Presentation(), Inches(1)
    slide = slides.slides.add_slide(slides.slide_layouts[6])
    slide.shapes.add_textbox(inch, inch, inch, inch).text_frame.text = "三坐标测量机"
    table = slide.shapes.add_table(1, 2, inch, inch, inch, inch).table
    table.cell(0, 0).text, table.cell(0, 1).text = "单价", "十二万元"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(inch, inch, inch, inch).text_frame.text = "交货期"
    group.shapes.add_group_shape().shapes.add_textbox(inch, inch, inch, inch).text_frame.text = "四十五天"
    slide.notes_slide.notes_text_frame.text = "质保三年"
    file = io.BytesIO()
    slides.save(file)
    kind = file_texts.media_type("报价.pptx", file.getvalue()[: file_texts.HEAD])
    said = file_texts.text_of(kind, _file(file.getvalue())).split("\n")
    assert said == ["三坐标测量机", "单价 十二万元", "交货期", "四十五天", "质保三年", ""]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 no document",
        open_document("text", "<text:p>never closed"),
        open_document("text", "&lol;"),
    ],
)
def test_a_broken_document_is_kept_and_says_nothing(data: bytes):
    assert file_texts.text_of("application/vnd.oasis.opendocument.text", _file(data)) == ""


def _file(data: bytes) -> IO[bytes]:
    """On disk, as the reading process gets it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    file.write(data)
    file.seek(0)
    return file


SAID_IN_LETTERS = "会议纪要：三坐标测量机的报价与交货期，王工负责。\n" * 9


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
@pytest.mark.parametrize("times", [1, 9, 400])
def test_a_text_is_found_and_shown_in_whatever_letters_it_was_saved(letters: str, times: int):
    """A note saved on a Chinese Windows is a text like any other (CUS-23); its first bytes may end within a sign."""
    data = (SAID_IN_LETTERS * times).encode(letters)
    assert file_texts.media_type("纪要.txt", data[: file_texts.HEAD]) == "text/plain"
    assert "三坐标测量机的报价" in file_texts.text_of("text/plain", _file(data))
    assert SAID_IN_LETTERS[:20] in letters_of(data)


def letters_of(data: bytes) -> str:
    """As a browser reads it that is told the letters."""
    name = charset(data)
    return data.decode(WEB.get(name, name))


def test_texts_of_western_windows_are_read():
    assert decoded("José Müller, née Ségal, Straße".encode("cp1252")) == "José Müller, née Ségal, Straße"


@pytest.mark.parametrize("data", [bytes(range(256)) * 16, b"\x7fELF\x01\x02" * 50, b"\x89PNG\r\n\x1a\n" * 9])
def test_what_is_no_text_stays_none(data: bytes):
    assert file_texts.media_type("x.txt", data) != "text/plain"
