"""What is written in a file is found: the formats of OpenDocument as those of Microsoft (KNW-04)."""

from __future__ import annotations

import io
import tempfile
import zipfile
from typing import IO

import pytest

from gateway import file_texts

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
