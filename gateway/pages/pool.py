"""The pool (公海): leads and customers that nobody works, to be picked by whoever has time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from contracts.customer import PoolOf
from contracts.language import N_
from gateway import auth, wording
from gateway.addresses import asked
from gateway.entity_pages import lists
from gateway.entity_pages.subject import title_of
from gateway.frame import Menu, registry
from gateway.render import form_key, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("pool", __name__)
menu = Menu(N_("Pool"), "ripple", endpoint="pool.show", permission="customer.pool", place=37)
COLUMNS = {
    "lead": ("name", "need", "expected_amount", "next_step_on", "industry_id", "region_id", "source_id", "branch_id", "department_id"),
    "customer": ("name", "value_class", "kind", "industry_id", "region_id", "source_id", "branch_id", "department_id"),
}  # fmt: skip
"""What lies there, what it may bring, and whose it was (LED-07)."""


@blueprint.get("/pool")
@blueprint.get("/pool/<any(lead, customer):noun>")
@blueprint.get("/pool/<any(lead, customer):noun>.<any(json):suffix>")
def show(noun: str = "lead", suffix: str = "") -> Response:
    """One kind of what lies in the pool; conditions, order and text as in any list's address."""
    auth.require("customer.pool")
    record = registry().records[f"customer.{noun}"]
    address = asked()
    query = address.query(totals=True)
    found = ask("customer", "pool", PoolOf(entity=record.entity(), query=query))  # type: ignore[arg-type]
    if wanted() == "json":
        return json(found)
    values: dict[str, Any] = {
        "record": record, "noun": noun, "found": found, "address": address, "key": form_key(), "title_of": title_of,
        "columns": lists.columns(record, address, COLUMNS[noun], found["labels"]),
        "here": url_for("pool.show", noun=noun), "may_pick": auth.actor().may(f"customer.pick_{noun}"),
        "kinds": [(n, wording.entity_plural(registry().records[f"customer.{n}"])) for n in COLUMNS],
    }  # fmt: skip
    return page("page/pool.html", "pool", **values)
