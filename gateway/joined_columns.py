"""Columns of a file that say one thing in parts, such as a family and a given name, or a street and a city: each is joined into a
column of its own, which is added behind those of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

FULL_NAME, ADDRESS = "Full name", "Address"
"""Titles of what is added; fields are labelled so."""
CHINESE = re.compile(r"[\u3400-\u9fff]")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
SIGNS = re.compile(r"[\s_\-–/.,:*()（）]+")


@dataclass(frozen=True)
class Joined:
    """A column that is added: its title, the columns it is made of, and what becomes of their cells."""

    title: str
    places: tuple[int, ...]
    join: Callable[[Sequence[str]], str]


def joined(titles: Sequence[str]) -> list[Joined]:
    """What is added to a file with these titles."""
    folded = [SIGNS.sub(" ", CAMEL.sub(" ", title)).strip().casefold() for title in titles]
    return [*_full_name(folded), *_address(folded)]


def own_titles(titles: list[str]) -> list[str]:
    """Of these titles of a table those that stand in the file."""
    for length in (len(titles) - 2, len(titles) - 1):
        if length > 0 and [one.title for one in joined(titles[:length])] == titles[length:]:
            return titles[:length]
    return titles


# -- names ------------------------------------------------------------------------------------------------------------

FAMILY = frozenset({"last name", "family name", "surname", "姓", "姓氏"})
GIVEN = frozenset({"first name", "given name", "名", "名字"})


def _full_name(titles: list[str]) -> list[Joined]:
    places = [
        next((n for n, title in enumerate(titles) if title in wanted), None) for wanted in (FAMILY, GIVEN)
    ]
    known = tuple(place for place in places if place is not None)
    return [Joined(FULL_NAME, known, lambda cells: joined_name(*cells))] if len(known) == 2 else []


def joined_name(family: str, *given: str) -> str:
    """王 + 芳 is 王芳, Smith + Ann is Ann Smith."""
    rest = [part for part in given if part]
    if CHINESE.search(family + "".join(rest)):
        return family + "".join(rest)
    return " ".join(filter(None, [*rest, family]))


# -- addresses --------------------------------------------------------------------------------------------------------

PARTS = {
    "street": (
        "street", "street address", "address", "address line 1", "address 1", "street 1", "street line 1", "地址", "公司地址",
        "单位地址", "详细地址", "联系地址", "通讯地址", "通信地址", "街道", "街道地址", "所在街道",
    ),
    "more": ("street 2", "street address 2", "address line 2", "address 2", "street line 2"),
    "district": ("district", "区", "区县", "区 县", "县", "县区", "所在区", "所在区县"),
    "city": ("city", "town", "city town", "市", "城市", "地级市", "所在市", "所在城市"),
    "province": ("state", "province", "state province", "state region", "state or province", "省", "省份", "所在省", "所在省份"),
    "postal": (
        "zip", "zip code", "postal code", "postcode", "post code", "zip postal code", "zip code postal code", "邮编", "邮政编码",
    ),
    "country": ("country", "country region", "国家", "国家 地区", "国家地区", "所在国家"),
}  # fmt: skip
"""What a part of an address is called; in English behind whose or which address it is, «billing city»."""
PLACES = {"city", "postal", "country"}
"""One of these must be there: a «state» beside an address may be that of the record."""
LATER = ("home", "other", "shipping", "delivery")
"""Of several addresses these count only where a row has none of the others."""
PART_CALLED = {name: part for part, names in PARTS.items() for name in names}
Address = dict[str, int]


def _address(titles: list[str]) -> list[Joined]:
    """One address for each row, however many a file parts: the first that says anything."""
    known = [
        places for which, places in sorted(_addresses(titles).items(), key=lambda one: one[0] in LATER)
        if len(places) > 1 and PLACES & places.keys() and f"{which} formatted".strip() not in titles
    ]  # fmt: skip
    if not known:
        return []
    columns = tuple(place for places in known for place in places.values())

    def join(cells: Sequence[str]) -> str:
        at = dict(zip(columns, cells, strict=True))
        each = (joined_address({part: at[place] for part, place in places.items()}) for places in known)
        return next(filter(None, each), "")

    return [Joined(ADDRESS, columns, join)]


def _addresses(titles: list[str]) -> dict[str, Address]:
    """Which address («billing», «home», or just the one) → part → its column."""
    found: dict[str, Address] = {}
    for column, title in enumerate(titles):
        words = title.split()
        for n in range(len(words)):  # the longest that it is called comes first
            part = PART_CALLED.get(" ".join(words[n:]))
            if part is not None:
                found.setdefault(" ".join(words[:n]), {}).setdefault(part, column)
                break
    return found


def joined_address(said: dict[str, str]) -> str:
    """As it is written where it is: 中国广东省深圳市南山区科技路1号 518000, or 1 Main St, Springfield, IL 62701, USA. What the street
    says itself is not said again."""
    part = {name: (said.get(name) or "").strip() for name in PARTS}
    if CHINESE.search("".join(part.values())):
        return _from_large_to_small(part)
    return _from_small_to_large(part)


UNIT = "省市区县州盟旗"


def _from_large_to_small(part: dict[str, str]) -> str:
    rest, before = " ".join(filter(None, (part["street"], part["more"]))), ""
    for text in (part["country"], part["province"], part["city"], part["district"]):
        short = text.rstrip(UNIT)
        if not text or before.endswith((text, *(short + unit for unit in UNIT if short))):
            continue  # 北京市 is a city as well as its province
        again = next(
            (written for written in (text, *(text + unit for unit in UNIT)) if _begins(rest, written)), None
        )
        if again is not None:
            rest = rest.removeprefix(again)
        before += again or text
    return " ".join(filter(None, (before + rest, part["postal"])))


def _begins(rest: str, written: str) -> bool:
    """北京路 is a street, and does not say that it is in 北京."""
    return rest.startswith(written) and written[-1:] in UNIT


def _from_small_to_large(part: dict[str, str]) -> str:
    pieces = [
        piece.strip() for piece in re.split(r"[,\n]", f"{part['street']},{part['more']}") if piece.strip()
    ]
    last = " ".join(filter(None, (part["province"], part["postal"])))
    known = {piece.casefold() for piece in pieces[1:]}
    pieces += [
        text for text in (part["city"], last, part["country"]) if text and text.casefold() not in known
    ]
    return ", ".join(pieces)
