"""Business cards (vCard): those of any version as a table, as address books of phones, Outlook and Google give them out; and rows as
cards of version 3.0, which all of them take in."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from icalendar.parser import Contentline, Contentlines

from gateway.joined_columns import joined_address, joined_name

TITLES = (
    "Full name",
    "Company",
    "Department",
    "Job title",
    "Mobile",
    "Phone",
    "E-mail",
    "Website",
    "Address",
    "Birthday",
    "Note",
)
"""Of the columns a card becomes; matching knows them like any other title."""
BEGIN = re.compile(rb"\s*BEGIN:VCARD", re.IGNORECASE)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
BARE = re.compile(r"^([\w.-]+)((?:;[A-Za-z-]+(?=[;:]))+)", re.MULTILINE)
"""«TEL;CELL:»: in version 2.1 a type needs no name."""
VALUE = re.compile(r'(?:[^":]|"[^"]*")*:(.*)', re.DOTALL)
TYPES = re.compile(r"[;,]?type=([\w-]+)", re.IGNORECASE)
"""Of which there may be several in one line, each by itself."""
PARTS = re.compile(r"(?<!\\);")


def is_vcard(data: bytes) -> bool:
    """Whether it begins like one."""
    return BEGIN.match(data) is not None


def cells(text: str) -> list[list[Any]]:
    """A row of titles and one row for each card."""
    return [list(TITLES), *([card.get(title) for title in TITLES] for card in _cards(text))]


def _cards(text: str) -> Iterator[dict[str, str]]:
    card: dict[str, str] | None = None
    for line in _lines(text):
        try:
            name, params, _ = line.parts()
        except ValueError:
            continue  # not a line of a card; the others are worth having
        value = _value(line)
        name = name.rpartition(".")[2].upper()  # «item1.TEL»: a group, which is of no interest
        if name == "BEGIN":
            card = {}
        elif name == "END" and card is not None:
            yield card
            card = None
        elif card is not None:
            kinds = {kind.upper() for key in params for kind in [*_several(params[key]), key]}
            kinds |= {kind.upper() for kind in TYPES.findall(line.removesuffix(value))}
            if "QUOTED-PRINTABLE" in kinds:
                value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
            if "X-APPLE-OMIT-YEAR" not in kinds:
                _put(card, name, kinds, value)


def _lines(text: str) -> list[Contentline]:
    """Unfolded; vCard 2.1 continues quoted-printable lines in its own way."""
    joined = re.sub(r"=\r?\n(?=\S)", "", text) if "QUOTED-PRINTABLE" in text.upper() else text
    joined = BARE.sub(lambda found: found[1] + found[2].replace(";", ";TYPE="), joined)
    lines: list[Contentline] = [line for line in Contentlines.from_ical(joined) if line]  # type: ignore[no-untyped-call]
    return lines


def _value(line: str) -> str:
    """What stands behind the colon, as it stands there: which signs are escaped is told apart later."""
    found = VALUE.match(line)
    return found[1] if found is not None else ""


def _several(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else str(value).split(",")


def _put(card: dict[str, str], name: str, kinds: set[str], value: str) -> None:
    """The first of each kind counts; the preferred one before all."""
    parts = [ESCAPED.sub(_unescaped, part).strip() for part in PARTS.split(value)]
    whole = " ".join(filter(None, parts))
    title = TITLE_OF.get(name)
    if name == "FN":
        card["Full name"] = whole
    elif name == "N" and whole:
        card.setdefault("Full name", joined_name(parts[0], *parts[1:3]))
    elif name == "ADR" and whole:
        card.setdefault("Address", joined_address(dict(zip(ADDRESS_PARTS, parts, strict=False))))
    elif name == "ORG":
        card.setdefault("Company", parts[0])
        card.setdefault("Department", " ".join(parts[1:]))
    elif name == "TEL":
        number = whole.removeprefix("tel:")
        kind = "Mobile" if kinds & {"CELL", "MOBILE", "IPHONE"} else "Phone"
        if "FAX" not in kinds and ("PREF" in kinds or kind not in card):
            card[kind] = number
    elif title and whole:
        card.setdefault(title, whole)


ADDRESS_PARTS = ("box", "more", "street", "city", "province", "postal", "country")
"""In the order in which a card has them."""
TITLE_OF = {
    "TITLE": "Job title", "EMAIL": "E-mail", "URL": "Website", "BDAY": "Birthday", "NOTE": "Note",
}  # fmt: skip


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]


def card(id: str, changed_at: datetime, said: Mapping[str, str]) -> bytes:
    """One card of version 3.0: property («FN», «TEL;TYPE=CELL») → text. A card that comes again replaces the former one."""
    name = said.get("FN") or said.get("ORG") or said.get("EMAIL") or ""
    lines = [
        "BEGIN:VCARD", "VERSION:3.0", f"UID:urn:uuid:{id}", f"REV:{changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"FN:{_escaped(name)}",
        # which part of a name is the family's nobody can tell in general; a whole name is shown as it is
        f"N:{_escaped(name)};;;;",
        *(_line(key, text) for key, text in said.items() if text and key != "FN"),
        "END:VCARD",
    ]  # fmt: skip
    return b"".join(Contentline(line).to_ical() + b"\r\n" for line in lines)  # type: ignore[no-untyped-call]


def _line(key: str, text: str) -> str:
    """An address is its street: what else belongs to it stands in the same text with us."""
    return f"{key}:;;{_escaped(text)};;;;" if key.startswith("ADR") else f"{key}:{_escaped(text)}"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())
