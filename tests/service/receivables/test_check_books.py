"""The books agree after anything anybody does; and when they did not, they would say so."""

from contextlib import suppress
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from structlog.testing import capture_logs

from chassis.identity import new_id
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Forbidden
from contracts.receivables import AlreadyReversed, MoreThanOwed
from services.receivables import model
from services.receivables.queries.books import BooksDisagree, prove_books
from tests.desk import Desk
from tests.factories.receivables import (
    ALICE,
    DAN,
    due_on,
    furnish,
    instalments_of,
    pay,
    receivable_of,
    signed,
)

CENTS = st.integers(1, 150_000)
DEEDS = st.one_of(
    st.tuples(st.just("pay"), CENTS),
    st.tuples(st.just("pay again"), st.integers(0, 9)),
    st.tuples(st.just("reverse"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 20)),
    st.tuples(st.just("chase"), st.just(0)),
)


@given(plan=st.lists(CENTS, min_size=1, max_size=5), deeds=st.lists(DEEDS, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_payments_reversals_and_repetitions_keep_the_books(desk, plan, deeds):
    """Receivable = contract − Σ payments; Σ instalments = receivable; nothing below zero, nothing twice."""
    house = furnish(desk("receivables"))
    amounts = [Decimal(cents) / 100 for cents in plan]
    instalments = [{"due_on": due_on(10 * n), "amount": str(amount)} for n, amount in enumerate(amounts)]
    contract = signed(house, amount=str(sum(amounts)), instalments=instalments)
    entries: dict[str, Decimal] = {}
    asked: list[dict] = []
    for deed, value in deeds:
        do(house, contract, deed, value, entries, asked)
        left = sum(amounts) - sum(entries.values())
        receivable = receivable_of(house, contract)
        parts = instalments_of(house, contract)
        assert Decimal(receivable["remaining"]) == left >= 0
        assert sum(Decimal(part["remaining"]) for part in parts) == left
        assert receivable["state"] == ("open" if left else "settled")
        upto = list(accumulate(amounts))
        paid = sum(entries.values())
        assert [Decimal(part["paid"]) for part in parts] == [
            max(min(paid - (end - amount), amount), Decimal(0))
            for end, amount in zip(upto, amounts, strict=True)
        ]
    assert house.ask(DAN, "check_books")["agree"] is True
    house.close()


def do(house: Desk, contract: dict, deed: str, value: int, entries: dict, asked: list) -> None:
    """One deed of the accountant's; what is refused changes nothing."""
    with suppress(MoreThanOwed, AlreadyReversed):
        if deed == "pay":
            asked.append(
                {
                    "payment_id": str(new_id()),
                    "contract_id": contract["id"],
                    "amount": str(Decimal(value) / 100),
                }
            )
            row = house.ask(DAN, "record_payment", asked[-1])["row"]
            entries[row["id"]] = Decimal(row["amount"])
        elif deed == "pay again" and asked:
            message = asked[value % len(asked)]
            row = house.ask(DAN, "record_payment", message)["row"]
            entries[row["id"]] = Decimal(row["amount"])
        elif deed == "reverse" and entries:
            row = house.ask(DAN, "reverse_payment", id=list(entries)[value % len(entries)], note="x")["row"]
            entries[row["id"]] = Decimal(row["amount"])
        elif deed == "wait":
            house.later(days=value)
        elif deed == "chase":
            house.ask(DAN, "run_chase_overdue")


def test_they_say_what_is_wrong(house: Desk):
    contract = signed(house)
    pay(house, contract, "100")
    assert house.ask(DAN, "check_books") == {
        "agree": True, "checked": 1, "totals": {"contracts": "1000.00", "payments": "100.00", "open": "900.00"},
        "differences": [],
    }  # fmt: skip
    with house.house.sessions.begin() as session:
        session.execute(update(model.Receivable).values(paid=50, remaining=950))
    answer = house.ask(DAN, "check_books")
    assert answer["agree"] is False
    assert {(d["what"], d["kept"], d["entries"]) for d in answer["differences"]} == {
        ("paid", "50.00", "100.00"), ("remaining", "950.00", "900.00"),
    }  # fmt: skip


def test_the_nightly_look_reports_each_difference(house: Desk):
    signed(house)
    with house.house.sessions.begin() as session, capture_logs() as log:
        work = Work(session, Actor.system("test"), house.house, door="prove_books")
        prove_books(work)
        assert log == []
        session.execute(update(model.Receivable).values(paid=50, remaining=950))
        with pytest.raises(BooksDisagree, match=r"^2: YS-"):
            prove_books(work)
    assert [(line["event"], line["what"], line["log_level"]) for line in log] == [
        ("books disagree", "paid", "error"), ("books disagree", "remaining", "error"),
    ]  # fmt: skip


def test_a_signed_contract_without_its_receivable_is_found(house: Desk):
    contract = signed(house)
    with house.house.sessions.begin() as session:
        session.execute(update(model.Contract).values(amount=2000))
    (difference,) = house.ask(DAN, "check_books")["differences"]
    assert (difference["number"], difference["kept"], difference["entries"]) == (
        contract["number"],
        "2000.00",
        "1000.00",
    )


def test_a_rep_does_not_look_into_the_companys_books(house: Desk):
    with pytest.raises(Forbidden):
        house.ask(ALICE, "check_books")
