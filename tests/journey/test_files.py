"""A signed contract is scanned and put on the customer; its words find it again; the picture shows in the browser. Users «attachments»."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from uuid import uuid4

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.journey.system import Client, System

MARK = uuid4().hex[:6]


def picture(colour: bytes = b"\xff\x00\x00") -> bytes:
    """A red PNG of 8 by 8."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + colour * 8 for _ in range(8))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def letter(*paragraphs: str) -> bytes:
    document, file = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(file)
    return file.getvalue()


@pytest.fixture
def customer(guanxi: System) -> tuple[Client, str]:
    alice = guanxi.client("alice")
    return alice, f"/customer/customer/{alice.rows('customer/customer', limit=1)[0]['id']}"


def test_files_are_put_on_found_by_their_words_shown_and_given_back(guanxi: System, customer):
    alice, place = customer
    sent = {
        "补充协议.docx": letter("甲方", f"质保{MARK}三十六个月"),
        "<b>机床.png": picture(),
        "page.html": b"<script>alert(1)</script>",
    }
    for _ in range(2):  # a second press with the same key is the same
        answer = alice.ask(
            "POST",
            f"{place}/attachments",
            key=f"files{MARK}",
            files=[("files", item) for item in sent.items()],
        )
        assert answer.status_code == 201, answer.text
    rows = {row["name"]: row for row in answer.json()["rows"]}
    assert rows.keys() == sent.keys()
    assert len(alice.get(f"{place}/attachments")["rows"]) == 3
    hits = alice.get("/search", q=f"质保{MARK}")["files"]
    assert [hit["name"] for hit in hits] == ["补充协议.docx"]
    assert guanxi.client("carol").get("/search", q=f"质保{MARK}")["files"] == []  # not hers

    for name, data in sent.items():
        got = alice.ask("GET", f"{place}/attachments/{rows[name]['id']}")
        assert got.content == data
        assert got.headers["Content-Disposition"].startswith("attachment")
    shown = alice.ask("GET", f"{place}/attachments/{rows['page.html']['id']}?show=1")
    assert (shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == (
        "text/plain; charset=utf-8",
        "nosniff",
    )
    assert (
        guanxi.client("carol").ask("GET", f"{place}/attachments/{rows['page.html']['id']}").status_code == 404
    )


def test_what_is_too_large_or_too_much_is_named_and_nothing_is_kept(customer):
    alice, place = customer
    before = len(alice.get(f"{place}/attachments")["rows"])
    many = [("files", (f"{n}.txt", b"1")) for n in range(21)]
    refused = alice.ask("POST", f"{place}/attachments", files=many)
    assert (refused.status_code, refused.json()["fields"][0]["code"]) == (422, "too_many_files")
    empty = alice.ask(
        "POST", f"{place}/attachments", files=[("files", ("好.txt", b"1")), ("files", ("空.txt", b""))]
    )
    assert (empty.status_code, "空.txt" in empty.json()["fields"][0]["detail"]) == (422, True)
    huge = alice.ask("POST", f"{place}/attachments", files=[("files", ("大.bin", b"1" * (22 * 2**20)))])
    assert huge.status_code == 413
    broken = alice.ask(
        "POST", f"{place}/attachments", files=[("files", ("坏.docx", b"PK\x03\x04 no document"))]
    )
    assert broken.status_code == 201, "what cannot be read is kept all the same"
    assert len(alice.get(f"{place}/attachments")["rows"]) == before + 1


def test_a_rep_adds_a_picture_sees_it_renames_it_and_takes_it_off(people, customer, tmp_path: Path):
    _, place = customer
    file = tmp_path / f"现场{MARK}.png"
    file.write_bytes(picture(b"\x00\x80\x00"))
    alice = people("alice")
    alice.go(place)
    alice.page.set_input_files("#files-input", file)
    row = alice.page.locator(".file", has_text=f"现场{MARK}.png")
    expect(row).to_be_visible()
    shown = row.locator("img")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 8)
    alice.look(on_phone=True)
    row.locator("summary").click()
    row.locator("input[name=name]").fill(f"车间{MARK}.png")
    row.get_by_role("button", name="改名").click()
    row = alice.page.locator(".file", has_text=f"车间{MARK}.png")
    row.locator("summary").click()
    row.get_by_role("button", name="取下").click()
    expect(row).to_have_count(0)
    alice.page.locator("#files").get_by_role("link", name="同时显示已移除的文件").click()
    alice.page.locator(".file", has_text=f"车间{MARK}.png").get_by_role("button", name="恢复").click()
    expect(alice.page.locator(".file", has_text=f"车间{MARK}.png").locator("img")).to_be_visible()
    alice.look()
