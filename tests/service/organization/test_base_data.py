"""Base data and roles: as they are shipped, and what may be made of them."""

import pytest

from chassis import seeds
from chassis.work import Work
from contracts.errors import Forbidden, Invalid
from contracts.organization import (
    ChoiceListed,
    LastAdministrator,
    RoleChanged,
    RoleListed,
    choice_id,
    role_id,
)
from services.organization import roles
from services.organization.seed import seed
from services.organization.service import OrganizationService
from tests.desk import Desk
from tests.service.organization.conftest import SYSTEM, Company


def entries(office: Desk, name: str) -> list[dict]:
    query = {"where": {"list": name}, "sort": "position", "limit": 100}
    return office.ask(SYSTEM, "list", {"entity": "choice", "query": query})["rows"]


def test_the_lists_are_those_of_the_source_company(office: Desk):
    """Lead sources (LED-03), industries (CUS-17)."""
    assert [row["name"] for row in entries(office, "lead_source")] == [
        "员工推介", "客户推介", "合作伙伴推介", "其他推介", "上门拜访", "商业展示", "互联网信息", "广告反馈",
        "电话咨询", "上门咨询", "其他反馈",
    ]  # fmt: skip
    assert [row["name"] for row in entries(office, "industry")] == [
        "工业制造", "商业贸易", "金融保险", "公用事业", "行政事业", "建筑施工", "旅游服务", "新经济", "综合性集团",
        "其他",
    ]  # fmt: skip
    assert [row["name"] for row in entries(office, "buying_role")] == [
        "使用者", "影响者", "购买者", "决定者", "把关者",
    ]  # fmt: skip


def test_eight_districts_and_twenty_three_areas_below_them(office: Desk):
    """CUS-18."""
    regions = entries(office, "region")
    districts = {row["id"] for row in regions if row["parent_id"] is None}
    areas = [row for row in regions if row["parent_id"] is not None]
    assert (len(districts), len(areas)) == (8, 23)
    assert {row["parent_id"] for row in areas} == districts


def test_every_entry_has_both_names_and_the_same_id_everywhere(office: Desk):
    page = office.ask(SYSTEM, "list", {"entity": "choice", "query": {"limit": 1000}})
    assert all(row["name"] and row["name_en"] for row in page["rows"])
    assert all(row["id"] == str(choice_id(row["list"], row["code"])) for row in page["rows"])
    assert {row["home"] for row in page["rows"]} == {"HQ"}


def test_putting_it_in_again_changes_nothing(office: Desk, databases):
    assert seeds.plant(OrganizationService, "SH", databases.url("organization")) == 0


def test_an_administrator_adds_an_entry_and_others_hear_of_it(company: Company):
    row = company.desk.create(
        company.actor("Root"), "choice", list="industry", code="Farming", name="农业", name_en="Farming"
    )
    assert row["code"] == "farming"
    assert company.desk.emitted(ChoiceListed)[-1].data["list"] == "industry"
    with pytest.raises(Forbidden):
        company.desk.create(company.actor("Alice"), "choice", list="industry", code="x", name="x")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"list": "industry", "code": "trade"}, ("code", "taken")),
        ({"list": "nonsense", "code": "x"}, ("list", "not_a_choice")),
        ({"list": "industry", "code": "贸 易"}, ("code", "wrong")),
        ({"list": "industry", "code": "x", "parent_id": str(choice_id("region", "haidian"))}, ("parent_id", "elsewhere")),
    ],
)  # fmt: skip
def test_an_entry_that_does_not_fit_is_refused(office: Desk, values: dict, problem: tuple[str, str]):
    with pytest.raises(Invalid) as caught:
        office.create(SYSTEM, "choice", name="x", **values)
    assert [(f.field, f.code) for f in caught.value.fields] == [problem]


def test_the_same_code_may_stand_in_two_lists(office: Desk):
    assert office.create(SYSTEM, "choice", list="industry", code="phone", name="x")["code"] == "phone"


def test_each_shipped_role_reads_as_in_the_table(office: Desk):
    for code, lines in roles.grants().items():
        row = office.ask(SYSTEM, "get", {"entity": "role", "id": str(role_id(code))})["row"]
        assert [(g["permission"], g["scope"]) for g in row["grants"]] == lines


def test_a_role_nobody_touched_follows_the_table_of_a_later_release(company: Company, monkeypatch):
    touched, later = str(role_id("rep")), {**roles.grants()}
    company.desk.ask(
        company.actor("Root"), "update", {"entity": "role", "id": touched, "values": {"name": "客户经理"}}
    )
    later["accountant"] = [("receivables.new_door", "all"), *later["accountant"][1:]]
    later["rep"] = []
    monkeypatch.setattr(roles, "grants", lambda: later)
    for _ in range(2):
        with company.desk.house.sessions.begin() as session:
            seed(Work(session, SYSTEM, company.desk.house, door="seed"))
    assert company.actor("Dan").scope("receivables.new_door") == "all"
    assert company.actor("Dan").scope("customer.similar") == "all"
    assert company.actor("Alice").scope("customer.lead.read") == "own"
    assert [event.code for event in company.desk.emitted(RoleChanged)] == ["accountant"]


def test_changing_what_a_role_may_do_is_announced_and_holds_at_once(company: Company):
    secret = company.sign_in("Dan")["session"]
    id = str(role_id("accountant"))
    company.desk.ask(SYSTEM, "update", {"entity": "role", "id": id, "values": {"name": "出纳"}})
    assert company.desk.emitted(RoleChanged) == []
    lines = [{"permission": "receivables.*", "scope": "branch"}]
    company.desk.ask(SYSTEM, "update", {"entity": "role", "id": id, "values": {"grants": lines}})
    assert [event.code for event in company.desk.emitted(RoleChanged)] == ["accountant"]
    assert company.resolve(secret).scope("receivables.payment.read") == "branch"


def test_a_permission_that_reads_like_none_is_refused(office: Desk):
    for permission in ("Everything!", "a.b.c.d", "a b"):
        with pytest.raises(Invalid) as caught:
            office.create(
                SYSTEM, "role", code="odd", name="odd", grants=[{"permission": permission, "scope": "own"}]
            )
        assert [(f.field, f.code) for f in caught.value.fields] == [("grants.0.permission", "wrong")]


def test_administrators_cannot_lock_themselves_out(company: Company):
    id = str(role_id("administrator"))
    for values in ({"grants": []}, {"grants": [{"permission": "organization.*", "scope": "branch"}]}):
        with pytest.raises(LastAdministrator):
            company.desk.ask(company.actor("Root"), "update", {"entity": "role", "id": id, "values": values})
    with pytest.raises(LastAdministrator):
        company.desk.ask(company.actor("Root"), "archive", {"entity": "role", "id": id})


def test_every_start_tells_of_the_roles_and_what_they_grant(company: Company):
    """So that whoever listens only now knows what colleagues may see (users 9)."""
    with company.desk.house.sessions.begin() as session:
        seed(Work(session, SYSTEM, company.desk.house, door="seed"))
    told = {event.data["code"]: event.data["grants"] for event in company.desk.emitted(RoleListed)}
    assert roles.NAMES.keys() <= told.keys()
    rep = {line["permission"]: line["scope"] for line in told["rep"]}
    assert rep["customer.customer.read"] == "own"
