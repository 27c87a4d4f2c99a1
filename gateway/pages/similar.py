"""Do we have this company already? Answered under the form while somebody types a name, a phone or a tax number."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import SimilarTo
from gateway import api
from gateway.render import json, page, wanted
from gateway.rpc import ask

LONG_ENOUGH = 3
"""Characters of a name before companies whose names merely contain it are worth a look."""
MOST = 5

blueprint = Blueprint("similar", __name__)


@blueprint.get("/customer/similar")
@api.described(asks=(SimilarTo,))
def show() -> Response:
    """Customers and leads that are, or may be, the one being entered; whom to ask where they are not one's own."""
    given = {name: request.args[name] for name in SimilarTo.model_fields if request.args.get(name)}
    typed = given.keys() - {"about", "except_id", "customer_id"}
    found = ask("customer", "similar", SimilarTo.read(given))["similar"] if typed else []
    is_long = "lead_id" in given or len(given.get("name", "")) >= LONG_ENOUGH
    found = [row for row in found if row["reason"] != "contains" or is_long][:MOST]
    if wanted() == "json":
        return json({"similar": found})
    return page("page/similar.html", "similar", found=found, lead_id=given.get("lead_id"))
