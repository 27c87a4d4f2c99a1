"""A file of a record as the browser is told to show it (CUS-23): texts in their letters, PDF within our own pages only."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest

PLACE = f"/toy/gadget/{UUID(int=5)}/attachments/{UUID(int=6)}"


@pytest.fixture
def kept(house):
    """`kept(kind, content)`: what the record's only file is."""

    def keep(media_type: str, content: bytes) -> None:
        about = {"id": str(UUID(int=6)), "name": "file", "media_type": media_type, "size": len(content)}
        parts = {0: base64.b64encode(content).decode()}
        house.doors["toy", "attachment"] = lambda _actor, _message: about
        house.doors["toy", "attachment_part"] = lambda _actor, message: {
            "data": parts.get(message.get("position", 0))
        }

    return keep


@pytest.mark.parametrize(("letters", "told"), [("gbk", "gb18030"), ("utf-8", "utf-8"), ("utf-16", "utf-16")])
def test_a_text_is_shown_in_the_letters_it_was_saved_in(alice, kept, letters, told):
    kept("text/plain", "会议纪要：三坐标".encode(letters))
    answer = alice.get(f"{PLACE}?show=1")
    assert answer.headers["Content-Type"] == f"text/plain; charset={told}"
    assert answer.data.decode(told) == "会议纪要：三坐标"
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_pdf_may_stand_within_our_own_pages_and_nothing_else_may(alice, kept):
    kept("application/pdf", b"%PDF-1.7")
    answer = alice.get(f"{PLACE}?show=1")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert answer.data == b"%PDF-1.7"
    kept("text/plain", b"x")
    assert alice.get(f"{PLACE}?show=1").headers["X-Frame-Options"] == "DENY"
