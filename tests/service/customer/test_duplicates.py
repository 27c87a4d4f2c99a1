"""The report of what may be the same (users 1): every group can be reached, and what somebody has looked at stays away."""

import pytest

from chassis.identity import new_id
from contracts.batches import TooManyAtOnce
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.merging import NotMergeable
from tests.service.customer.conftest import ALICE, BOB, CAROL, READER


def company(office, name, actor=ALICE, **values):
    return office.create(actor, "customer", name=name, **values)


def report(office, entity="customer", actor=ALICE, **more):
    return office.ask(actor, "duplicates", entity=entity, **more)


def groups(office, entity="customer", actor=ALICE, **more):
    return {(g["by"], *g["ids"]) for g in report(office, entity, actor, **more)["groups"]}


def ids(*rows):
    return tuple(row["id"] for row in rows)


def test_every_group_is_reached_page_by_page(office):
    for n in range(7):
        company(office, f"第{n}机械厂", phone=f"010-6234{n:04}")
        company(office, f"第{n}机械厂有限公司", phone=f"010-6234{n:04}")
    seen, after = [], None
    while True:
        page = report(office, limit=3, after=after)
        seen += [(group["by"], *group["ids"]) for group in page["groups"]]
        assert all(id in page["rows"] for group in page["groups"] for id in group["ids"])
        if (after := page["next"]) is None:
            break
    assert len(seen) == len(set(seen)) == 14
    for wrong in ("nobody:1", "name", "name:x", "name:9999999999"):
        with pytest.raises(Invalid):
            report(office, after=wrong)
    with pytest.raises(Invalid):
        report(office, by="colour")


def test_a_domain_of_mail_and_a_host_are_suspect_but_not_those_that_everybody_has(office):
    a, b = company(office, "启利", email="a@qili.example"), company(office, "另一家", email="b@QILI.example")
    company(office, "张三", email="zhang@qq.com")
    company(office, "李四", email="li@qq.com")
    c = company(office, "泰微", website="https://www.taiwei.example/cn")
    d = company(office, "泰微电子", website="http://taiwei.example")
    assert groups(office) == {("mail_domain", *ids(a, b)), ("website", *ids(c, d))}


def test_people_are_compared_by_every_number_they_have(office, customer):
    other = company(office, "别家")
    a = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳", mobile="13800138000")
    b = office.create(ALICE, "contact", customer_id=other["id"], name="王小芳", phone="+86 138-0013-8000")
    c = office.create(ALICE, "contact", customer_id=other["id"], name="李强", email="Li@qili.example")
    d = office.create(ALICE, "contact", customer_id=customer["id"], name="李工", email="li@qili.example")
    assert groups(office, "contact") == {("phone", *ids(a, b)), ("email", *ids(c, d))}


def test_different_ones_stay_away_until_somebody_takes_it_back(office):
    a, b, c = (company(office, f"启利{end}") for end in ("", "公司", "有限公司"))
    mark = office.ask(BOB, "mark_different", entity="customer", ids=ids(a, b))
    assert groups(office) == {("name", *ids(a, b, c))}  # c may be either
    office.ask(ALICE, "mark_different", entity="customer", ids=ids(b, c))
    assert groups(office) == {("name", *ids(a, c))}
    office.ask(ALICE, "mark_different", entity="customer", ids=ids(a, c))
    assert groups(office) == set()
    told = office.ask(ALICE, "differences", entity="customer")["marks"]
    assert [one["actor_name"] for one in told] == ["Alice", "Alice", "Bob"]
    assert [record["name"] for record in told[-1]["records"]] == ["启利", "启利公司"]
    assert told[-1]["at"].startswith("2026-03-10")
    office.ask(ALICE, "unmark_different", entity="customer", mark_id=mark["mark_id"])
    assert groups(office) == {("name", *ids(a, b))}


