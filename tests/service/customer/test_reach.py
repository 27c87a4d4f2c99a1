"""How leads, customers and contacts are reached, written so that the same reads the same (users 1)."""

import importlib

import pytest

from services.customer import rules
from tests.service.customer.conftest import ALICE

BACKFILL = importlib.import_module("services.customer.migrations.0030_find_by_reach")


@pytest.mark.parametrize(
    ("email", "domain"),
    [("a@Qili.example", "qili.example"), ("a@qq.com", None), ("a@GMAIL.com", None), ("", None), (None, None), ("a@host", None)],
)  # fmt: skip
def test_a_mailbox_that_everybody_may_have_says_nothing(email, domain):
    assert rules.mail_domain(email) == domain


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.qili.example/about", "qili.example"), ("HTTP://Qili.example:8080", "qili.example"),
        ("www.qili.example", "qili.example"), ("https://1688.com/shop", None), (None, None), ("http://", None),
    ],
)  # fmt: skip
def test_a_host_that_many_share_says_nothing(website, host):
    assert rules.site_host(website) == host


def test_a_number_is_one_key_whichever_field_has_it():
    keys = rules.reach_keys(phones=["138 0013 8000", "+86 13800138000", None, "110"], website="http://[")
    assert keys == ["phone 13800138000"]


def test_what_was_there_before_reads_as_what_is_entered_now(office):
    """The migration speaks SQL, the rules Python: they agree on what people write."""
    numbers = [
        "010-62345678",
        "+86 (010) 6234 5678",
        "0086 138 0013 8000",
        "138００138000",
        "6234567 转 12",
        "110",
        "62345678 ext.9",
        None,
    ]
    sites = ["https://www.qili.example/x", "http://QILI.example:80", "https://1688.com/qili", None]
    for n, phone in enumerate(numbers):
        email = [None, "A@Qili.example", "a@qq.com"][n % 3]
        office.create(ALICE, "lead", name=f"甲{n}", phone=phone, email=email, website=sites[n % 4])
    columns = ", ".join(BACKFILL.KEYS["lead"])
    with office.house.sessions() as session:
        found = session.connection().exec_driver_sql(f"SELECT reach, ARRAY[{columns}] FROM lead").all()
    assert len(found) == len(numbers)
    for kept, made in found:
        assert sorted(kept) == sorted({key for key in made if key})
