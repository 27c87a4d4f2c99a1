"""Before a signed contract ends whoever looks after the customer is reminded, once (users 13)."""

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.receivables import ContractComesToEnd
from services.receivables.actions.ends import remind_of_ends
from tests.cast import ALICE_ID
from tests.desk import Desk
from tests.factories.receivables import DAN, drafted, due_on, signed


def told(house: Desk, days: int = 0) -> list[ContractComesToEnd]:
    """Let so many mornings pass; what was said so far."""
    for _ in range(days + 1):
        with house.house.sessions.begin() as session:
            remind_of_ends(Work(session, Actor.system("receivables"), house.house, door="remind_of_ends"))
        house.later(days=1)
    return house.emitted(ContractComesToEnd)


def test_it_is_said_once_when_the_reminder_days_begin(house: Desk):
    contract = signed(house, ends_on=due_on(40))
    assert told(house, 9) == []
    (event,) = told(house, 60)
    assert (str(event.contract_id), event.owner_id, event.ends_on.isoformat()) == (
        contract["id"],
        ALICE_ID,
        due_on(40),
    )


@pytest.mark.parametrize(("days", "after"), [(7, 33), (0, 40)])
def test_as_many_days_before_as_the_contract_says(house: Desk, days, after):
    signed(house, ends_on=due_on(40), end_reminder_days=days)
    assert told(house, after - 1) == []
    assert len(told(house)) == 1


def test_not_of_drafts_nor_of_what_was_cancelled(house: Desk):
    drafted(house, ends_on=due_on(10))
    gone = signed(house, ends_on=due_on(10))
    house.ask(DAN, "cancel_contract", id=gone["id"], note="x")
    assert told(house, 20) == []
