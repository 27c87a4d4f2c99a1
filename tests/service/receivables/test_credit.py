"""Nothing is signed beyond a customer's credit (CUS-14), unless somebody who may overrules it and says why."""

from __future__ import annotations

import pytest

from chassis.work import Work
from contracts.customer import CustomerListed
from contracts.errors import Invalid
from contracts.receivables import CreditExceeded, CreditStopped
from services.receivables import model
from services.receivables.actions.credit import owed_by
from tests.cast import ALICE_ID, BEIJING, GRACE_ID, SALES, person
from tests.desk import Desk
from tests.factories.receivables import ALICE, CUSTOMER, approved, signed

GRACE = person(GRACE_ID, "Grace", "receivables.* all", "customer.*.read all", "organization.*.read all")


def trusted(house: Desk, ver: int, **credit) -> None:
    owner = {"owner_id": str(ALICE_ID), "department_id": str(SALES), "branch_id": str(BEIJING)}
    house.hear(
        CustomerListed(record_id=CUSTOMER, epoch=1, ver=ver, label="上海泰微", data={**owner, **credit})
    )


def test_up_to_the_limit_and_not_beyond(house: Desk):
    trusted(house, 2, credit_standing="watch", credit_limit="2000.00")
    signed(house)  # 1,000
    signed(house)  # up to the limit
    third = approved(house)
    with pytest.raises(CreditExceeded) as refused:
        house.ask(ALICE, "sign_contract", id=third["id"], note="客户很急")
    assert refused.value.params == {"name": "上海泰微", "owed": "3000.00", "limit": "2000.00"}
    assert len(house.rows(model.Receivable)) == 2, "nothing is half signed"
    trusted(house, 3, credit_standing="good", credit_limit="3000.00")
    house.ask(ALICE, "sign_contract", id=third["id"])


def test_stopped_is_stopped_whatever_the_limit(house: Desk):
    contract = approved(house)
    trusted(house, 2, credit_standing="stop", credit_limit=None)
    with pytest.raises(CreditStopped):
        house.ask(ALICE, "sign_contract", id=contract["id"])


def test_who_may_overrules_it_with_a_reason_that_stays_in_the_log(house: Desk):
    trusted(house, 2, credit_standing="stop", credit_limit="1.00")
    contract = approved(house)
    with pytest.raises(Invalid) as nameless:
        house.ask(GRACE, "sign_contract", id=contract["id"], note="  ")
    assert [(p.field, p.code) for p in nameless.value.fields] == [("note", "required")]
    house.ask(GRACE, "sign_contract", id=contract["id"], note="预付款已到")
    log = house.ask(GRACE, "history", entity="contract", id=contract["id"])["changes"]
    assert log[0]["note"] == "预付款已到"


def test_what_is_owed_is_what_is_open(house: Desk):
    first = signed(house)
    with house.house.sessions.begin() as session:
        assert owed_by(Work(session, GRACE, house.house), CUSTOMER) == 1000
    house.ask(GRACE, "cancel_contract", id=first["id"], note="不做了")
    with house.house.sessions.begin() as session:
        assert owed_by(Work(session, GRACE, house.house), CUSTOMER) == 0
