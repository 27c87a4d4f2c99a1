"""Every text in every language."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from contracts.actor import Actor
from gateway import languages, messages, person, wording
from gateway.entity_pages.subject import called
from tests.conformance import everything
from tests.gateway import toy
from tests.gateway.fake import ALICE


def test_every_text_is_translated():
    """Fails after a new text: run `make messages` and translate it."""
    catalog = messages.read("zh_CN")
    missing = [str(m.id) for m in messages.gathered() if m.id and catalog.get(m.id, m.context) is None]
    assert [*missing, *messages.untranslated(catalog)] == []


@pytest.mark.parametrize("wish", ["zh-CN", "en"])
def test_no_page_is_headed_by_a_word_of_programs(app, wish):
    """A fact, a template, a form: called after what happened, what it is for, what it is of, in the reader's words."""
    titled = [
        (record, {"id": "1", name: value})
        for record in everything.records().values()
        for name in record.title
        for value in _values_of_programs(record.attrs().get(name))
    ]
    with app.test_request_context(headers={"Accept-Language": wish}):
        found = {called(record, row, {"1": {"label": [*row.values()][1]}}) for record, row in titled}
    assert len(found) > 20
    assert [name for name in found if "_" in name] == []
    assert wish == "en" or [name for name in found if not re.search("[\u4e00-\u9fff]", name)] == ["English"]


def _values_of_programs(a):
    return () if a is None else ("customer.customer",) if a.kind == "entity" else a.choices


def test_translations_keep_the_gaps():
    for message in messages.read("zh_CN"):
        source = message.id if isinstance(message.id, str) else message.id[0]
        target = message.string if isinstance(message.string, str) else message.string[0]
        names = set(re.findall(r"\{(\w+)\}|%\((\w+)\)", source))
        assert set(re.findall(r"\{(\w+)\}|%\((\w+)\)", target)) == names, source


def test_a_page_is_chinese_for_whoever_reads_chinese(wang, house):
    house.add(toy.Gadget, name="灯", amount="1")
    page = wang.get("/toy/gadget").text
    assert '<html lang="zh-CN"' in page
    assert "在列表中搜索" in page
    assert "草稿" in page


def test_readers_of_two_languages_take_turns_at_the_same_pages(alice, wang, dan, house):
    """Templates are compiled for each language; what was said to one reader is never said to the other."""
    house.add(toy.Gadget, name="灯", amount="1")
    for path in ("/toy/gadget", "/toy/gadget/new", "/person", "/toy/gadget?q=nothing"):
        for _ in range(2):
            english, chinese = alice.get(path).text, wang.get(path).text
            assert '<html lang="en"' in english
            assert "Skip to content" in english
            assert "跳到" not in english
            assert '<html lang="zh-CN"' in chinese
            assert "跳到" in chinese
            assert "Skip to content" not in chinese
            assert "Sign out" in english
            assert "Sign out" not in chinese


def test_another_language_is_spoken_at_once(alice, house):
    assert '<html lang="en"' in alice.get("/toy/gadget").text
    alice.get("/language/zh_CN")
    page = alice.get("/toy/gadget").text
    assert '<html lang="zh-CN"' in page
    assert "Skip to content" not in page
    alice.get("/language/en")
    assert "Skip to content" in alice.get("/toy/gadget").text


def test_the_cookie_and_the_browser_choose_before_anybody_is_known(app):
    browser = app.test_client()
    assert "登录" in browser.get("/sign-in").text
    assert "Password" in browser.get("/sign-in", headers={"Accept-Language": "en-GB"}).text
    browser.get("/language/en")
    assert "Password" in browser.get("/sign-in").text


def test_problems_are_said_in_the_readers_language(wang):
    answer = wang.send("/toy/gadget", name="", amount="x")
    assert "请填写此项。" in answer.text
    assert "不是有效的数字：x。" in answer.text


def test_whoever_is_signed_in_is_called_as_in_her_language(gateway):
    actor = ALICE.model_copy(update={"name": "李爱丽", "name_en": "Alice Li"})
    for language, name in (("en", "Alice Li"), ("zh-CN", "李爱丽")):
        with gateway.test_request_context("/", headers={"Accept-Language": language}):
            assert wording.own_name(actor) == name


def test_what_the_system_put_in_says_so_and_names_no_program(alice, house):
    id = house.add(toy.Gadget, name="shipped", amount="1")
    house._log(toy.Gadget, house.rows["toy.gadget"][id], Actor.system("toy.seed"), "toy.seed", {})
    page = alice.get(f"/toy/gadget/{id}").text
    assert "put it in with Guanxi" in page
    assert "toy.seed" not in page


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 MicroMessenger/8.0", "WeChat · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("curl/8.5", "curl/8.5"),
        (None, ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_two_words(gateway, agent, said):
    with gateway.test_request_context("/", headers={"Accept-Language": "en"}):
        assert person.device(agent) == said


def test_nobody_counts_seconds(gateway):
    with gateway.test_request_context("/", headers={"Accept-Language": "en"}):
        for seconds, said in (
            (3, "just now"),
            (70, "just now"),
            (100, "2 minutes ago"),
            (100_000, "28 hours ago"),
        ):
            assert languages.relative(datetime.now(UTC) - timedelta(seconds=seconds)) == said
