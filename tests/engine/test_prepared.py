"""Questions of several parts as one statement: the same rows, rights and values as by any other door, planned once."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Uuid, bindparam, column, exists, func, literal, select, text, union_all
from sqlalchemy.orm import aliased

from chassis import related
from chassis.audit import plain
from chassis.identity import new_id
from chassis.prepared import Part, Prepared, for_all, rows_of
from chassis.scope import Share
from chassis.work import Work
from tests.cast import ALICE_ID, BEIJING, BOB_ID, CAROL_ID, SALES, SALES_SH, SHANGHAI, person
from tests.engine.toy import MakerRow, PartRow, ToyRow, ToyService

SCOPES = ("own", "team", "department", "branch", "all", None)
FIELDS = ("id", "name", "price", "shown_at", "made_on", "safe", "tags", "sellers", "maker_id", "created_at")
MAKER = bindparam("maker", type_=Uuid())
OWN = {"toy.toy": ToyRow, "toy.maker": MakerRow}
TOYS = Prepared(
    {
        "toys": Part(
            select(*(getattr(ToyRow, name) for name in FIELDS))
            .where(ToyRow.maker_id == MAKER)
            .order_by(ToyRow.id)
        ),
        "parts": Part(
            select(PartRow.text, PartRow.price)
            .where(PartRow.toy_id.in_(select(column("id")).select_from(rows_of("toys"))))
            .order_by(PartRow.text)
        ),
        "how many": Part(select(func.count(ToyRow.id).label("count")).where(ToyRow.maker_id == MAKER)),
        "elsewhere": Part(
            select(MakerRow.name).where(
                MakerRow.id.in_(select(ToyRow.maker_id).where(ToyRow.maker_id == MAKER))
            )
        ),
    },
    {"toy.maker": [related.ids("toys", "maker_id")]},
    OWN,
)


def alice(scope):
    grants = (f"toy.toy.read {scope}",) if scope else ()
    return person(ALICE_ID, "Alice", *grants, "toy.maker.read all", reports=(BOB_ID,))


def seeing(desk, actor):
    """A Work for questions, as a door would have it."""
    session = desk.house.reading()
    return Work(session, actor, desk.house)


@pytest.fixture
def toys(desk):
    """A maker's toys: of Alice, of Bob below her, of a colleague, of Shanghai, of nobody; one of Shanghai's is shared."""
    house = desk(ToyService)
    root = person(new_id(), "Root", "toy.* all")
    house.maker = house.create(root, "maker", name="木工坊", name_en="Joiners")["id"]
    with house.house.sessions.begin() as session:
        Work(session, root, house.house)
        places = (
            (ALICE_ID, SALES, BEIJING), (BOB_ID, None, BEIJING), (CAROL_ID, SALES, SHANGHAI), (new_id(), SALES_SH, BEIJING),
            (new_id(), SALES_SH, SHANGHAI), (None, None, None),
        )  # fmt: skip
        for number, (owner, department, branch) in enumerate(places):
            row = ToyRow(
                name=f"木马{number}", owner_id=owner, department_id=department, branch_id=branch or SHANGHAI,
                maker_id=UUID(house.maker), price="10.50", shown_at=datetime(2026, 3, 10, 4, 0, 0, number * 1000, UTC),
                parts=[PartRow(text=f"轮子{number}", price="1.00", position=1)], safe=True, tags=["wood"],
            )  # fmt: skip
            session.add(row)
            session.flush()
        session.add(Share(entity="toy.toy", record_id=row.id, staff_id=ALICE_ID))
    return house


@pytest.mark.parametrize("scope", SCOPES)
def test_rights_and_values_are_those_of_the_list(toys, scope):
    actor = alice(scope)
    found = TOYS.ask(seeing(toys, actor), maker=toys.maker)
    rows = (
        toys.ask(actor, "list", {"entity": "toy", "query": {"where": {"maker_id": toys.maker}}})["rows"]
        if scope
        else []
    )
    assert found["toys"] == [
        {name: row[name] for name in FIELDS} for row in sorted(rows, key=lambda row: row["id"])
    ]
    assert found["how many"] == [{"count": len(rows)}]
    assert [part["text"][-1] for part in found["parts"]] == sorted(row["name"][-1] for row in rows), (
        "of toys she sees"
    )
    assert [maker["name"] for maker in found["elsewhere"]] == (["木工坊"] if rows else []), (
        "also within a part"
    )
    assert [label["label_en"] for label in found.labels.values()] == (["Joiners"] if rows else [])


def test_past_rights_only_where_it_is_said(toys):
    every = Prepared(for_all({"toys": Part(select(ToyRow.id).where(ToyRow.maker_id == MAKER))}), {}, OWN)
    work = seeing(toys, alice(None))
    assert len(every.ask(work, maker=toys.maker)["toys"]) == 6
    assert TOYS.ask(work, maker=toys.maker)["toys"] == []
    with work.everything():
        assert len(TOYS.ask(work, maker=toys.maker)["toys"]) == 6


def test_who_works_at_no_branch_sees_what_belongs_to_none_no_more_than_others(toys):
    stray = person(new_id(), "Stray", "toy.toy.read branch", branch=None)
    assert TOYS.ask(seeing(toys, stray), maker=toys.maker)["toys"] == []
    assert toys.ask(stray, "list", {"entity": "toy"})["rows"] == []


def test_a_connection_plans_a_question_once_for_each_kind_of_rights(toys):
    def planned():
        return toys.connection.scalar(text("SELECT count(*) FROM pg_prepared_statements"))

    rows = select(ToyRow.id).where(ToyRow.maker_id == MAKER, ToyRow.name != f"{new_id()}")
    never_asked = Prepared({"toys": Part(rows)}, {}, OWN)
    before = planned()
    for _ in range(3):
        never_asked.ask(seeing(toys, alice("own")), maker=new_id())
        never_asked.ask(seeing(toys, person(CAROL_ID, "Carol", "toy.toy.read own")), maker=new_id())
    assert planned() == before + 1
    never_asked.ask(seeing(toys, alice("branch")), maker=toys.maker)
    assert planned() == before + 2


SEEN = select(ToyRow.id)
HIDDEN_INSIDE = {
    "exists": select(exists(SEEN).label("found")),
    "scalar": select(SEEN.limit(1).scalar_subquery().is_not(None).label("found")),
    "from": select((func.count() > 0).label("found")).select_from(SEEN.subquery()),
    "cte": select((func.count() > 0).label("found")).select_from(SEEN.cte()),
    "union": select((func.count() > 0).label("found")).select_from(union_all(SEEN, SEEN).subquery()),
    "where": select((func.count() > 0).label("found")).where(exists(SEEN)),
    "alias": select((func.count(aliased(ToyRow).id) > 0).label("found")),
}


@pytest.mark.parametrize("how", HIDDEN_INSIDE)
def test_however_a_class_is_asked_for_rights_are_not_passed_by(toys, how):
    question = Prepared({"any": Part(HIDDEN_INSIDE[how])}, {}, OWN)
    nobody = person(CAROL_ID, "Carol", branch=SHANGHAI)
    assert question.ask(seeing(toys, alice("all")))["any"] == [{"found": True}]
    assert question.ask(seeing(toys, nobody))["any"] == [{"found": False}]


@given(at=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_moment_reads_as_by_any_other_door(toys, at):
    place = bindparam("at", type_=ToyRow.shown_at.type)
    told = Prepared({"now": Part(select(literal(1).label("one"), place.label("at")))}, {}, {})
    assert told.ask(seeing(toys, alice("own")), at=at)["now"] == [{"one": 1, "at": plain(at)}]
