"""Every page there is, opened on the demo company: as text by everybody's languages, and looked at in a browser.

A page that somebody adds is opened without anybody thinking of it here.
"""

from __future__ import annotations

import pytest

from gateway.registry import Registry
from tests.gateway.conftest import make_app
from tests.gateway.fake import FakeHouse

RECORDS = Registry.shipped().records
ENTITIES = sorted(RECORDS)
EVERYBODY = ("root", "grace")
"""Who runs the system and who leads the company; between them they may open everything."""


def plain_addresses() -> list[str]:
    """Pages that need no more than their address."""
    rules = make_app(FakeHouse()).url_map.iter_rules()
    return sorted(r.rule for r in rules if "GET" in (r.methods or ()) and not r.arguments)


PLAIN = plain_addresses()


@pytest.fixture(scope="module")
def ids(guanxi) -> dict[str, str]:
    """Of each kind of record one that is there, if any."""
    found = {}
    for entity in ENTITIES:
        for login in EVERYBODY:
            answer = guanxi.client(login).ask("GET", f"/{entity.replace('.', '/')}", params={"limit": 1})
            if answer.status_code == 200 and answer.json()["rows"]:
                found[entity] = answer.json()["rows"][0]["id"]
    return found


def addresses_of(entity: str, id: str | None) -> list[str]:
    """All that can be opened of a kind of record."""
    record, at = RECORDS[entity], f"/{entity.replace('.', '/')}"
    lists = [at, f"{at}/grouped", f"{at}/filter", f"{at}/save-view", f"{at}/batches"]
    lists += [f"{at}/new", f"{at}/import"] if record.creatable else []
    lists += [f"{at}/duplicates", f"{at}/differences"] if record.merges else []
    ones = [f"{at}/{id}", f"{at}/{id}/history", f"{at}/{id}/attachments"] if id else []
    ones += [f"{at}/{id}/edit"] if id and record.editable else []
    ones += [f"{at}/{id}/merges"] if id and record.merges else []
    verbs = (*(record.lifecycle.transitions if record.lifecycle else ()), *record.verbs)
    ones += [f"{at}/{id}/{verb}" for verb in verbs] if id else []
    return lists + ones


@pytest.fixture(scope="module")
def opened(guanxi, ids) -> dict[str, dict[str, tuple[int, bool]]]:
    """Of each address what everybody gets there: the status, and whether it is a whole page."""
    records = [address for entity in ENTITIES for address in addresses_of(entity, ids.get(entity))]
    found: dict[str, dict[str, tuple[int, bool]]] = {}
    for address in (*PLAIN, *records):
        for login in EVERYBODY:
            answer = guanxi.client(login).ask("GET", address, headers_also={"Accept": "text/html"})
            page = answer.status_code == 200 and "<html" in answer.text
            found.setdefault(address, {})[login] = answer.status_code, page
    return found


class TestByAddress:
    def test_every_page_of_every_record_opens(self, opened):
        """Refused (not hers, not possible now) is an answer too; a failure is none."""
        failed = []
        for address in opened.keys() - set(PLAIN):
            statuses = {status for status, _ in opened[address].values()}
            if not statuses <= {200, 403, 404, 409, 422}:
                failed.append((address, statuses))
            if address.endswith(("/grouped", "/history")) and 200 not in statuses:
                failed.append((address, statuses))
        assert failed == []

    def test_every_plain_page_opens(self, opened):
        answers = {address: {status for status, _ in opened[address].values()} for address in PLAIN}
        assert {address: said for address, said in answers.items() if max(said) >= 500} == {}


def who_opens(opened, address: str) -> str | None:
    """Whoever gets a whole page there."""
    return next((login for login in EVERYBODY if opened[address][login][1]), None)


class TestByEye:
    """Nothing in the console, nothing serious for whoever cannot see or use a mouse, no word untranslated, nothing too wide."""

    @pytest.mark.parametrize("language", ["中文", "English"])
    def test_plain_pages(self, people, opened, language):
        for address in PLAIN:
            if (login := who_opens(opened, address)) is not None:
                person = people(login, language)
                person.go(address)
                person.look(on_phone=True)

    def test_records_and_lists(self, people, opened, ids):
        """Charts and tables of groups are made by one page for all kinds: a few of them are looked at."""
        for at, entity in enumerate(ENTITIES):
            address = f"/{entity.replace('.', '/')}"
            pages = [address, *([f"{address}/grouped"] if at % 5 == 0 else [])]
            pages += [f"{address}/new"] if RECORDS[entity].creatable else []
            pages += [f"{address}/{ids[entity]}"] if entity in ids else []
            login = who_opens(opened, address)
            for page in pages:
                if login is not None and opened[page][login][1]:
                    person = people(login, ("中文", "English")[at % 2])
                    person.go(page)
                    person.look(on_phone=page == pages[-1])
