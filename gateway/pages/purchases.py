"""What a customer bought of us: a panel on its page (CUS-02)."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.receivables import Purchases, PurchasesOf
from gateway import api
from gateway.render import json, page, record_address, wanted
from gateway.rpc import ask

blueprint = Blueprint("purchases", __name__)


@blueprint.get("/customer/customer/<uuid:id>/purchases")
@blueprint.get("/customer/customer/<uuid:id>/purchases.<any(json):suffix>")
@api.described(answers=Purchases)
def show(id: UUID, suffix: str = "") -> Response:
    """Product by product, out of signed contracts."""
    found = ask("receivables", "purchases", PurchasesOf(customer_id=id))
    if wanted() == "json":
        return json(found)
    return page(
        "page/purchases.html", "purchases", rows=found["rows"], labels=found["labels"],
        back=record_address("customer.customer", id),
    )  # fmt: skip
