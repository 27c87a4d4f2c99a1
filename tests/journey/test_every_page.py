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


class TestByAddress:
    def test_every_page_of_every_record_opens(self, guanxi, ids):
        """Refused (not hers, not possible now) is an answer too; a failure is none."""
        failed = []
        for entity in ENTITIES:
            for address in addresses_of(entity, ids.get(entity)):
                status = {
                    login: guanxi.client(login)
                    .ask("GET", address, headers_also={"Accept": "text/html"})
                    .status_code
                    for login in EVERYBODY
                }
                if not set(status.values()) <= {200, 403, 404, 409, 422}:
                    failed.append((address, status))
                if address.endswith(("/grouped", "/history")) and 200 not in status.values():
                    failed.append((address, status))
        assert failed == []

    def test_every_plain_page_opens(self, guanxi):
        failed = []
        for address in PLAIN:
            answer = guanxi.client("root").ask("GET", address, headers_also={"Accept": "text/html"})
            if answer.status_code >= 500:
                failed.append((address, answer.status_code))
        assert failed == []


def is_page(guanxi, login: str, address: str) -> bool:
    answer = guanxi.client(login).ask("GET", address, headers_also={"Accept": "text/html"})
    return answer.status_code == 200 and "<html" in answer.text


class TestByEye:
    """Nothing in the console, nothing serious for whoever cannot see or use a mouse, no word untranslated, nothing too wide."""

    @pytest.mark.parametrize("language", ["中文", "English"])
    def test_plain_pages(self, people, guanxi, language):
        for address in PLAIN:
            login = next((login for login in EVERYBODY if is_page(guanxi, login, address)), None)
            if login is not None:
                person = people(login, language)
                person.go(address)
                person.look(on_phone=True)

    def test_records_and_lists(self, people, guanxi, ids):
        for at, entity in enumerate(ENTITIES):
            address = f"/{entity.replace('.', '/')}"
            pages = [address, f"{address}/grouped"]
            pages += [f"{address}/new"] if RECORDS[entity].creatable else []
            pages += [f"{address}/{ids[entity]}"] if entity in ids else []
            login = next((login for login in EVERYBODY if is_page(guanxi, login, address)), None)
            if login is None:
                continue
            for page in pages:
                if is_page(guanxi, login, page):
                    person = people(login, ("中文", "English")[at % 2])
                    person.go(page)
                    person.look(on_phone=page == pages[-1])
