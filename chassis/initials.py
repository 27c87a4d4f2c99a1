"""Pinyin initials of Chinese text: 泰微 → tw, 重庆银行 → cqyh.

The word lists of pypinyin are 56 MB in every process that imports it. All that is asked of them is one letter for each
character, and the words that are read differently than their characters; so a process of its own reads the lists once and
tells just that (0.5 MB): `python -m chassis.initials`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import orjson

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONGEST = 40
"""Characters of a text that are looked at: whoever types initials types the beginning of a name."""


class Lists(NamedTuple):
    """What is known of characters and words."""

    letters: dict[str, str]
    words: dict[str, str]
    """Words whose initials are not those of their characters."""
    longest: int
    begins: frozenset[str]
    """The characters such words begin with."""


@lru_cache(maxsize=20_000)
def initials(text: str) -> str:
    """The initials of the Chinese in a text; empty when there is none. Of several readings the commonest."""
    return spelled(text[:LONGEST], known()) if CHINESE.search(text) else ""


def spelled(text: str, lists: Lists) -> str:
    """Letter by letter, the longest known word first."""
    said, place = [], 0
    while place < len(text):
        size = _word_at(text, place, lists) if text[place] in lists.begins else 1
        word = text[place : place + size]
        said.append(lists.words[word] if size > 1 else lists.letters.get(word, ""))
        place += size
    return "".join(said)


def _word_at(text: str, place: int, lists: Lists) -> int:
    for size in range(min(lists.longest, len(text) - place), 1, -1):
        if text[place : place + size] in lists.words:
            return size
    return 1


@cache
def known() -> Lists:
    """The lists, as the other process tells them."""
    told = subprocess.run([sys.executable, "-m", __name__], stdout=subprocess.PIPE, check=True).stdout
    letters, words = orjson.loads(told)
    return _lists(letters, words)


def gathered() -> tuple[dict[str, str], dict[str, str]]:
    """Letters of characters, and words that are not spelled by them, from the lists of pypinyin."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    letters = {chr(code): _first(readings.split(",")[0]) for code, readings in PINYIN_DICT.items()}
    words: dict[str, str] = {}
    shorter: dict[str, str] = {}
    size = 0
    # by length: a longer word that its shorter words spell wrong is told as well
    for word in sorted(PHRASES_DICT, key=len):
        if len(word) != size:
            size, words = len(word), words | shorter
            lists, shorter = _lists(letters, words), {}
        said = "".join(_first(readings[0]) for readings in PHRASES_DICT[word])
        if said != spelled(word, lists):
            shorter[word] = said
    return letters, words | shorter


def _lists(letters: dict[str, str], words: Mapping[str, str]) -> Lists:
    return Lists(letters, dict(words), max(map(len, words), default=1), frozenset(word[0] for word in words))


def _first(reading: str) -> str:
    return unicodedata.normalize("NFD", reading)[:1]


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(gathered()))
