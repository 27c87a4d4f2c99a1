"""Every branch is a site, and each copy says how it stands with headquarters."""

from dataclasses import replace

import pytest

from contracts.errors import Forbidden
from contracts.organization import BranchListed
from services.branch_sync import model
from tests.cast import ALICE_ID, BEIJING, GRACE_ID, SHANGHAI, person
from tests.desk import Desk

GRACE = person(GRACE_ID, "Grace", "branch_sync.* all")
ALICE = person(ALICE_ID, "Alice")


def branch(id, code: str, label: str, *, headquarters: bool = False, ver: int = 1, **more) -> BranchListed:
    data = {"code": code, "is_headquarters": headquarters, "timezone": "Asia/Shanghai"}
    return BranchListed(record_id=id, epoch=1, ver=ver, label=label, data=data, **more)


@pytest.fixture
def house(desk) -> Desk:
    house = desk("branch_sync")
    house.hear(branch(BEIJING, "HQ", "北京总部", headquarters=True, label_en="Beijing headquarters"))
    house.hear(branch(SHANGHAI, "SH", "上海分公司"))
    return house


def test_every_branch_is_a_site_and_one_of_them_is_this_copy(house: Desk):
    rows = house.ask(GRACE, "sites")["rows"]
    assert [(row["code"], row["this_copy"], row["is_headquarters"]) for row in rows] == [
        ("HQ", True, True),
        ("SH", False, False),
    ]


def test_hearing_of_a_branch_twice_or_late_changes_nothing(house: Desk):
    newer = branch(SHANGHAI, "SH", "华东分公司", ver=2)
    house.hear(newer)
    house.hear(newer)
    house.hear(branch(SHANGHAI, "SH", "上海分公司", ver=1))
    assert [site.name for site in house.rows(model.Site, code="SH")] == ["华东分公司"]


def test_a_branch_put_away_is_no_site_any_more(house: Desk):
    house.hear(branch(SHANGHAI, "SH", "上海分公司", ver=2, archived=True))
    assert [row["code"] for row in house.ask(GRACE, "sites")["rows"]] == ["HQ"]


def test_headquarters_says_that_it_is(house: Desk):
    link = house.ask(ALICE, "link")
    assert (link["state"], link["branch"], link["name_en"], link["waiting"]) == (
        "headquarters",
        "HQ",
        "Beijing headquarters",
        0,
    )


def test_a_branchs_copy_says_that_it_was_told_no_headquarters(house: Desk):
    house.house = replace(house.house, branch="SH")
    link = house.ask(ALICE, "link")
    assert (link["state"], link["name"], link["exchanged_at"]) == ("not_linked", "上海分公司", None)


def test_the_register_needs_a_right_the_top_bar_does_not(house: Desk):
    with pytest.raises(Forbidden):
        house.ask(ALICE, "sites")
    with pytest.raises(Forbidden):
        house.create(GRACE, "site", name="x")
