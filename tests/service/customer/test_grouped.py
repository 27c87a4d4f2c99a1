"""Rows counted and summed by any field (LED-02, LED-04, DAT-07, DAT-08): the parts are the whole, inside one's rights."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import Forbidden, Invalid
from contracts.organization import ChoiceListed
from contracts.shipped import shipped_id
from tests.cast import person
from tests.service.customer.conftest import ALICE, CAROL, INTERNET, ROOT, TRADE

VISIT = shipped_id("organization.choice", "lead_source", "visit")
SOURCES = (str(INTERNET), str(VISIT), None)
LEADS = st.lists(
    st.tuples(
        st.sampled_from(SOURCES), st.sampled_from([None, "100.50", "9.25"]), st.sampled_from([ALICE, CAROL])
    ),
    max_size=10,
)


def grouped(office, *by: str, actor=ROOT, **query) -> dict[str, Any]:
    return office.ask(actor, "grouped", {"entity": "customer.lead", "by": by, "query": query})


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leads=LEADS)
def test_the_parts_are_the_whole_and_the_whole_is_the_list(office, leads):
    with office.connection.begin_nested() as savepoint:
        _compare(office, leads)
        savepoint.rollback()


def _compare(office, leads) -> None:
    office.hear(ChoiceListed(record_id=VISIT, epoch=1, ver=1, label="上门拜访", data={"list": "lead_source"}))
    for number, (source, amount, who) in enumerate(leads):
        office.create(who, "lead", name=f"线索{number}", source_id=source, expected_amount=amount)
    for actor in (ROOT, ALICE):
        rows = office.ask(actor, "list", {"entity": "customer.lead", "query": {"limit": 100}})["rows"]
        for by in (("source_id",), ("owner_id",), ("source_id", "state"), ("created_at",)):
            found = grouped(office, *by, actor=actor)
            assert found["count"] == len(rows) == sum(group["count"] for group in found["groups"])
            whole = sum((Decimal(row["expected_amount"] or 0) for row in rows), Decimal(0))
            assert Decimal(found["sums"]["expected_amount"]) == whole
            assert (
                sum((Decimal(group["sums"]["expected_amount"]) for group in found["groups"]), Decimal(0))
                == whole
            )
            for group in found["groups"]:
                mine = [
                    row
                    for row in rows
                    if all(_key(row, name) == key for name, key in zip(by, group["keys"], strict=True))
                ]
                assert len(mine) == group["count"]


def _key(row: dict[str, Any], name: str) -> Any:
    return row[name][:7] if name == "created_at" else row[name]


def test_the_list_of_conditions_holds_here_too(office):
    for name, source in (("甲", INTERNET), ("乙", None)):
        office.create(ALICE, "lead", name=name, source_id=str(source) if source else None)
    found = grouped(office, "source_id", where={"name": "甲"})
    assert [(group["keys"], group["count"]) for group in found["groups"]] == [([str(INTERNET)], 1)]
    assert found["labels"][str(INTERNET)]["label"] == "互联网信息"


@pytest.mark.parametrize(
    "by",
    [
        (),
        ("name",),
        ("nothing",),
        ("source_id", "source_id"),
        ("source_id", "state", "owner_id"),
        ("tags", "segments"),
    ],
)
def test_what_nothing_is_grouped_by_is_named(office, by):
    with pytest.raises(Invalid) as refused:
        grouped(office, *by)
    assert refused.value.fields[0].field == "by"


def test_a_row_with_several_values_stands_in_the_group_of_each(office):
    """CUS-11: a group's make-up by tag; those without any stand by themselves, and the whole is still counted once."""
    red, blue = (str(shipped_id("organization.choice", "tag", name)) for name in ("red", "blue"))
    for id in (red, blue):
        office.hear(
            ChoiceListed(record_id=id, epoch=1, ver=1, label=id[:4], data={"list": "tag", "code": id[:4]})
        )
    for number, tags in enumerate(([red, blue], [red], [])):
        office.create(ALICE, "lead", name=f"线索{number}", tags=tags, expected_amount="10")
    found = grouped(office, "tags")
    assert {group["keys"][0]: group["count"] for group in found["groups"]} == {red: 2, blue: 1, None: 1}
    assert (found["count"], found["sums"]["expected_amount"]) == (3, "30.00")
    assert set(found["labels"]) == {red, blue}
    assert {tuple(group["keys"]): group["count"] for group in grouped(office, "tags", "state")["groups"]}[
        red, "new"
    ] == 2


