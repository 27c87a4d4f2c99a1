"""A small company at the desk of the organization service: two branches, and the cast in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from chassis import seeds
from contracts.actor import Actor
from contracts.organization import role_id
from services.organization.service import OrganizationService
from tests import cast
from tests.desk import Desk

SYSTEM = Actor.system("test")
PASSWORD = "correct horse 7"
ROLES = {"Alice": "rep", "Bob": "sales_manager", "Carol": "rep", "Dan": "accountant", "Root": "administrator"}


@dataclass
class Company:
    """The desk, and the people by name."""

    desk: Desk
    people: dict[str, dict[str, Any]]

    def actor(self, name: str) -> Actor:
        """Somebody as she is when signed in."""
        return Actor.model_validate(self.sign_in(name)["actor"])

    def sign_in(self, name: str, password: str = PASSWORD, address: str = "10.0.0.1") -> dict[str, Any]:
        """What the sign-in page is answered."""
        return self.desk.ask(
            Actor.anonymous(), "sign_in", login=name.lower(), password=password, address=address
        )

    def resolve(self, secret: str, use: str = "programs") -> Actor:
        """Who a session or token belongs to, as the gateway asks."""
        return Actor.model_validate(self.desk.ask(SYSTEM, "resolve", session=secret, use=use))


def hire(desk: Desk, name: str, **values: Any) -> dict[str, Any]:
    """Somebody new, with a password."""
    roles = [str(role_id(ROLES[name]))] if name in ROLES else []
    row = desk.create(
        SYSTEM,
        "staff",
        name=name,
        login=name.lower(),
        email=f"{name.lower()}@example.com",
        roles=roles,
        **values,
    )
    desk.ask(SYSTEM, "set_password_staff", id=row["id"], password=PASSWORD)
    return row


@pytest.fixture(scope="session")
def seeded(databases):
    """The service's database with what it is born with."""
    databases.engine(OrganizationService)
    seeds.plant(OrganizationService, "HQ", databases.url("organization"))


@pytest.fixture
def office(desk, seeded) -> Desk:
    """The desk, with the base data and nobody there yet."""
    return desk(OrganizationService)


@pytest.fixture
def company(office: Desk) -> Company:
    """Beijing with sales and books, Shanghai with sales."""

    def put(entity: str, id: Any, **values: Any) -> str:
        office.ask(SYSTEM, "create", {"entity": entity, "id": id, "values": values})
        return str(id)

    beijing = put("branch", cast.BEIJING, code="HQ", name="北京总部", name_en="Beijing", is_headquarters=True)
    shanghai = put("branch", cast.SHANGHAI, code="SH", name="上海分公司", name_en="Shanghai")
    sales = put("department", cast.SALES, name="销售部", branch_id=beijing)
    books = put("department", cast.BOOKS, name="财务部", branch_id=beijing)
    sales_sh = put("department", cast.SALES_SH, name="上海销售部", branch_id=shanghai)
    people = {"Root": hire(office, "Root", branch_id=beijing)}
    people["Bob"] = hire(
        office, "Bob", branch_id=beijing, department_id=sales, manager_id=people["Root"]["id"]
    )
    bob = people["Bob"]["id"]
    people["Alice"] = hire(office, "Alice", branch_id=beijing, department_id=sales, manager_id=bob)
    people["Eve"] = hire(office, "Eve", branch_id=beijing, department_id=sales, manager_id=bob)
    people["Dan"] = hire(office, "Dan", branch_id=beijing, department_id=books)
    people["Carol"] = hire(office, "Carol", branch_id=shanghai, department_id=sales_sh)
    return Company(office, people)