def test_who_may_say_so(office):
    a, b = company(office, "启利"), company(office, "启利公司")
    with pytest.raises(NotFound):
        office.ask(CAROL, "mark_different", entity="customer", ids=ids(a, b))
    with pytest.raises(Forbidden):
        office.ask(READER, "mark_different", entity="customer", ids=ids(a, b))
    with pytest.raises(NotMergeable):
        office.ask(ALICE, "mark_different", entity="customer", ids=ids(a))
    with pytest.raises(TooManyAtOnce):
        office.ask(ALICE, "mark_different", entity="customer", ids=[str(new_id()) for _ in range(21)])
    mark = office.ask(ALICE, "mark_different", entity="customer", ids=ids(a, b))
    assert office.ask(ALICE, "mark_different", entity="customer", ids=ids(b, a)) == mark
    assert len(office.ask(ALICE, "differences", entity="customer")["marks"]) == 1
    assert office.ask(CAROL, "differences", entity="customer")["marks"] == []
    with pytest.raises(NotFound):
        office.ask(CAROL, "unmark_different", entity="customer", mark_id=mark["mark_id"])
    with pytest.raises(NotFound):
        office.ask(ALICE, "unmark_different", entity="customer", mark_id=str(new_id()))


def test_many_groups_are_merged_each_by_itself(office):
    full = company(office, "启利公司", phone="010-62345678", email="a@qili.example")
    old = company(office, "启利", tax_number="9111")
    one, two = company(office, "泰微"), company(office, "泰微公司", website="https://taiwei.example")
    x, y = company(office, "恒通"), company(office, "恒通公司")
    plan = office.ask(
        ALICE, "plan_merges", entity="customer", groups=[ids(old, full), ids(one, two), ids(x, y)]
    )
    assert [(g["kept_id"], g["values"]) for g in plan["groups"]] == [
        (full["id"], {"tax_number": "9111"}), (two["id"], {}), (x["id"], {}),
    ]  # fmt: skip
    office.ask(ALICE, "update", entity="customer", id=y["id"], values={"phone": "010-1"})
    told = [{name: group[name] for name in ("ids", "kept_id", "vers")} for group in plan["groups"]]
    done = office.ask(ALICE, "merge_many", entity="customer", groups=told)
    assert (done["merged"], [g["problem"] and g["problem"]["code"] for g in done["groups"]]) == (
        2, [None, None, "ChangedMeanwhile"],
    )  # fmt: skip
    assert office.ask(ALICE, "get", entity="customer", id=full["id"])["row"]["tax_number"] == "9111"
    office.ask(ALICE, "unmerge", entity="customer", merge_id=done["groups"][0]["merge_id"])
    assert office.ask(ALICE, "get", entity="customer", id=old["id"])["row"]["archived_at"] is None
    again = office.ask(ALICE, "merge_many", entity="customer", groups=[{"ids": ids(one, two)}])
    assert again["groups"][0]["problem"]["code"] == "NotMergeable"
    assert [(g["kept_id"], g["name"]) for g in done["groups"]] == [
        (full["id"], "启利公司"), (two["id"], "泰微公司"), (x["id"], "恒通"),
    ]  # fmt: skip


def test_what_refuses_a_group_is_told_with_its_field(office):
    """CUS-15: a company may not stand below one that stands below it."""
    top = company(office, "启利集团", phone="010-62345678")
    middle = company(office, "启利科技", parent_id=top["id"])
    other = company(office, "启利集团公司", parent_id=middle["id"])
    (told,) = office.ask(ALICE, "merge_many", entity="customer", groups=[{"ids": ids(top, other)}])["groups"]
    assert (told["problem"]["field"], told["merge_id"]) == ("parent_id", None)


def test_groups_that_overlap_are_one_and_too_many_are_told(office):
    a, b, c = (
        company(office, "启利"),
        company(office, "启利公司", phone="010-62345678"),
        company(office, "Qili", phone="62345678"),
    )
    plan = office.ask(ALICE, "plan_merges", entity="customer", groups=[ids(a, b), ids(b, c)])
    assert [sorted(group["ids"]) for group in plan["groups"]] == [sorted(ids(a, b, c))]
    with pytest.raises(Forbidden):
        office.ask(READER, "merge_many", entity="customer", groups=[])
