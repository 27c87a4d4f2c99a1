"""Every text in every language."""

import re

from gateway import messages
from tests.gateway import toy


def test_every_text_is_translated():
    """Fails after a new text: run `make messages` and translate it."""
    catalog = messages.read("zh_CN")
    missing = [str(m.id) for m in messages.gathered() if m.id and catalog.get(m.id, m.context) is None]
    assert [*missing, *messages.untranslated(catalog)] == []


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
