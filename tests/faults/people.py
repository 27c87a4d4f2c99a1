"""Simulated people at work over HTTP: leads become customers, deals are won and signed, money comes in, tickets are closed.

Whoever gets no answer presses again with the same key, as people do, or leaves it, as people also do.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

import requests

from tests.faults.ledger import DONE, OPEN, REFUSED, Command, Ledger
from tests.faults.rig import Rig

MANAGERS = {"alice": "bob", "zhaolei": "bob", "sunting": "bob", "carol": "henry"}
ENGINEERS = ("frank", "duyong")
ACCOUNTANTS = ("dan", "jiangli")
PEOPLE = (*MANAGERS, *ENGINEERS)
PATIENCE = 90.0
"""Seconds somebody waits for what must come before she says that it does not."""
LEAVES = 0.25
"""How likely somebody is to leave a command that was not answered."""


class Left(Exception):
    """It was not answered, and she goes on with something else."""


class Staff:
    """Signed-in people; each thread has a line of its own."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.url = rig, rig.url
        self.ids: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        self._lines = threading.local()
        for login in (*PEOPLE, "bob", "henry", *ACCOUNTANTS, "wanghai", "grace", "root"):
            client = rig.client(login)
            self.ids[login] = client.actor["id"]
            self._tokens[login] = str(client.http.headers["Authorization"])
        self.stages = [row["id"] for row in rig.client("alice").rows("sales/stage", sort="position")]

    def ask(self, login: str, method: str, path: str, key: str = "", **more: Any) -> requests.Response:
        """Any request; raises when there is no answer at all."""
        if not hasattr(self._lines, "http"):
            self._lines.http = requests.Session()
        headers = {"Accept": "application/json", "Authorization": self._tokens[login]}
        if key:
            headers["Idempotency-Key"] = key
        answer: requests.Response = self._lines.http.request(
            method, self.url + path, headers=headers, timeout=(3, 12), **more
        )
        return answer

    def press(self, command: Command) -> str:
        """Press once; what came of it is written down."""
        try:
            answer = self.ask(command.who, "POST", command.path, key=command.id, json=command.body)
        except requests.RequestException as error:
            command.said.append(type(error).__name__)
            return command.state
        command.said.append(str(answer.status_code))
        if answer.status_code in (200, 201):
            command.state, command.answer = DONE, command.answer or answer.json()
        elif answer.status_code in (401, 408, 429) or answer.status_code >= 500:
            command.said[-1] += (
                f" {answer.json().get('code')}" if "json" in answer.headers["Content-Type"] else ""
            )
        else:
            command.state = REFUSED
            command.said[-1] += f" {answer.text[:300]}"
        return command.state

    def rows(self, login: str, entity: str, **params: Any) -> list[dict[str, Any]]:
        """A list, or nothing while it cannot be had."""
        try:
            answer = self.ask(login, "GET", f"/{entity}", params=params)
            return list(answer.json()["rows"]) if answer.status_code == 200 else []
        except (requests.RequestException, ValueError):
            return []