def test_of_numbers_the_sum_or_the_average_is_told(office):
    """DAT-07: of each group and of all; empty ones do not count for an average."""
    for name, source, amount in (
        ("甲", INTERNET, "100.00"),
        ("乙", INTERNET, "50.01"),
        ("丙", None, None),
        ("丁", None, "7"),
    ):
        office.create(
            ALICE, "lead", name=name, source_id=str(source) if source else None, expected_amount=amount
        )

    def told(figure):
        found = office.ask(
            ROOT, "grouped", {"entity": "customer.lead", "by": ("source_id",), "figure": figure}
        )
        return [(group["keys"][0], group["figure"]) for group in found["groups"]], found["figure"]

    internet = str(INTERNET)
    parts, whole = told("expected_amount__avg")
    assert sorted(parts, key=str) == sorted([(internet, "75.01"), (None, "7.00")], key=str)
    assert whole == "52.34"
    parts, whole = told("expected_amount__sum")
    assert sorted(parts, key=str) == sorted([(internet, "150.01"), (None, "7.00")], key=str)
    assert whole == "157.01"
    assert "figure" not in grouped(office, "source_id")


@pytest.mark.parametrize(
    "figure",
    ["expected_amount", "expected_amount__max", "name__sum", "nothing__avg", "__sum", "source_id__sum"],
)
def test_what_is_no_number_has_neither_sum_nor_average(office, figure):
    with pytest.raises(Invalid) as refused:
        office.ask(ROOT, "grouped", {"entity": "customer.lead", "by": ("state",), "figure": figure})
    assert [(p.field, p.code) for p in refused.value.fields] == [("figure", "not_a_choice")]


def test_who_may_not_read_counts_nothing(office):
    with pytest.raises(Forbidden):
        grouped(office, "state", actor=person(ALICE.id, "Alice", "customer.customer.* all"))


def test_rows_are_counted_by_what_the_record_behind_them_is_like(office):
    """DAT-07: contacts by the industry of their customer, customers by the kind of the company above them; inside one's rights."""
    above = office.create(ALICE, "customer", name="启利集团", kind="partner")
    below = office.create(ALICE, "customer", name="启利科技", parent_id=above["id"], industry_id=str(TRADE))
    for customer, name in ((above, "王芳"), (below, "李强"), (below, "赵敏")):
        office.create(ALICE, "contact", name=name, customer_id=customer["id"])

    def counted(entity, by, actor=ALICE):
        found = office.ask(actor, "grouped", {"entity": f"customer.{entity}", "by": [by]})["groups"]
        return {group["keys"][0]: group["count"] for group in found}

    assert counted("contact", "customer_id.industry_id") == {str(TRADE): 2, None: 1}
    assert counted("contact", "customer_id.created_at") == {"2026-03": 3}
    assert counted("customer", "parent_id.kind") == {None: 1, "partner": 1}
    listed = {"-customer_id.industry_id__empty": "no"}
    rows = office.ask(ALICE, "list", {"entity": "customer.contact", "query": {"where": listed}})["rows"]
    assert [row["name"] for row in rows] == ["王芳"]
    no_customers = person(ALICE.id, "Alice", "customer.contact.* own")
    assert counted("contact", "customer_id.industry_id", no_customers) == {None: 3}
