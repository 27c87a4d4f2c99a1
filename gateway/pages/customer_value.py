"""What customers are worth: the four groups, what the best is made of, and one customer's scores (CUS-11, CUS-12, CUS-19)."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts import addresses
from contracts.customer import Customer, ValueDimension, ValueExplained, ValueGroup, ValueOf
from contracts.errors import FieldProblem, Invalid
from contracts.language import N_
from contracts.query import GroupedOf, ListOf, Query
from gateway import api, auth
from gateway.entity_pages import groups as counting
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
"""By which fields a group is taken apart unless the reader names one."""
SHOWN, SHOWN_ALONE = 6, 50
"""Parts of a group by one field among several, and by the only one; the rest stands in its counted list."""


@blueprint.get("/customer-value")
@blueprint.get("/customer-value.<any(json):suffix>")
@api.described(
    asks=(
        api.text("group", "The group to take apart.", enum=list(GROUPS)),
        api.text("by", "The field by which."),
    )
)
def groups(suffix: str = "") -> Response:
    """The customers one sees by group, and one group taken apart: the named one, else the most valuable; by the fields
    that are named, own fields and tags among them, else by the usual ones."""
    auth.require("customer.customer.read")
    counted, listed = ask_all(
        Question("customer", "grouped", _grouped("value_group", {})),
        Question("customer", "list", ListOf(entity=ValueDimension.entity())),
    )
    found = {group["keys"][0]: _group(group) for group in counted["groups"]}
    not_judged = found.pop(None, {"count": 0})["count"]
    chosen = request.args.get("group") or _best(found)
    if chosen not in (None, *GROUPS):
        raise Invalid(FieldProblem("group", "not_a_choice", value=chosen))
    offered = {a.name: a for a in counting.groupable(Customer) if a.name != "value_group"}
    by = request.args.get("by") or None
    if by not in (None, *offered):
        raise Invalid(FieldProblem("by", "not_a_choice", value=by))
    dimensions = {row["code"]: row for row in listed["rows"]}
    high = _high_in_third(dimensions, found)
    parts = _parts(chosen, (by,) if by else MADE_OF) if chosen in found else {}
    if wanted() == "json":
        return json({
            "groups": found, "not_judged": not_judged, "best": _best(found), "chosen": chosen, "dimensions": dimensions,
            "high_in_third": high, "parts": {name: [asdict(group) for group in part] for name, part in parts.items()},
        })  # fmt: skip
    return page(
        "page/customer_value.html", found=found, not_judged=not_judged, best=_best(found), chosen=chosen, parts=parts,
        attrs=Customer.attrs(), choosable=offered.values(), by=by, dimensions=dimensions, high=high,
    )  # fmt: skip


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


def _high_in_third(dimensions: dict[str, Any], found: dict[str, Any]) -> dict[str, int] | None:
    """How many of each group are high in the third dimension as well; None where nobody is judged in it."""
    if "third" not in dimensions:
        return None
    judged, high = ask_all(
        Question("customer", "grouped", _grouped("value_group", {"third_score__empty": "no"})),
        Question(
            "customer",
            "grouped",
            _grouped("value_group", {"third_score__gte": dimensions["third"]["high_from"]}),
        ),
    )
    counted = {group["keys"][0]: group["count"] for group in high["groups"]}
    return {name: counted.get(name, 0) for name in found} if judged["count"] else None


def _parts(chosen: str | None, fields: tuple[str, ...]) -> dict[str, list[counting.Group]]:
    where, attrs = {"value_group": chosen}, Customer.attrs()
    answers = ask_all(*(Question("customer", "grouped", _grouped(by, where)) for by in fields))
    address = addresses.read(f"value_group={chosen}")
    most = SHOWN if len(fields) > 1 else SHOWN_ALONE
    return {
        by: list(counting.told(Customer, address, [attrs[by]], answer))[:most]
        for by, answer in zip(fields, answers, strict=True)
    }


@blueprint.get("/customer-value/<uuid:id>")
@blueprint.get("/customer-value/<uuid:id>.<any(json):suffix>")
@api.described(answers=ValueExplained)
def one(id: UUID, suffix: str = "") -> Response:
    """Why this customer has its scores, figure by figure."""
    found = ask("customer", "value", ValueOf(customer_id=id))
    return json(found) if wanted() == "json" else page("page/value_of.html", "value", value=found)
