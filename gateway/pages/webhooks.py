"""The secret of a webhook: shown to whoever may, and drawn anew."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from contracts.notification import RenewWebhookSecret, ShowWebhookSecret
from gateway import api
from gateway.render import json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("webhooks", __name__)


@blueprint.post("/notification/webhook/<uuid:id>/<any(show, renew):wish>-secret")
@api.described()
def secret(id: UUID, wish: str) -> Response:
    """With what the other program checks our signature. Never in an address, a list or a log."""
    told = ShowWebhookSecret(webhook_id=id) if wish == "show" else RenewWebhookSecret(webhook_id=id)
    found = ask("notification", f"{wish}_webhook_secret", told)
    if wanted() == "json":
        return json(found)
    back = url_for("entity.record", service="notification", noun="webhook", id=id)
    return page("page/webhook_secret.html", "secret", secret=found["secret"], back=back)
