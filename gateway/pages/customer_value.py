"""What customers are worth: the four groups, what the best is made of, and one customer's scores (CUS-11, CUS-12, CUS-19)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import Customer, ValueGroup, ValueOf
from contracts.errors import FieldProblem, Invalid
from contracts.language import N_
from contracts.query import GroupedOf, Query
from gateway import auth
from gateway.frame import Menu
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask, ask_all

blueprint = Blueprint("customer_value", __name__)
menu = Menu(
    N_("Customer value"),
    "gauge",
    endpoint="customer_value.groups",
    permission="customer.customer.read",
    place=39,
)

GROUPS: tuple[str, ...] = ValueGroup.__args__  # type: ignore[attr-defined]
MADE_OF = ("industry_id", "region_id", "source_id", "value_class", "loyalty")
"""By which fields a group is taken apart."""
SHOWN = 6
"""Parts of a group by one field; the rest stands in its counted list."""


@blueprint.get("/customer-value")
@blueprint.get("/customer-value.<any(json):suffix>")
def groups(suffix: str = "") -> Response:
    """The customers one sees by group, and one group taken apart: the named one, else the most valuable."""
    auth.require("customer.customer.read")
    counted = ask("customer", "grouped", _grouped("value_group", {}))
    found = {group["keys"][0]: _group(group) for group in counted["groups"]}
    not_judged = found.pop(None, {"count": 0})["count"]
    chosen = request.args.get("group") or _best(found)
    if chosen not in (None, *GROUPS):
        raise Invalid(FieldProblem("group", "not_a_choice", value=chosen))
    parts = _parts(chosen) if chosen in found else {}
    if wanted() == "json":
        return json({
            "groups": found, "not_judged": not_judged, "best": _best(found), "chosen": chosen, "parts": parts,
        })  # fmt: skip
    return page(
        "page/customer_value.html",
        found=found,
        not_judged=not_judged,
        best=_best(found),
        chosen=chosen,
        parts=parts,
        attrs=Customer.attrs(),
    )


def _grouped(by: str, where: dict[str, Any]) -> GroupedOf:
    return GroupedOf(entity=Customer.entity(), query=Query(where=where), by=(by,))


def _group(group: Any) -> dict[str, Any]:
    whole = Decimal(group["sums"]["lifetime_value"])
    return {
        "count": group["count"],
        "lifetime_value": str(whole),
        "average": str((whole / group["count"]).quantize(Decimal("0.01"))),
    }


def _best(found: dict[str, Any]) -> str | None:
    """The group whose customers are worth most each."""
    return max(found, key=lambda name: Decimal(found[name]["average"]), default=None)


def _parts(chosen: str | None) -> dict[str, Any]:
    answers = ask_all(
        *(Question("customer", "grouped", _grouped(by, {"value_group": chosen})) for by in MADE_OF)
    )
    return {
        by: {
            "of": answer["count"], "labels": answer["labels"],
            "groups": [{"key": part["keys"][0], **_group(part)} for part in answer["groups"][:SHOWN]],
        }
        for by, answer in zip(MADE_OF, answers, strict=True)
    }  # fmt: skip


@blueprint.get("/customer-value/<uuid:id>")
@blueprint.get("/customer-value/<uuid:id>.<any(json):suffix>")
def one(id: UUID, suffix: str = "") -> Response:
    """Why this customer has its scores, figure by figure."""
    found = ask("customer", "value", ValueOf(customer_id=id))
    return json(found) if wanted() == "json" else page("page/value_of.html", "value", value=found)
