"""Which letters a text is written in, as Excel, WPS, Outlook and editors of all sorts save it."""

from __future__ import annotations

import re

PAIR = re.compile(rb"[\xa1-\xfe]{2}")
HIGH = re.compile(rb"[\x80-\xff]")
LIKELY = 0.6
"""Share of signs beyond ASCII that must stand in pairs as Chinese has them."""
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
CUT = "unexpected end of data"
"""What Python says of a text whose last sign is not all there."""
LONGEST_SIGN = 4
"""Bytes of one sign: so many at the end may be half of one."""


def decoded(data: bytes) -> str:
    """The text. Raises UnicodeDecodeError where it is in no letters we know."""
    name = charset(data)
    return data.decode(name, "replace" if name.startswith("utf-16") else "strict")


def head(data: bytes, most: int = 400) -> bytes:
    """How a text begins, in the letters of the West, whatever it is written in."""
    return data[:most].decode(charset(data), "ignore").encode()


def charset(data: bytes) -> str:
    """UTF-8 or UTF-16, with or without mark, GB 18030, or what Windows writes in the West; by the name Python knows it by. The
    last sign may be cut."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in data[:200]:
        # every second byte of an ASCII sign is nought: in front of it, or behind it
        return "utf-16-be" if data[:200:2].count(0) > data[1:200:2].count(0) else "utf-16-le"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason != CUT:
            return "gb18030" if _is_chinese(data) else "cp1252"
    return "utf-8-sig"


WEB = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}
"""What browsers call them, where that is another name."""


def _is_chinese(data: bytes) -> bool:
    """«é» in a Western text stands alone, or before small letters; a Chinese sign is two such bytes."""
    paired = 2 * len(PAIR.findall(data[:100_000]))
    return paired >= LIKELY * len(HIGH.findall(data[:100_000]))


def is_text(head: bytes) -> bool:
    """Whether these first bytes of a file are written signs, the last of which may be cut."""
    if b"\0" in head:
        return head.startswith((b"\xff\xfe", b"\xfe\xff"))
    for cut in range(LONGEST_SIGN):
        try:
            return CONTROLS.search(decoded(head[: len(head) - cut])) is None
        except UnicodeDecodeError:
            continue
    return False
