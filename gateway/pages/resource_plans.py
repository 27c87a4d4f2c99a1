"""Customer resource plans beside what was done; each number opens the work behind it (CUS-09, CUS-10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import PlanProgress, PlanProgressOf
from contracts.language import N_
from contracts.query import GetOf
from gateway import api
from gateway.frame import Menu
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask, ask_all

blueprint = Blueprint("resource_plans", __name__)
menu = Menu(N_("Customer resource plans"), "clipboard-list", entity="customer.resource_plan", place=39)
COUNTED = ("planned", "actual", "success", "failure", "stranded")


@blueprint.get("/customer/resource_plan/<uuid:id>/progress")
@blueprint.get("/customer/resource_plan/<uuid:id>/progress.<any(json):suffix>")
@api.described(
    summary="A plan beside what was done; `line` and `outcome` add the rows of one number.",
    asks=(PlanProgressOf,),
    answers=PlanProgress,
)
def progress(id: UUID, suffix: str = "") -> Response:
    """The part of a plan's page that compares it with the facts; `?line=2&outcome=success` adds the rows of one number."""
    given = {name: request.args.get(name) or None for name in ("line", "outcome")}
    asked = PlanProgressOf.read({"plan_id": id, **given})
    if wanted() == "json":
        return json(ask("customer", "plan_progress", asked))
    found, stored = ask_all(
        Question("customer", "plan_progress", asked),
        Question("customer", "get", GetOf(entity="customer.resource_plan", id=id)),
    )
    return page(
        "page/plan_progress.html", "progress", found=found, plan=stored["row"], asked=asked, whole=_whole(found),
        average=_average(found),
    )  # fmt: skip


def _whole(found: dict[str, Any]) -> dict[str, int]:
    return {name: sum(line[name] for line in found["lines"]) for name in COUNTED}


def _average(found: dict[str, Any]) -> Decimal | None:
    """Of the deals that were signed."""
    return Decimal(found["deals_amount"]) / found["deals"] if found["deals"] else None
