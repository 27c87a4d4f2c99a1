"""A customer resource plan beside what was done: planned, actual, success, failure, stranded, made from facts (CUS-09, CUS-10)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import Invalid, NotFound
from contracts.organization import DepartmentListed
from contracts.receivables import ContractCancelled, ContractSigned
from contracts.sales import OpportunityOpened
from tests.cast import BOOKS, SALES, grants
from tests.desk import NOON
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT, VISIT

DAY = NOON.date()
STAGES = (
    ("目标", "customer_created"),
    ("潜在", "in_contact"),
    ("需求", "opportunity_opened"),
    ("正式客户", "contract_signed"),
)


@pytest.fixture
def stages(office) -> dict[str, str]:
    """Target → in contact → need → customer; each led to by a fact."""
    office.hear(DepartmentListed(record_id=BOOKS, epoch=1, ver=1, label="财务部"))
    return {
        name: office.create(ROOT, "lifecycle_stage", name=name, entered_by=fact, position=n * 10)["id"]
        for n, (name, fact) in enumerate(STAGES, 1)
    }


def planned(
    office, stages, who=BOB, lines=(("电话", "目标", 10), ("拜访", "潜在", 5)), **values
) -> dict[str, Any]:
    kinds = {"电话": str(CALL), "拜访": str(VISIT)}
    work = [
        {"kind_id": kinds[kind], "stage_id": stages[stage], "planned": count} for kind, stage, count in lines
    ]
    given = {
        "name": "一季度",
        "sales_plan": "年度计划",
        "starts_on": str(DAY),
        "ends_on": str(DAY + timedelta(days=60)),
        **values,
    }
    return office.create(who, "resource_plan", lines=work, **given)


def done(office, customer, kind=CALL, who=ALICE) -> str:
    return office.ask(who, "log_activity", kind_id=str(kind), subject="联系", customer_id=customer["id"])[
        "row"
    ]["id"]


def chance(office, customer) -> None:
    office.hear(
        OpportunityOpened(
            opportunity_id=uuid4(), name="项目", customer_id=customer["id"], owner_id=ALICE.id, stage_id=uuid4(),
            expected_amount="1000", opened_at=office.now.isoformat(),
        )
    )  # fmt: skip


def progress(office, plan, who=BOB, **asked) -> dict[str, Any]:
    return office.ask(who, "plan_progress", plan_id=plan["id"], **asked)


def figures(found) -> list[tuple[int, ...]]:
    names = ("planned", "actual", "success", "failure", "stranded")
    return [tuple(line[name] for name in names) for line in found["lines"]]


def test_each_piece_of_work_counts_at_the_stage_where_the_customer_stood_and_by_what_became_of_it(
    office, stages
):
    won, lost, still = (
        office.create(ALICE, "customer", name=name) for name in ("前进的", "丢了的", "没动的")
    )
    plan = planned(office, stages)
    assert figures(progress(office, plan)) == [(10, 0, 0, 0, 0), (5, 0, 0, 0, 0)]
    for customer in (won, lost, still):
        done(office, customer)  # the first call leads from target to potential
    office.later(days=2)
    for customer in (won, lost, still):
        done(office, customer, VISIT)
    office.later(days=1)
    chance(office, won)
    office.ask(ALICE, "mark_customer", id=lost["id"], mark="lost", note="选了别家")
    assert figures(progress(office, plan)) == [(10, 3, 3, 0, 0), (5, 3, 1, 1, 1)]
    rows = progress(office, plan, line=2, outcome="failure")["rows"]
    assert [(row["customer"], row["outcome"]) for row in rows] == [("丢了的", "failure")]
    assert len(progress(office, plan, line=2)["rows"]) == 3


def test_only_work_of_its_time_kinds_and_people_counts_and_only_what_one_sees(office, stages):
    early = office.create(ALICE, "customer", name="早")
    done(office, early)
    office.later(days=1)
    plan = planned(
        office, stages, starts_on=str(DAY + timedelta(days=1)), ends_on=str(DAY + timedelta(days=3))
    )
    hers = planned(office, stages, staff_id=str(ALICE.id))
    his = planned(office, stages, staff_id=str(BOB.id))
    here, elsewhere = (planned(office, stages, for_department_id=str(id)) for id in (SALES, BOOKS))
    fresh = office.create(ALICE, "customer", name="新")
    done(office, fresh)
    done(office, fresh, VISIT)  # at target still: no line asks for visits there
    office.later(days=5)
    done(office, office.create(ALICE, "customer", name="晚"))
    assert [line[1] for line in figures(progress(office, plan))] == [1, 0]
    assert [line[1] for line in figures(progress(office, hers))] == [3, 0]
    assert [line[1] for line in figures(progress(office, his))] == [0, 0]
    assert [line[1] for line in figures(progress(office, here))] == [3, 0]
    assert [line[1] for line in figures(progress(office, elsewhere))] == [0, 0]
    with pytest.raises(NotFound):
        progress(office, plan, CAROL)


def test_deals_signed_in_the_time_are_told_with_their_sum_and_not_those_given_up(office, stages):
    customer = office.create(ALICE, "customer", name="甲")
    plan = planned(office, stages, average_deal="5000")
    done(office, customer)
    kept, gone = (
        ContractSigned(
            contract_id=uuid4(), number="HT-1", name="x", customer_id=customer["id"], owner_id=ALICE.id, amount=amount,
            signed_on=str(DAY), receivable_id=uuid4(),
        )
        for amount in ("3000", "9000")
    )  # fmt: skip
    for event in (kept, gone):
        office.hear(event)
    office.hear(ContractCancelled.of(gone, was_signed=True, reason="x"))
    found = progress(office, plan)
    assert (found["deals"], Decimal(found["deals_amount"])) == (1, Decimal("3000.00"))
    helper = BOB.model_copy(update={"grants": grants("customer.* team", "customer.activity.read all")})
    theirs = office.create(CAROL, "customer", name="上海的")
    done(office, theirs, who=CAROL)
    office.hear(kept.model_copy(update={"contract_id": uuid4(), "customer_id": UUID(theirs["id"])}))
    assert [line[1] for line in figures(progress(office, plan, helper))] == [2, 0]
    assert progress(office, plan, helper)["deals_amount"] == "3000.00", "she may see the work, not the money"
    assert progress(office, plan, ROOT)["deals_amount"] == "6000.00"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": "2020-01-01"}, "ends_on"), ({"lines": (("电话", "目标", 0),)}, "lines.0.planned"),
        ({"lines": (("电话", "目标", 1), ("电话", "目标", 2))}, "lines.1.stage_id"), ({"average_deal": "-1"}, "average_deal"),
        ({"staff_id": str(ALICE.id), "for_department_id": str(ALICE.department_id)}, "for_department_id"),
    ],
)  # fmt: skip
def test_wrong_input_names_its_field(office, stages, values, field):
    with pytest.raises(Invalid) as refused:
        planned(office, stages, **values)
    assert [p.field for p in refused.value.fields] == [field]


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["call", "visit", "chance", "lost", "back", "wait"])),
    max_size=12,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happened_actual_is_success_failure_and_stranded_and_each_opens_its_rows(
    office, stages, steps
):
    point, before = office.connection.begin_nested(), office.now
    customers = [office.create(ALICE, "customer", name=f"客户{n}") for n in range(3)]
    everything = [(kind, stage, 3) for kind in ("电话", "拜访") for stage in stages]
    plan, worked = planned(office, stages, lines=everything), set()
    for n, what in steps:
        office.later(days=1)
        if what in ("call", "visit"):
            worked.add(done(office, customers[n], CALL if what == "call" else VISIT))
        elif what == "chance":
            chance(office, customers[n])
        elif what in ("lost", "back"):
            mark = "lost" if what == "lost" else "returned"
            office.ask(ALICE, "mark_customer", id=customers[n]["id"], mark=mark, note="说明")
    found, shown = progress(office, plan), set()
    for position, (_, actual, *parts) in enumerate(figures(found), 1):
        assert actual == sum(parts)
        for outcome, count in zip(("success", "failure", "stranded"), parts, strict=True):
            rows = progress(office, plan, line=position, outcome=outcome)["rows"]
            assert len(rows) == count
            shown |= {row["activity_id"] for row in rows}
    assert shown == worked, (
        "with a line for each kind and stage nothing is left out and nothing counted twice"
    )
    point.rollback()
    office.now = before
