"""What holds for every record: it can be printed as page, PDF, Word and Excel in both languages, and what one may not see is not
on the paper (DAT-06, CUS-04)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from chassis.wire import Call
from contracts.actor import Grant
from contracts.message import OwnedRecord
from gateway.papers import pdf
from gateway.registry import Registry
from gateway.screen import Screens
from tests.cast import id_of
from tests.conformance import everything
from tests.factories.samples import Samples
from tests.gateway import fake
from tests.gateway.conftest import Browser, make_app

ENTITIES = {
    name: cls.record for name, (_, cls) in everything.entities().items() if name in Registry.shipped().records
}
READER = fake.ALICE.model_copy(update={"id": id_of(931)})


class Desks(fake.FakeHouse):
    """The services themselves, each at its desk; only who signs in is made up."""

    def __init__(self, samples: Callable[[str], Samples]) -> None:
        super().__init__()
        self.samples = samples

    def _answer(self, call: Call) -> Any:
        if call.method in {"sign_in", "resolve", "sign_out"}:
            return super()._answer(call)
        if (call.method, call.message.get("entity")) == ("list", "organization.own_field"):
            return {"rows": []}  # what a sample adds would be missing in the next sample
        desk = self.samples(call.service).desk
        return orjson.loads(
            orjson.dumps(desk.ask(self._actor(call.token), call.method, call.message), default=str)
        )


@pytest.fixture(scope="module")
def reading(samples, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Browser]]:
    """`reading("zh_CN", ("*", "all"))`: the gateway as somebody with these rights reads it."""
    house = Desks(samples)
    app = make_app(house, upload_dir=tmp_path_factory.mktemp("uploads"), sign_in_limit="1000 per minute")
    app.test_client_class = Browser
    people = dict(fake.PEOPLE)

    def enter(language: str, *grants: tuple[str, str]) -> Browser:
        given = tuple(Grant(permission=name, scope=reach) for name, reach in grants)
        fake.PEOPLE["reader"] = READER.model_copy(update={"language": language, "grants": given})
        browser = app.test_client()
        assert browser.send("/sign-in", login="reader", password=fake.PASSWORD).status_code == 303
        return browser

    yield enter
    fake.PEOPLE.clear()
    fake.PEOPLE.update(people)


@pytest.fixture(scope="module", params=ENTITIES)
def entity(request: pytest.FixtureRequest) -> str:
    return request.param


def address(entity: str, id: str) -> str:
    return f"/{entity.replace('.', '/')}/{id}/paper"


def said(paper: dict[str, Any]) -> list[str]:
    """Every text of a paper."""
    found = [paper["kind"], paper["title"], paper["printed"]]
    for chapter in paper["chapters"]:
        found.append(chapter["title"])
        for section in chapter["sections"]:
            found += [
                section["title"],
                *(t for p in section["pairs"] for t in (p["title"], p["value"]["text"])),
            ]
        for table in chapter["tables"]:
            found += [table["title"], *(c["title"] for c in table["columns"])]
            found += [value["text"] for row in table["rows"] for value in row]
    return [text for text in found if text]


def test_the_file_of_a_customer_has_its_three_parts(samples, reading):
    """Background, sales follow-up, service support; every list that the screen promises is a real one (CUS-04)."""
    record = ENTITIES["customer.customer"]
    parts = Screens.shipped().of(record).paper
    assert [part.title for part in parts] == ["Background", "Sales follow-up", "Service support"]
    pointing = {
        f"{other.entity()}.{attr.name}" for other, attr in Registry.shipped().pointing_at("customer.customer")
    }
    assert {name for part in parts for name in part.related} <= pointing
    found = samples("customer")
    row = found.row("customer.customer")
    found.row("customer.contact", customer_id=row["id"], name="王芳")
    reader = reading("zh_CN", ("*", "all"))
    background = reader.get(address("customer.customer", row["id"]) + ".json").json["chapters"][0]
    assert background["title"] == "客户背景"
    (contacts,) = [table for table in background["tables"] if table["title"] == "联系人"]
    assert "王芳" in [value["text"] for value in contacts["rows"][0]]


def test_every_record_can_be_printed_in_four_forms_and_two_languages(entity: str, samples, reading):
    place = address(entity, samples(entity.partition(".")[0]).row(entity)["id"])
    for language in ("zh_CN", "en"):
        reader = reading(language, ("*", "all"))
        paper = reader.get(f"{place}.json").json
        assert paper["chapters"], "an empty sheet"
        assert not [text for text in said(paper) if text.startswith(("_", "contracts."))]
        page = reader.get(place)
        assert page.status_code == 200
        assert f'lang="{"en" if language == "en" else "zh-CN"}"' in page.text
        word = Document(io.BytesIO(_file(reader, f"{place}.docx")))
        written = "\n".join(
            [
                *(p.text for p in word.paragraphs),
                *(c.text for t in word.tables for r in t.rows for c in r.cells),
            ]
        )
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(_file(reader, f"{place}.xlsx"))).get_sheet_by_index(
            0
        )
        counted = "\n".join(str(value) for row in sheet.to_python() for value in row)
        # the process of its own around it is shown in tests/gateway/test_papers.py
        printed = "".join(
            s.extract_text() for s in PdfReader(io.BytesIO(pdf.typeset(orjson.dumps(paper)))).pages
        )
        for text in said(paper):
            assert text in written or text == paper["printed"], (language, text)
        for title in (p["title"] for c in paper["chapters"] for s in c["sections"] for p in s["pairs"]):
            assert title in counted, (language, title)
            assert _bare(title) in _bare(printed), (language, title)
        assert _bare(paper["title"]) in _bare(printed)


def test_what_one_may_not_see_is_not_on_the_paper(entity: str, samples, reading):
    found = samples(entity.partition(".")[0])
    id, record = found.row(entity)["id"], ENTITIES[entity]
    place = address(entity, id)
    beside = {
        table["title"]
        for c in reading("en", ("*", "all")).get(f"{place}.json").json["chapters"]
        for table in c["tables"]
    }
    on = found.row(entity).get("about")  # a remark is read by whoever may read what it stands on
    reads = [(f"{one}.read", "all") for one in (entity, on) if one]
    alone = reading("en", *reads).get(f"{place}.json").json
    lines = {a.label for a in record.attrs().values() if a.lines}
    titles = {t["title"] for c in alone["chapters"] for t in c["tables"]}
    own = {record.plural} if any(a.ref == entity for a in record.attrs().values()) else set()
    assert titles <= (beside & (lines | own)), "lists beside it are read under rights of their own"
    forbidden = reading("en", ("nothing.at.all", "all"))
    for suffix in ("", ".json", ".pdf", ".docx", ".xlsx"):
        assert forbidden.get(place + suffix).status_code == 403
    if issubclass(record, OwnedRecord):
        stranger = reading("en", (f"{entity}.read", "own"))
        for suffix in ("", ".json", ".pdf", ".docx", ".xlsx"):
            assert stranger.get(place + suffix).status_code == 404


def _file(reader: Browser, place: str) -> bytes:
    answer = reader.get(place)
    assert answer.status_code == 200, answer.text
    return answer.data


def _bare(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")
