"""An import leaves nothing behind when it is taken back, and makes nothing twice when its process is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from chassis import registry
from chassis.audit import Change
from chassis.database import sessions
from chassis.house import House
from chassis.importing import Importer
from chassis.outbox import Outgoing
from chassis.transfer import Job, StagedRow
from services.customer import model
from tests.desk import Desk
from tests.service.customer.conftest import ROOT, meet_the_staff

HERE = Path(__file__).resolve().parents[3]
WORDS = st.sampled_from(["泰微", "启利", "Acme", "华信", "宏远"])
NAMES = st.builds("{}{}".format, WORDS, st.sampled_from(["", "科技", "有限公司", " Ltd."]))
FOLLOW_UPS = {
    "follow_up_at": st.sampled_from(["2025-11-03 09:30", "2025-12-01", "2031-01-01", "昨天"]),
    "follow_up_kind_id": st.sampled_from(["拜访", "Phone call", "算命"]),
    "follow_up_text": st.sampled_from(["谈了价格", "送了样品\n下周再谈"]),
    "follow_up_by_id": st.sampled_from(["Alice", "Carol", "Eve"]),
    "next_step": st.sampled_from(["再去一次", "寄报价"]),
    "next_step_at": st.sampled_from(["2026-04-01 10:00", "2026-05-02"]),
}
ROWS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES},
        optional={
            "phone": st.sampled_from(["010-62345678", "乱写", 13800138000.0]),
            "kind": st.sampled_from(["partner", "wrong"]),
            "tax_number": st.sampled_from(["91110108MA01", "9111 0108 ma01", "other"]),
            "owner_id": st.sampled_from(["Alice", "Carol", "Nobody"]),
            "contact_name": st.sampled_from(["李雷", "韩梅梅"]),
            "contract_number": st.sampled_from(["HT-1", "HT-2"]),
            "contract_amount": st.sampled_from(["100", "1e3", "-1"]),
            "contract_signed_on": st.sampled_from(["2019-05-01", "2019-02-30"]),
            **FOLLOW_UPS,
        },
    ),
    max_size=12,
)
LEADS = st.lists(
    st.fixed_dictionaries({"name": NAMES}, optional={"contact_name": st.just("王芳"), **FOLLOW_UPS}),
    max_size=12,
)


def standing(office: Desk, without: tuple[str, ...] = ()) -> dict[str, list[tuple[str, ...]]]:
    """Everything that is in the books: no archived row, no stamp."""
    found = {}
    for cls in (model.Lead, model.Customer, model.Contact, model.FormerContract, model.Activity):
        names = [name for name in cls.record.own_attrs() if hasattr(cls, name) and name not in without]
        rows = [row for row in office.rows(cls) if row.archived_at is None]
        found[cls.__name__] = sorted(tuple(str(getattr(row, name)) for name in names) for row in rows)
    return found


def run(
    office: Desk, rows: list[dict], chunk: int, door: str = "run_import", entity: str = "customer"
) -> str:
    columns = ["name", *{name for row in rows for name in row if name != "name"}]
    job = office.ask(ROOT, "start_import", {"entity": entity, "file_name": "x", "columns": columns})
    office.ask(ROOT, "stage_rows", {"job_id": job["id"], "first": 2, "rows": rows})
    office.ask(ROOT, door, {"job_id": job["id"]})
    Importer(office.house, chunk).run_all()
    return job["id"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ROWS, rows=ROWS, chunk=st.integers(1, 5))
def test_taken_back_it_leaves_the_books_as_they_were(databases, before, rows, chunk):
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        run(office, before, chunk)
        standing_before = standing(office)
        job = run(office, rows, chunk)
        told = office.ask(ROOT, "job", {"id": job})
        assert (told["state"], told["good"] + told["bad"], told["made"]) == ("done", len(rows), told["good"])
        if told["made"]:
            office.ask(ROOT, "take_back", {"job_id": job})
            Importer(office.house, chunk).run_all()
            assert office.ask(ROOT, "job", {"id": job})["made"] == 0
        assert standing(office) == standing_before
    finally:
        office.close()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=LEADS, rows=LEADS, chunk=st.integers(1, 5))
@example(
    before=[], chunk=3,
    rows=[
        {"name": "泰微"}, {"name": "泰微"}, {"name": "华信"},
        {"name": "华信", "follow_up_at": "2025-11-03 09:30", "follow_up_text": "谈了价格"},
    ],
)  # fmt: skip
def test_taken_back_leads_and_their_follow_ups_leave_the_books_as_they_were(databases, before, rows, chunk):
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        run(office, before, chunk, entity="lead")
        standing_before = standing(office)
        job = run(office, rows, chunk, entity="lead")
        told = office.ask(ROOT, "job", {"id": job})
        assert (told["state"], told["good"] + told["bad"], told["made"]) == ("done", len(rows), told["good"])
        if told["made"]:
            office.ask(ROOT, "take_back", {"job_id": job})
            Importer(office.house, chunk).run_all()
            assert office.ask(ROOT, "job", {"id": job})["made"] == 0
        assert standing(office) == standing_before
    finally:
        office.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.tuples(st.just("customer"), ROWS) | st.tuples(st.just("lead"), LEADS), chunk=st.integers(1, 5))
@example(file=("customer", [{"name": "泰微", "contract_signed_on": "2019-05-01"}, {"name": "泰微"}]), chunk=1)
@example(
    file=(
        "lead",
        [{"name": "泰微", "next_step": "去", "next_step_at": at} for at in ("2026-04-01", "2026-05-02")],
    ),
    chunk=1,
)
def test_the_size_of_a_chunk_makes_no_difference(databases, file, chunk):
    outcomes = []
    entity, rows = file
    for size in (chunk, 100):
        office = Desk.at(databases, "customer")
        try:
            meet_the_staff(office)
            run(office, rows, size, entity=entity)
            outcomes.append(standing(office, without=("customer_id", "contract_id", "lead_id")))
        finally:
            office.close()
    assert outcomes[0] == outcomes[1]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, chunk=st.integers(1, 5))
@example(rows=[{"name": "泰微", "contract_signed_on": "2019-05-01"}, {"name": "泰微"}], chunk=5)
def test_a_dry_run_promises_no_row_that_the_run_sets_aside(databases, rows, chunk):
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        checked = office.ask(ROOT, "job", {"id": run(office, rows, chunk, "check_import")})
        assert standing(office)["Customer"] == []
        made = office.ask(ROOT, "job", {"id": run(office, rows, chunk)})
        assert checked["good"] >= made["good"]
        if not any(name.startswith("cont") for row in rows for name in row):
            assert (checked["good"], checked["bad"]) == (made["good"], made["bad"])
    finally:
        office.close()


KILLED = """
import os, signal, sys
sys.path.insert(0, {here!r})
from sqlalchemy import event
from chassis import database, registry
from chassis.house import House
from chassis.importing import Importer

