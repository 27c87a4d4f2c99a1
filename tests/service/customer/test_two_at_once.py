"""What two people do at the same moment, on committed rows: no circle of groups comes of it (CUS-15), nothing is counted short,
no company becomes two customers (LED-06)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from chassis import database
from chassis.identity import new_id
from chassis.importing import Importer
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Invalid, Problem
from contracts.organization import ChoiceListed
from services.customer import model
from services.customer.actions import open_series
from services.customer.service import CustomerService
from tests.cast import ALICE_ID, CAROL_ID
from tests.desk import Desk
from tests.service.customer.conftest import ALICE, BOB, CALL, ROOT, meet_the_staff


@pytest.fixture
def standing(databases):
    """The customer service on a database where transactions really commit; emptied afterwards."""
    engine = databases.engine(CustomerService)
    desk = Desk(CustomerService, None, database.sessions(engine))
    meet_the_staff(desk)
    yield desk
    with engine.begin() as connection:
        names = [*model.Base.metadata.tables, *database.ChassisBase.metadata.tables]
        connection.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in names)))


def test_of_two_only_one_comes_to_stand_below_the_other(standing):
    rows = [standing.create(ALICE, "customer", name=f"集团{n}") for n in range(4)]

    def put_below_the_next(n: int) -> str:
        above = rows[(n + 1) % len(rows)]["id"]
        try:
            standing.ask(ALICE, "update", entity="customer", id=rows[n]["id"], values={"parent_id": above})
        except Problem as problem:
            return type(problem).__name__
        return "done"

    with ThreadPoolExecutor(len(rows)) as pool:
        answers = list(pool.map(put_below_the_next, range(len(rows))))
    assert sorted(answers) == ["Invalid", "done", "done", "done"]


def test_nobody_saves_between_the_look_at_a_group_and_its_merge(standing, databases):
    """Users 1: what was filled in meanwhile is never overwritten by what stood in the other record."""
    kept, gone = (standing.create(ALICE, "customer", name=name) for name in ("启利", "启利公司"))
    engine, answers = databases.engine(CustomerService), []

    def save(_connection, _cursor, statement, *_more):
        if answers or not statement.lstrip().startswith("SELECT customer."):
            return
        answers.append("saved")
        try:
            with engine.begin() as other:
                other.execute(text("SET LOCAL lock_timeout = '50ms'"))
                other.execute(text("UPDATE customer SET ver = ver + 1 WHERE id = :id"), {"id": kept["id"]})
        except OperationalError:
            answers[0] = "waits"

    group = {"ids": [kept["id"], gone["id"]], "vers": {kept["id"]: kept["ver"], gone["id"]: gone["ver"]}}
    event.listen(engine, "after_cursor_execute", save)
    try:
        merged = standing.ask(ALICE, "merge_many", entity="customer", groups=[group])
    finally:
        event.remove(engine, "after_cursor_execute", save)
    assert (answers, merged["merged"]) == (["waits"], 1)


def test_what_is_planned_at_one_moment_is_counted_together(standing):
    """CUS-08: the number of planned activities is the number of those that are found."""
    row = standing.create(ALICE, "customer", name="一起")

    def plan(n: int) -> None:
        asked = {
            "kind_id": str(CALL),
            "subject": f"电话{n}",
            "customer_id": row["id"],
            "starts_at": "2026-03-12T09:00:00+08:00",
        }
        standing.create(ALICE, "activity", **asked)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(plan, range(24)))
    assert standing.ask(ALICE, "get", entity="customer", id=row["id"])["row"]["open_activities"] == 24


def test_of_those_given_at_one_moment_no_more_come_than_she_may_hold(standing):
    """LED-08"""
    standing.create(ROOT, "pool_rule", name="规则", applies_to="customer.lead", most_held=2)
    leads = [standing.create(BOB, "lead", name=f"线索{n}")["id"] for n in range(8)]

    def give(id: str) -> str:
        try:
            standing.ask(ROOT, "assign_lead", id=id, owner_id=str(ALICE_ID))
        except Problem as problem:
            return type(problem).__name__
        return "done"

    with ThreadPoolExecutor(len(leads)) as pool:
        answers = list(pool.map(give, leads))
    assert sorted(answers) == ["Invalid"] * 6 + ["done"] * 2


@pytest.mark.parametrize("same", [{"name": "启利科技有限公司"}, {"mobile": "13800138000"}])
def test_of_those_who_convert_leads_of_one_company_one_makes_the_customer(standing, same):
    """Users 1: the others meet the warning, as they would a minute later, and name the one that is there."""
    leads = [standing.create(ALICE, "lead", **{"name": f"启利{n}", **same})["id"] for n in range(4)]

    def convert(id: str, **more: str) -> str:
        try:
            return standing.ask(ALICE, "convert_lead", id=id, **more)["row"]["customer_id"]
        except Invalid as invalid:
            return invalid.fields[0].code

    with ThreadPoolExecutor(len(leads)) as pool:
        answers = list(pool.map(convert, leads))
    (customer,) = standing.rows(model.Customer)
    assert sorted(answers) == sorted([str(customer.id), *["may_be_there"] * 3])
    late = leads[answers.index("may_be_there")]
    assert convert(late, customer_id=str(customer.id)) == str(customer.id)


def test_of_those_who_convert_leads_into_one_customer_one_brings_its_contact(standing):
    """LED-06: each names the lead as she saw it, and nobody is told that it was changed meanwhile."""
    customer = standing.create(ALICE, "customer", name="启利")
    tags = [standing.hear(card := choice(f"标签{n}")) and str(card.record_id) for n in range(4)]
    leads = [
        standing.create(ALICE, "lead", name=f"启利{n}", contact_name="王芳", tags=[tag])
        for n, tag in enumerate(tags)
    ]

    def convert(lead: dict) -> str:
        asked = {"id": lead["id"], "ver": lead["ver"], "customer_id": customer["id"]}
        try:
            return standing.ask(ALICE, "convert_lead", asked)["row"]["state"]
        except Problem as problem:
            return type(problem).__name__

    with ThreadPoolExecutor(len(leads)) as pool:
        assert list(pool.map(convert, leads)) == ["converted"] * 4
    assert [row.name for row in standing.rows(model.Contact)] == ["王芳"]
    (kept,) = standing.rows(model.Customer)
    assert sorted(map(str, kept.tags)) == sorted(tags)


def choice(label: str) -> ChoiceListed:
    return ChoiceListed(record_id=new_id(), epoch=1, ver=1, label=label, data={"list": "tag", "code": label})


def test_of_two_files_with_the_same_companies_one_brings_each(standing):
    """DAT-04: two colleagues send the same list, and each is worked by another process."""
    names = [f"客户{n}" for n in range(60)]
    for who in (ALICE, BOB):
        job = standing.ask(who, "start_import", entity="customer", file_name="名单.xlsx", columns=["name"])
        rows = [{"name": name} for name in (names if who is ALICE else reversed(names))]
        standing.ask(who, "stage_rows", job_id=job["id"], first=2, rows=rows)
        standing.ask(who, "run_import", job_id=job["id"])
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda importer: importer.run_all(), [Importer(standing.house) for _ in range(2)]))
    assert sorted(row.name for row in standing.rows(model.Customer)) == sorted(names)


def test_however_many_fill_a_series_at_one_moment_it_is_filled_once_and_for_whoever_has_the_customer_then(
    standing,
):
    """ACT-01: two runs of the job never double a time, and a hand-over meanwhile leaves none with whoever had it."""
    customer = standing.create(ALICE, "customer", name="长期")
    asked = {"kind_id": str(CALL), "subject": "每天", "starts_at": "2026-03-12T09:00:00+08:00"}
    standing.ask(
        ALICE, "plan_activity", customer_id=customer["id"], unit="day", every=5, ends="never", **asked
    )
    standing.later(days=40)

    def at_once(n: int) -> None:
        if n == 2:
            standing.ask(ROOT, "hand_over_customer", id=customer["id"], owner_id=str(CAROL_ID))
            return
        with standing.house.sessions.begin() as session:
            open_series.go_on(Work(session, Actor.system("clock"), standing.house, door="plan_open_series"))

    for _ in range(2):
        with ThreadPoolExecutor(5) as pool:
            list(pool.map(at_once, range(5)))
    with standing.house.sessions.begin() as session:
        Work(session, Actor.system("clock"), standing.house)
        rows = session.scalars(select(model.Activity)).all()
        starts = [row.starts_at for row in rows]
        assert len(starts) == len(set(starts)) == 44
        assert {row.owner_id for row in rows} == {CAROL_ID}
