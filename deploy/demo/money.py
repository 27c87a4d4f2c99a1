"""Contracts of what was won: agreed, signed, paid, overdue, completed."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from contracts.money import rounded
from contracts.organization import choice_id

from .asking import PATIENCE, Desk, NotLoaded, demo_id
from .deals import MANAGER, chance_ids
from .people import STAFF, of_role, staff_id

STEPS = ("signing", "review", "delivery", "acceptance", "collection", "after_sales")
METHODS = ("bank_transfer", "bank_transfer", "bank_transfer", "acceptance_bill", "cheque")
LOGIN = {str(staff_id(person.login)): person.login for person in STAFF}


def load(desk: Desk, today: date) -> None:
    """One contract in five is not signed yet; of the others some are paid, some in part, some are late."""
    dice = Random(2004)
    contracts = drafts(desk)
    for number, contract in enumerate(contracts):
        contract["far"] = (0, 1, 2, 3, 4, 4, 5, 5, 6, 6)[number % 10]
        contract["signed_on"] = today - timedelta(days=dice.randint(5, 170))
        contract["login"] = LOGIN[contract["owner_id"]]
    desk.all(
        (
            c["login"], "receivables", "plan_contract",
            {
                "id": c["id"], "way": "percent", "percents": "30, 60, 10", "first_due_on": c["signed_on"] + timedelta(days=7),
                "every_months": 2, "method_id": choice_id("payment_method", dice.choice(METHODS)), "reminder_days": 7,  # type: ignore[arg-type]
            },
            f"plan/{c['id']}",
        )
        for c in contracts
    )  # fmt: skip
    _go_on(desk, contracts, "submit_contract", 1)
    _go_on(desk, contracts, "approve_contract", 2, by_superior=True)
    signed = [c for c in contracts if c["far"] >= 3]
    desk.all(
        (
            c["login"],
            "receivables",
            "sign_contract",
            {"id": c["id"], "signed_on": c["signed_on"]},
            f"sign/{c['id']}",
        )
        for c in signed
    )
    carry_out(desk, dice, signed, today)
    pay(desk, signed, today)
    _go_on(desk, contracts, "complete_contract", 6, by_superior=True)
    desk.all([("dan", "receivables", "run_chase_overdue", {}, "chase")])


def drafts(desk: Desk) -> list[dict[str, Any]]:
    """The contracts that were drafted when our opportunities were won; they arrive by and by."""
    ours = {id: place for place, id in enumerate(chance_ids())}
    won = [row for row in desk.rows("sales.opportunity", state="won") if row["id"] in ours]
    places = {row["contract_id"]: ours[row["id"]] for row in won}
    deadline = time.monotonic() + PATIENCE
    while True:
        found = [row for row in desk.rows("receivables.contract") if row["id"] in places]
        if len(found) == len(places):
            return sorted(found, key=lambda row: places[row["id"]])
        if time.monotonic() > deadline:
            raise NotLoaded(f"Only {len(found)} of {len(places)} contracts were drafted in {PATIENCE:.0f} s.")
        time.sleep(0.3)


def _go_on(
    desk: Desk, contracts: list[dict[str, Any]], verb: str, far: int, *, by_superior: bool = False
) -> None:
    desk.all(
        (
            MANAGER[c["login"]] if by_superior else c["login"],
            "receivables",
            verb,
            {"id": c["id"]},
            f"{verb}/{c['id']}",
        )
        for c in contracts
        if c["far"] >= far
    )


def carry_out(desk: Desk, dice: Random, contracts: list[dict[str, Any]], today: date) -> None:
    """The six points at which a contract is watched, done as far as their days have come."""
    engineers = {branch: of_role("service_engineer", branch) for branch in ("HQ", "SH")}
    SH = {str(staff_id(login)) for login in of_role("rep", "SH")}

    def steps(contract: dict[str, Any]) -> list[dict[str, Any]]:
        branch = "SH" if contract["owner_id"] in SH else "HQ"
        found = []
        for number, kind in enumerate(STEPS):
            day = contract["signed_on"] + timedelta(days=number * 15)
            ours = kind in ("delivery", "acceptance", "after_sales")
            found.append(
                {
                    "kind": kind, "planned_on": day, "done_on": day if day < today else None,
                    "executor_id": staff_id(dice.choice(engineers[branch])) if ours else contract["owner_id"],
                }
            )  # fmt: skip
        return found

    desk.all(
        (
            c["login"],
            "receivables",
            "execute_contract",
            {"id": c["id"], "steps": steps(c)},
            f"steps/{c['id']}",
        )
        for c in contracts
    )


def pay(desk: Desk, contracts: list[dict[str, Any]], today: date) -> None:
    """The accountant enters what came in: nothing (3), the first instalment (4), two (5), everything (6)."""
    shares = {4: (30,), 5: (30, 60), 6: (30, 60, 10)}
    payments = []
    for contract in contracts:
        amount, left = Decimal(contract["amount"]), Decimal(contract["amount"])
        parts = shares.get(contract["far"], ())
        for number, percent in enumerate(parts):
            part = left if number == 2 else rounded(amount * percent / 100)
            left -= part
            paid_on = min(today, contract["signed_on"] + timedelta(days=10 + number * 50))
            key = f"{contract['id']}/{number}"
            payments.append(
                {
                    "payment_id": demo_id("payment", key), "contract_id": contract["id"], "amount": str(part),
                    "paid_on": paid_on, "method_id": choice_id("payment_method", METHODS[number]),  # type: ignore[arg-type]
                }
            )  # fmt: skip
    desk.all(
        ("dan", "receivables", "record_payment", payment, f"payment/{payment['payment_id']}")
        for payment in payments
    )
