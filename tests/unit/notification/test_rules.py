"""Delays, templates, and words in every language for every kind."""

import typing
from datetime import UTC, datetime, timedelta

import pytest

from contracts import notification as messages
from services.notification import rules, wording

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_delays_grow_and_end_at_an_hour():
    waits = [(rules.next_attempt(n, NOON) - NOON).total_seconds() for n in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (10, 3600)


def test_a_letter_is_given_up_after_three_days():
    assert not rules.is_given_up(NOON, NOON + timedelta(days=3))
    assert rules.is_given_up(NOON, NOON + timedelta(days=3, seconds=1))


def test_every_kind_of_notice_is_known_on_both_sides():
    assert set(typing.get_args(messages.Kind)) == set(rules.KINDS)
    assert set(typing.get_args(messages.Language)) == set(wording.LANGUAGES)


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("kind", rules.KINDS)
def test_every_kind_has_words_in_every_language_that_mention_only_what_there_is(kind: str, language: str):
    words = wording.shipped(language)[kind]
    assert rules.unknown_words(words["subject"] + "\n" + words["body"], kind) == set()


@pytest.mark.parametrize("kind", rules.KINDS)
def test_the_languages_tell_the_same(kind: str):
    told = [
        set(rules.Template(words["subject"] + "\n" + words["body"]).get_identifiers())
        for words in (wording.shipped(language)[kind] for language in wording.LANGUAGES)
    ]
    assert told[0] == told[1]


def test_a_subject_is_one_line_of_bounded_length():
    assert rules.one_line("a\r\nBcc: everybody@example.com\t b") == "a Bcc: everybody@example.com b"
    assert len(rules.one_line("长" * 1000)) == 300
