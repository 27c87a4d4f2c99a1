"""What applying the rules for value classes and the loyalty ladder would change, and applying them (CUS-05, CUS-06)."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.customer import Customer, PreviewValueRules, ValueRulesPreview
from gateway import api, auth
from gateway.render import form_key, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("value_rules", __name__)


@blueprint.get("/value-rules")
@blueprint.get("/value-rules.<any(json):suffix>")
@api.described(
    summary="What applying the rules for value classes and the loyalty ladder would change.",
    answers=ValueRulesPreview,
)
def show(suffix: str = "") -> Response:
    """Who would move where, before anybody does."""
    auth.require("customer.preview_value_rules")
    found = ask("customer", "preview_value_rules", PreviewValueRules())
    if wanted() == "json":
        return json(found)
    may_apply = auth.actor().may("customer.apply_value_rules")
    return page(
        "page/value_rules.html", found=found, key=form_key(), may_apply=may_apply, attrs=Customer.attrs()
    )
