"""Lists kept as tabs: for oneself, for everybody, and nobody else's to change."""

import pytest

from contracts.errors import Forbidden
from tests.service.organization.conftest import Company

ENTITY = {"entity": "saved_view"}


def keep(company: Company, who: str, **values) -> dict:
    given = {"name": "Big ones", "list_of": "sales.quote", "query": "amount__gte=100000", **values}
    return company.desk.ask(company.actor(who), "create", {**ENTITY, "values": given})["row"]


def test_it_works(company: Company):
    mine = keep(company, "Alice")
    query = {"where": {"list_of": "sales.quote"}, "any_of": [{"created_by": mine["created_by"]}]}
    found = company.desk.ask(company.actor("Alice"), "list", {**ENTITY, "query": query})
    assert [row["name"] for row in found["rows"]] == ["Big ones"]


def test_only_who_made_it_changes_it_or_takes_it_away(company: Company):
    mine = keep(company, "Alice", is_shared=True)
    bob, alice = company.actor("Bob"), company.actor("Alice")
    with pytest.raises(Forbidden):
        company.desk.ask(bob, "update", {**ENTITY, "id": mine["id"], "values": {"name": "His"}})
    with pytest.raises(Forbidden):
        company.desk.ask(bob, "archive", {**ENTITY, "id": mine["id"]})
    assert company.desk.ask(alice, "archive", {**ENTITY, "id": mine["id"]})["row"]["archived_at"]
