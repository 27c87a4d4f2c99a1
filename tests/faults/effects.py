"""What each command leads to in other services, in money and in letters."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.faults.ledger import Ledger
from tests.faults.people import PATIENCE, Staff
from tests.faults.post import Post
from tests.faults.tables import Tables

Found = Iterator[tuple[str, str]]
"""(what, text) of everything that is not as it must be."""
BY = "select {0}, count(*) from {1} where {0} = any(:ids) group by 1"


def wrong_effects(ledger: Ledger, tables: Tables) -> Found:
    """What a command leads to elsewhere is there once for each time it was done."""
    done = ledger.done
    converted = done("convert lead")
    opened = Counter(command.row["opportunity_id"] for command in converted)
    won = Counter(command.about for command in done("win"))
    signed = Counter(command.about for command in done("sign"))
    facts = {
        "lead_found": Counter(command.row["id"] for command in done("create lead")),
        "lead_converted": Counter(command.about for command in converted),
        "customer_found": Counter(command.row["customer_id"] for command in converted),
        "opportunity_found": opened,
        "stage_moved": Counter(command.about for command in done("move")),
        "opportunity_won": won,
        "contract_signed": signed,
        "payment_received": Counter(command.row["id"] for command in (*done("pay"), *done("reverse"))),
        "ticket_opened": Counter(command.row["id"] for command in done("create ticket")),
        "ticket_closed": Counter(command.about for command in done("close")),
    }
    for kind, expected in facts.items():
        statement = BY.format("record_id", f"(select * from fact where kind = '{kind}') f")
        yield from _unlike(tables, f"facts {kind}", expected, "reporting", statement)
    yield from _unlike(tables, "opportunities", opened, "sales", BY.format("id", "opportunity"))
    yield from _unlike(tables, "contracts", won, "receivables", BY.format("opportunity_id", "contract"))
    yield from _unlike(tables, "receivables", signed, "receivables", BY.format("contract_id", "receivable"))
    yield from _unlike(
        tables, "hand-overs", signed, "service_desk", BY.format("contract_id", "deal_handover")
    )


def _unlike(tables: Tables, what: str, expected: Counter[str], service: str, statement: str) -> Found:
    there = tables.counted(service, statement, expected) if expected else Counter()
    for id, times in expected.items():
        if there[id] != times:
            word = "lost" if there[id] < times else "doubled"
            yield word, f"{service} has {there[id]} {what} of {id}, not {times}"


PAID = "coalesce(sum(amount) filter (where kind = 'payment_received'), 0)"
SIGNED = "coalesce(sum(amount) filter (where kind = 'contract_signed'), 0)"
VIEWS = {
    "the receivable": ("receivables", "select contract_id, remaining from receivable where contract_id = any(:ids)"),
    "reporting": ("reporting", f"select about_id, {SIGNED} - {PAID} from fact where about_id = any(:ids) group by 1"),
    "the witness": ("witness", "select contract_id, owed from account where contract_id = any(:ids)"),
}  # fmt: skip
"""Who says what is owed for a contract, and where that stands."""


def wrong_money(ledger: Ledger, tables: Tables, staff: Staff) -> Found:
    """Receivable = contract − payments + corrections: the people's ledger, the books, reporting, the witness."""
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for command in ledger.done("sign"):
        owed[command.about] += command.amount
    for command in (*ledger.done("pay"), *ledger.done("reverse")):
        owed[command.about] -= command.amount
    for view, (service, statement) in VIEWS.items():
        told = {
            str(id): amount for id, amount in tables.rows(service, statement, ids=[UUID(id) for id in owed])
        }
        for id, amount in owed.items():
            if told.get(id) != amount:
                yield "money", f"{view} says {told.get(id)} for contract {id}; it is {amount}"
    books = _asked(staff, "dan", "/receivables/ask/check_books")
    heard = _asked(staff, "grace", "/reporting/ask/books")
    for whose, said in (("receivables", books), ("reporting", heard)):
        if not said["agree"]:
            yield "money", f"the books of {whose} do not agree: {said['differences'][:3]} {said['totals']}"
    if books["totals"] != heard["totals"]:
        yield "money", f"receivables say {books['totals']}, reporting {heard['totals']}"


def _asked(staff: Staff, login: str, path: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while (answer := staff.ask(login, "GET", path)).status_code != 200 and time.monotonic() < until:
        time.sleep(0.3)
    found: dict[str, Any] = answer.json()
    return found


def wrong_letters(tables: Tables, post: Post) -> Found:
    """No letter twice at the mail server; what is called sent was taken there once, what waits was not taken."""
    for id, times in list(post.taken.items()):
        if times > 1:
            yield "mail", f"{id} went out {times} ×"
    letters = tables.rows(
        "notification", "select message_id, state, attempts, error from letter where created_at >= :began",
        began=tables.began,
    )  # fmt: skip
    for id, state, attempts, error in letters:
        if state == "sent" and post.taken[id] != 1:
            yield "mail", f"{id} is called sent and was taken {post.taken[id]} ×"
        elif state in ("queued", "failed", "cancelled") and id is not None and post.taken[id]:
            yield "mail", f"{id} was taken and is called {state} after {attempts} attempts: {error}"
