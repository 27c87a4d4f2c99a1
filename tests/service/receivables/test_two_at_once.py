"""Two people at the same moment: money is never taken twice, nor more than is owed. On committed rows."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select, text

from chassis import database
from chassis.identity import new_id
from contracts.errors import Problem
from services.receivables import model
from services.receivables.service import ReceivablesService
from tests.chassis.world import until
from tests.desk import Desk
from tests.factories.receivables import DAN, furnish, instalments_of, pay, receivable_of, signed

AT_ONCE = 6


def test_six_payments_of_which_three_fit(standing: Desk):
    contract = signed(standing)
    answers = at_once(lambda n: pay(standing, contract, "300"))
    assert answers.count("MoreThanOwed") == 3
    assert receivable_of(standing, contract)["remaining"] == "100.00"
    assert standing.ask(DAN, "check_books")["agree"] is True


def test_one_payment_sent_six_times(standing: Desk):
    contract = signed(standing)
    message = {"payment_id": str(new_id()), "contract_id": contract["id"], "amount": "600"}
    answers = at_once(lambda n: standing.ask(DAN, "record_payment", message)["row"]["id"])
    assert set(answers) == {message["payment_id"]}
    assert receivable_of(standing, contract)["remaining"] == "400.00"


def test_one_payment_taken_back_six_times(standing: Desk):
    contract = signed(standing)
    payment = pay(standing, contract, "600")["row"]
    answers = at_once(
        lambda n: standing.ask(DAN, "reverse_payment", id=payment["id"], note="x")["row"]["amount"]
    )
    assert sorted(answers) == ["-600.00"] + ["AlreadyReversed"] * 5
    assert receivable_of(standing, contract)["remaining"] == "1000.00"


def test_paying_while_somebody_cancels(standing: Desk):
    """Either the money is in and the contract stands, or it is off and no money is taken: never both."""
    contract = signed(standing)

    def do(n: int) -> str:
        if n % 2:
            return pay(standing, contract, "10")["row"]["state"]
        return standing.ask(DAN, "cancel_contract", id=contract["id"], note="x")["row"]["state"]

    at_once(do)
    with standing.house.sessions() as session:
        paid = sum(session.scalars(select(model.Payment.amount)), Decimal(0))
    state = standing.ask(DAN, "get", entity="contract", id=contract["id"])["row"]["state"]
    assert (state, bool(paid)) in {("cancelled", False), ("signed", True)}
    assert standing.ask(DAN, "check_books")["agree"] is True


def test_six_who_pay_off_the_same(standing: Desk):
    """Users 24: what is open comes in once, to the cent, whoever presses how often and pays beside it."""
    contract = signed(standing)
    pay(standing, contract, "0.01")
    receivable = receivable_of(standing, contract)
    answers = at_once(lambda n: standing.ask(DAN, "pay_off_receivable", id=receivable["id"])["row"]["amount"])
    assert sorted(answers) == ["999.99"] + ["NothingOpen"] * 5
    assert standing.ask(DAN, "check_books")["agree"] is True


def test_whoever_pays_an_instalment_off_waits_for_the_receivable_and_holds_nobody_up(standing: Desk):
    """Every payment takes the receivable first: two never wait for each other."""
    contract = signed(standing)
    receivable, first = receivable_of(standing, contract), instalments_of(standing, contract)[0]
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    with ThreadPoolExecutor(1) as pool:
        with standing.house.sessions.begin() as other:
            owed = select(model.Receivable.id).where(model.Receivable.id == UUID(receivable["id"]))
            other.execute(owed.with_for_update())
            pressed = pool.submit(standing.ask, DAN, "pay_off_instalment", id=first["id"])
            until(lambda: other.scalar(waiting), "the second to wait")
            part = select(model.Instalment.id).where(model.Instalment.id == UUID(first["id"]))
            other.execute(part.with_for_update(nowait=True))
        assert pressed.result()["row"]["amount"] == first["amount"]


def at_once(do) -> list[str]:
    """Six threads, each its own connection; the name of the problem where one was raised."""

    def attempt(n: int) -> str:
        try:
            return do(n)
        except Problem as problem:
            return type(problem).__name__

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(attempt, range(AT_ONCE)))


@pytest.fixture
def standing(databases) -> Desk:
    """Receivables on a database of its own where transactions really commit; emptied afterwards."""
    engine = databases.engine(ReceivablesService)
    desk = Desk(ReceivablesService, None, database.sessions(engine))
    yield furnish(desk)
    with engine.begin() as connection:
        names = [*model.Base.metadata.tables, *database.ChassisBase.metadata.tables]
        connection.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in names)))
