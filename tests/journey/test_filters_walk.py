"""Filters as somebody new finds them, by keyboard and on the phone (DAT-02, DAT-03, CON-01, users 9)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


def open_menu(person) -> None:
    person.page.locator("#filter-menu > button").click()
    expect(person.page.locator("[data-narrow]")).to_be_visible()
    expect(person.page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # its fields listen by now


@pytest.mark.parametrize("language", ["中文", "English"])
def test_a_field_is_found_by_typing_and_asked_without_the_mouse(people, language):
    alice = people("alice", language)
    alice.go("/customer/customer?view=all")
    page = alice.page
    page.keyboard.press("f")
    expect(page.locator("[data-narrow]")).to_be_focused()
    page.keyboard.type("税号" if language == "中文" else "tax")
    expect(page.locator("#filter-form .dropdown-item:visible:not([data-always])")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#filter-comparison")).to_be_focused()
    page.select_option("#filter-comparison", "empty")
    expect(page.locator(".filter-value")).to_be_hidden()
    with page.expect_navigation():
        page.locator(".filter-one [type=submit]").click()
    assert "tax_number__empty=yes" in page.url
    alice.look(on_phone=True)


def test_from_and_until_are_two_conditions_each_changed_and_removed_by_itself(people):
    alice = people("alice")
    alice.go("/receivables/contract?view=all&amount__gte=1000")
    page = alice.page
    open_menu(alice)
    page.locator("#filter-form [hx-get$='_field=amount']").click()
    expect(page.locator(".filter-others .chip")).to_have_count(1)
    page.select_option("#filter-comparison", "lte")
    page.locator(".filter-value input[name=_value]").fill("500000")
    alice.follow(page.locator(".filter-one [type=submit]"))
    assert "amount__gte=1000&amount__lte=500000" in page.url
    chips = page.locator(".filter-row > .chip:not(.is-match)")
    expect(chips).to_have_count(2)
    chips.first.locator(".chip-text").click()
    expect(page.locator("#filter-comparison")).to_be_visible()
    assert page.locator("#filter-comparison").input_value() == "gte"
    page.select_option("#filter-comparison", "between")
    page.locator(".filter-value .filter-until").fill("400000")
    alice.follow(page.locator(".filter-one [type=submit]"))
    assert "amount__between=1000&amount__between=400000" in page.url
    alice.look(on_phone=True)
    alice.follow(chips.first.locator(".chip-drop"))
    expect(chips).to_have_count(1)


def test_a_customer_of_a_contract_is_one_click_away(people):
    alice = people("alice")
    alice.go("/receivables/contract?view=all")
    link = alice.page.locator("#rows td a[href^='/customer/customer/']").first
    name = link.inner_text()
    alice.follow(link)
    expect(alice.page.locator("h1")).to_have_text(re.compile(re.escape(name)))


def test_whom_nobody_spoke_to_and_who_was_born_in_may(people):
    alice = people("alice")
    alice.go("/customer/contact?view=all")
    page = alice.page
    alice.follow(page.locator(".tab", has_text="没有下一步"))
    assert "next_activity_at__empty=yes" in page.url
    alice.look(on_phone=True)
    alice.go("/customer/contact?view=all")
    open_menu(alice)
    page.locator("[data-narrow]").fill("生日")
    page.keyboard.press("Enter")
    page.select_option("#filter-comparison", "month")
    page.select_option(".filter-month", "5")
    alice.follow(page.locator(".filter-one [type=submit]"))
    assert "birthday__month=5" in page.url
    expect(page.locator(".chip-text")).to_contain_text("五月")


def test_a_related_field_is_found_and_none_may_be_so(people):
    alice = people("alice")
    alice.go("/customer/customer?view=all")
    page = alice.page
    open_menu(alice)
    page.locator(".filter-more").click()
    page.locator(".filter-related").first.wait_for()
    page.locator("[data-narrow]").fill("状态")
    page.locator("#filter-form [hx-get$='_field=activity.customer_id.state']").click()
    page.select_option("[name=_not]", "yes")
    page.locator(".filter-value [value=planned]").check()
    alice.look(on_phone=True)
    alice.follow(page.locator(".filter-one [type=submit]"))
    assert "-activity.customer_id.state=planned" in page.url
