"""Companies and people, groups and families (CUS-15): who belongs to whom, without circles, also when they are merged."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contracts.errors import Invalid, NotFound, Problem
from services.customer import model
from services.customer.queries import group as groups_query
from tests.desk import Desk
from tests.service.customer.conftest import ALICE, BOB, CAROL, ROOT, meet_the_staff


def company(office, name, above=None, actor=ALICE, **more):
    return office.create(actor, "customer", name=name, parent_id=above and above["id"], **more)


def test_the_sums_of_a_group_are_those_of_all_also_where_not_all_are_named(haijing, monkeypatch):
    office, top, *_ = haijing
    table = model.Customer.__table__
    office.connection.execute(table.update().values(contracts_amount="0.10"))
    monkeypatch.setattr(groups_query, "MOST", 1)
    told = group(office, top)
    assert (len(told["members"]), told["below"], told["sums"]["contracts_amount"]) == (2, 3, "0.40")


def test_one_that_was_put_away_is_named_where_it_stands(haijing):
    office, top, first, _, plant = haijing
    for row in (first, plant):
        office.ask(ALICE, "archive", entity="customer", id=row["id"])
        told = group(office, row)
        assert row["id"] in [one["id"] for one in told["members"]]
        assert told["below"] == (1 if row is first else 0)
    assert "海精仪器" not in [one["name"] for one in group(office, top)["members"]]


def change(office, row, actor=ALICE, **values):
    return office.ask(actor, "update", entity="customer", id=row["id"], values=values)["row"]


def group(office, row, actor=ALICE):
    return office.ask(actor, "group", customer_id=row["id"])


def wrong(refused) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in refused.value.fields]


@pytest.fixture
def haijing(office):
    """海精集团 with two companies, one of which has a plant."""
    top = company(office, "海精集团")
    first, second = company(office, "海精仪器", top), company(office, "海精软件", top)
    return office, top, first, second, company(office, "海精仪器二厂", first)


def test_the_group_is_told_from_the_top_down_with_its_sums(haijing):
    office, top, first, second, plant = haijing
    for row, amount in ((first, "100.10"), (plant, "0.20"), (second, "7.00")):
        table = model.Customer.__table__
        office.connection.execute(
            table.update().where(table.c.id == UUID(row["id"])).values(contracts_amount=amount)
        )
    told = group(office, first)
    shown = [(one["name"], one["depth"]) for one in told["members"]]
    assert shown == [("海精集团", 0), ("海精仪器", 1), ("海精仪器二厂", 2), ("海精软件", 1)]
    assert (told["below"], told["sums"]["contracts_amount"]) == (1, "100.30")
    assert group(office, top)["sums"]["contracts_amount"] == "107.30"
    assert group(office, company(office, "独立公司")) | {"members": (), "sums": {}} == {
        "members": (),
        "sums": {},
        "below": 0,
        "people": 0,
    }


def test_what_is_outside_ones_rights_is_neither_shown_nor_added_up(haijing):
    office, top, first, _, plant = haijing
    office.ask(BOB, "hand_over_customer", id=first["id"], owner_id=str(BOB.id))
    told = group(office, top)
    assert [(one["name"], one["depth"]) for one in told["members"]] == [
        ("海精集团", 0),
        ("海精仪器二厂", 1),
        ("海精软件", 1),
    ]
    with pytest.raises(NotFound):
        group(office, plant, CAROL)


def test_nothing_stands_below_itself(haijing):
    office, top, first, _, plant = haijing
    for over in (top, first, plant):
        with pytest.raises(Invalid) as refused:
            change(office, top, parent_id=over["id"])
        assert wrong(refused) == [("parent_id", "below_itself")]
    assert change(office, plant, parent_id=top["id"])["parent_id"] == top["id"]
    assert change(office, plant, parent_id=None)["parent_id"] is None


def test_people_belong_to_families_and_companies_to_companies(office):
    firm, family = company(office, "海精仪器"), company(office, "王家", nature="family")
    person = company(office, "王芳", family, nature="individual")
    for name, over, nature in (
        ("李强", firm, "individual"),
        ("子公司", family, "company"),
        ("小家", family, "family"),
        ("无", person, "company"),
    ):
        with pytest.raises(Invalid) as refused:
            company(office, name, over, nature=nature)
        assert wrong(refused) == [("parent_id", "not_a_choice")]
    with pytest.raises(Invalid) as refused:
        change(office, family, nature="company")
    assert wrong(refused) == [("nature", "has_members")]
    with pytest.raises(Invalid) as refused:
        change(office, person, nature="company")
    assert wrong(refused) == [("parent_id", "not_a_choice")]
    where = {"where": {"parent_id": family["id"], "nature": "individual"}}
    assert office.ask(ALICE, "list", {"entity": "customer", "query": where})["count"] == 1


def parents(office) -> dict[str, UUID | None]:
    return {str(row.id): row.parent_id for row in office.rows(model.Customer)}


def test_merged_with_the_one_it_belongs_to_it_takes_its_place(haijing):
    office, top, first, second, plant = haijing
    before = parents(office)
    merged = {"entity": "customer", "kept_id": plant["id"], "gone_ids": [first["id"]]}
    done = office.ask(ALICE, "merge", merged)
    assert str(parents(office)[plant["id"]]) == top["id"]
    office.ask(ALICE, "unmerge", entity="customer", merge_id=done["merge_id"])
    assert parents(office) == before
    done = office.ask(ALICE, "merge", merged | {"gone_ids": [top["id"]], "values": {"parent_id": top["id"]}})
    after = parents(office)
    assert after[plant["id"]] is None
    assert {str(after[row["id"]]) for row in (first, second)} == {plant["id"]}
    office.ask(ALICE, "unmerge", entity="customer", merge_id=done["merge_id"])
    assert parents(office) == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tree=st.lists(st.integers(0, 4), min_size=3, max_size=6),
    merged=st.lists(st.integers(0, 6), min_size=2, max_size=4, unique=True),
    chosen=st.none() | st.integers(0, 6),
)
@example(tree=[0, 0, 0], merged=[1, 0], chosen=2)  # who was chosen to stand above comes to stand below
def test_whoever_is_merged_there_are_no_circles_and_back_it_is_as_before(databases, tree, merged, chosen):
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        rows = [company(office, "集团")]
        for number, over in enumerate(tree):
            rows.append(company(office, f"公司{number}", rows[over % len(rows)], actor=ROOT))
        ids = [rows[n % len(rows)]["id"] for n in merged]
        if len(set(ids)) < len(ids):
            return
        values = {} if chosen is None else {"parent_id": rows[chosen % len(rows)]["id"]}
        before = parents(office)
        try:
            done = office.ask(
                ROOT, "merge", entity="customer", kept_id=ids[0], gone_ids=ids[1:], values=values
            )
        except Problem:  # somebody chose one that stands below: refused, nothing is changed
            assert values
            assert parents(office) == before
            return
        after = parents(office)
        for id in after:
            seen = []
            while id is not None:
                assert id not in seen
                seen.append(id)
                id = after[id] and str(after[id])
        assert not {str(over) for id, over in after.items() if id not in ids[1:]} & set(ids[1:])
        office.ask(ROOT, "unmerge", entity="customer", merge_id=done["merge_id"])
        assert parents(office) == before
    finally:
        office.close()