said = 0

def count(*_):
    global said
    said += 1
    if said == {at}:
        os.kill(os.getpid(), signal.SIGKILL)

engine = database.connect({url!r})
event.listen(engine, "before_cursor_execute", count)
event.listen(engine, "commit", count)
importer = Importer(House(registry.service_class("customer"), "HQ", database.sessions(engine), None), chunk=50)
while importer.run_due() == 0.0:
    pass
"""


@pytest.fixture
def books(databases):
    """The real database, outside of any test's transaction; emptied of what the test made."""
    service = registry.service_class("customer")
    engine = databases.engine(service)
    yield House(service, "HQ", sessions(engine), None)
    with engine.begin() as connection:
        for table in (
            "customer",
            "contact",
            "former_contract",
            "change",
            "outbox",
            "import_job",
            "number_sequence",
            "replica",
        ):
            connection.exec_driver_sql(f"TRUNCATE {table} CASCADE")


def test_killed_again_and_again_it_makes_each_row_once(databases, books):
    office = Desk(books.service, None, books.sessions)
    meet_the_staff(office)
    rows = [{"name": f"公司{n}号", "contact_name": f"联系人{n}"} for n in range(400)]
    columns = ["name", "contact_name"]
    job = office.ask(ROOT, "start_import", {"entity": "customer", "file_name": "x", "columns": columns})
    office.ask(ROOT, "stage_rows", {"job_id": job["id"], "first": 2, "rows": rows})
    office.ask(ROOT, "run_import", {"job_id": job["id"]})
    ends = []
    for at in (3, 6, 9, 11, 13, 16, 30, 45, 0):  # just before which of its statements and commits it dies
        script = KILLED.format(here=str(HERE), url=databases.url("customer"), at=at)
        ends.append(subprocess.run([sys.executable, "-c", script], env=os.environ, check=False).returncode)
    assert ends == [-signal.SIGKILL] * 8 + [0]
    told = office.ask(ROOT, "job", {"id": job["id"]})
    assert (told["state"], told["made"], told["bad"], told["done"]) == ("done", 400, 0, 400)
    with books.sessions() as session:
        names = list(session.scalars(select(model.Customer.name)))
        numbers = list(session.scalars(select(model.Customer.number)))
        people = list(session.scalars(select(model.Contact.name)))
        made = list(
            session.execute(
                select(StagedRow.made, StagedRow.state).where(StagedRow.job_id == UUID(job["id"]))
            )
        )
        log = list(session.scalars(select(Change.record_id)))
        cards = list(
            session.scalars(
                select(func.unnest(Outgoing.aggregate_ids)).where(
                    Outgoing.type.in_(("customer_listed", "contact_listed"))
                )
            )
        )
        assert session.get_one(Job, UUID(job["id"])).made == 400
    assert sorted(names) == sorted(row["name"] for row in rows)
    assert len(set(numbers)) == 400
    assert sorted(people) == sorted(row["contact_name"] for row in rows)
    assert {state for _, state in made} == {"made"}
    ids = {UUID(id) for parts, _ in made for _, id, _ in parts}
    assert len(ids) == len(log) == len(cards) == 800
    assert set(log) == set(cards) == ids
