"""People find a company by the pinyin initials of its name (DAT-01)."""

import pytest
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from chassis.initials import LONGEST, initials, known, spelled


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("北京泰微电子", "bjtwdz"), ("重庆银行", "cqyh"), ("厦门长江音乐", "xmcjyy"), ("Dalian Foods 大连", "dl"),
        ("Dalian Foods", ""), ("", ""), ("女装", "nz"),
    ],
)  # fmt: skip
def test_a_name_is_spelled_as_it_is_spoken(name: str, typed: str):
    assert initials(name) == typed


def test_every_word_of_the_lists_is_spelled_as_they_say():
    wrong = [
        word
        for word in PHRASES_DICT
        if spelled(word, known()) != "".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors="ignore"))
    ]
    assert wrong == []


def test_only_the_beginning_counts():
    assert initials("京" * 100) == "j" * LONGEST
