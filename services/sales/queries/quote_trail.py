"""What was quoted for an opportunity: every quote as it stood, who decided, when it went out, what came back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chassis import approval, labels
from chassis.audit import plain
from chassis.entities import by_entity, values
from chassis.work import Work
from contracts.sales import QuoteTrail
from services.sales.model import Opportunity, Quote

DECISION = ("state", "requested_by", "requested_at", "approver_id", "decided_by", "decided_at", "note")


def quote_trail(work: Work, message: QuoteTrail) -> dict[str, Any]:
    """The quotes the reader may see, the newest first, each with its lines and the decisions on it."""
    opportunity = work.read(Opportunity, message.opportunity_id)
    wanted = select(Quote).where(Quote.opportunity_id == opportunity.id)
    quotes = list(work.session.scalars(wanted.order_by(Quote.created_at.desc(), Quote.id.desc())))
    trails = {quote.id: approval.trail(work, quote.id) for quote in quotes}
    people = {
        id
        for trail in trails.values()
        for asked in trail
        for id in (asked.requested_by, asked.approver_id, asked.decided_by)
        if id is not None
    }
    own = by_entity(work)
    named = labels.behind(work, quotes, Quote.record, own) | labels.named(
        work, {"organization.staff": people}, own
    )
    return {
        "quotes": [
            {
                **values(quote, Quote.record.attrs()),
                "decisions": [_decision(asked) for asked in trails[quote.id]],
            }
            for quote in quotes
        ],
        "labels": {id: label.as_json() for id, label in named.items()},
    }


def _decision(asked: approval.Approval) -> dict[str, Any]:
    return {name: plain(getattr(asked, name)) for name in DECISION}