class Person(threading.Thread):
    """One of them, at work until told to go home."""

    def __init__(
        self,
        staff: Staff,
        ledger: Ledger,
        seed: str,
        login: str,
        goes_on: Callable[[], bool],
        leaves: float = LEAVES,
    ) -> None:
        super().__init__(name=login, daemon=True)
        self.staff, self.ledger, self.login = staff, ledger, login
        self.random = Random(f"{seed}/{login}")
        self.mark, self.leaves = f"{seed}-{login}", leaves
        self.goes_on = goes_on
        self._numbers = count(1)

    def run(self) -> None:
        while self.goes_on():
            try:
                if self.login in ENGINEERS:
                    self.ticket()
                else:
                    self.deal()
            except Left:
                continue

    # -- what they do -------------------------------------------------------------------------------------------

    def deal(self) -> None:
        """From a lead to its last payment."""
        amount = Decimal(self.random.randrange(1_000, 900_000)) / 100 + 100
        receivable, contract = self.signed(amount)
        self.money(receivable, contract, amount)

    def signed(self, amount: Decimal) -> tuple[str, str]:
        """From a lead to the signature; the receivable and its contract."""
        lead = self.do(
            "create lead", "/customer/lead", name=..., contact_name="王", expected_amount=str(amount)
        ).row["id"]
        converted = self.do("convert lead", f"/customer/lead/{lead}/convert", about=lead)
        opportunity = converted.row["opportunity_id"]
        self.wait("opportunity", lambda: self.rows("sales/opportunity", id=opportunity))
        # to another stage each time: the same again would be no move
        for stage in self.random.sample(self.staff.stages[1:], self.random.randrange(3)):
            self.do("move", f"/sales/opportunity/{opportunity}/move", about=opportunity, stage_id=stage)
        self.do("win", f"/sales/opportunity/{opportunity}/win", about=opportunity, amount=str(amount))
        drafted = self.wait("contract", lambda: self.rows("receivables/contract", opportunity_id=opportunity))
        contract = drafted[0]["id"]
        path = f"/receivables/contract/{contract}"
        parts = self.random.randrange(1, 4)
        due_on = str(date.today() + timedelta(days=20))
        self.do("plan", f"{path}/plan", about=contract, way="equal", parts=parts, first_due_on=due_on)
        self.do("submit", f"{path}/submit", about=contract)
        self.do("approve", f"{path}/approve", about=contract, who=MANAGERS[self.login])
        self.do("sign", f"{path}/sign", about=contract, amount_of_it=amount)
        owed = self.wait("receivable", lambda: self.rows("receivables/receivable", contract_id=contract))
        return owed[0]["id"], contract

    def money(self, receivable: str, contract: str, amount: Decimal) -> None:
        """Two accountants enter payments at the same moment; sometimes one of them is taken back, sometimes all is paid."""
        first = (amount * self.random.randrange(10, 45) / 100).quantize(Decimal("0.01"))
        second = (amount * self.random.randrange(10, 45) / 100).quantize(Decimal("0.01"))
        path = f"/receivables/receivable/{receivable}/pay"
        paid: list[Command] = []

        def pay(who: str, part: Decimal) -> None:
            with contextlib.suppress(Left):
                paid.append(
                    self.do("pay", path, about=contract, who=who, amount_of_it=part, amount=str(part))
                )

        both = [
            threading.Thread(target=pay, args=pair) for pair in zip(ACCOUNTANTS, (first, second), strict=True)
        ]
        for each in both:
            each.start()
        for each in both:
            each.join()
        if len(paid) < 2:
            return
        then = self.random.choice(["reverse", "rest", "nothing"])
        if then == "reverse":
            payment = paid[0].row["id"]
            self.do(
                "reverse", f"/receivables/payment/{payment}/reverse", about=contract, who="dan",
                amount_of_it=-paid[0].amount,
            )  # fmt: skip
        elif then == "rest":
            rest = amount - first - second
            self.do("pay", path, about=contract, who="dan", amount_of_it=rest, amount=str(rest))

    def ticket(self) -> None:
        """A call comes in and is dealt with."""
        ticket = self.do("create ticket", "/service_desk/ticket", subject=..., channel="phone", kind="repair")
        id = ticket.row["id"]
        colleague = self.random.choice(ENGINEERS)
        path = f"/service_desk/ticket/{id}"
        self.do("assign", f"{path}/assign", about=id, who="wanghai", owner_id=self.staff.ids[colleague])
        self.do("answer", f"{path}/answer", about=id, who="wanghai", text="已查")
        self.do("close", f"{path}/close", about=id, who="wanghai")

    # -- how they do it -----------------------------------------------------------------------------------------

    def do(
        self,
        what: str,
        path: str,
        *,
        about: str = "",
        who: str = "",
        amount_of_it: Decimal = Decimal(0),
        **body: Any,
    ) -> Command:
        """Press until it is answered; raises Left when it is refused or she leaves it."""
        id = f"{self.mark}-{next(self._numbers)}"
        named = {name: id for name, value in body.items() if value is ...}
        body = {**body, **(named or {"note": id})}
        command = self.ledger.add(
            Command(id, what, who or self.login, path, body, about=about, amount=amount_of_it)
        )
        leaves = self.random.random() < self.leaves
        until = time.monotonic() + PATIENCE
        while self.staff.press(command) == OPEN:
            if leaves:
                raise Left
            if time.monotonic() > until:
                self.ledger.gave_up(f"{id} {what}: {command.said[-3:]}")
                raise Left
            time.sleep(0.3)
        if command.state == REFUSED:
            raise Left
        return command

    def wait(self, what: str, look: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        """What an earlier command must lead to."""
        until = time.monotonic() + PATIENCE
        pause = 0.03
        while not (found := look()):
            if time.monotonic() > until:
                self.ledger.gave_up(f"{self.mark}: no {what} in {PATIENCE:.0f} s")
                raise Left
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        return found

    def rows(self, entity: str, **params: Any) -> list[dict[str, Any]]:
        return self.staff.rows(self.login, entity, **params)
