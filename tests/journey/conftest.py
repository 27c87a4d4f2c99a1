"""One running system for all journeys of a test run: starting it is most of the time they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.journey.browser import Person, chromium
from tests.journey.system import System, running


@pytest.fixture(scope="package")
def guanxi() -> Iterator[System]:
    """A whole Guanxi with its demo data."""
    with running() as system:
        yield system


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="class")
def people(browser: Browser, guanxi: System) -> Iterator[Callable[..., Person]]:
    """Whoever is named, at a window of her own, signed in once."""
    known: dict[tuple[str, str], Person] = {}

    def at_her_desk(login: str, language: str = "中文") -> Person:
        if (login, language) not in known:
            known[login, language] = Person(browser, guanxi.url, login, language)
        return known[login, language]

    yield at_her_desk
    for person in known.values():
        person.context.close()
