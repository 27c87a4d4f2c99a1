"""The group of a customer as a tree with its sums: a panel on its page (CUS-15)."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.customer import Customer, Group, GroupOf
from gateway import api
from gateway.render import json, page, record_address, wanted
from gateway.rpc import ask

blueprint = Blueprint("group", __name__)


@blueprint.get("/customer/customer/<uuid:id>/group")
@blueprint.get("/customer/customer/<uuid:id>/group.<any(json):suffix>")
@api.described(answers=Group)
def show(id: UUID, suffix: str = "") -> Response:
    """Who belongs to whom, and what they bring together."""
    found = ask("customer", "group", GroupOf(customer_id=id))
    if wanted() == "json":
        return json(found)
    return page(
        "page/group.html", "group", group=found, id=str(id), attrs=Customer.attrs(),
        back=record_address("customer.customer", id),
    )  # fmt: skip
