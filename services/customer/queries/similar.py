"""Do we have this company, or this person, already? Asked while somebody types, and before a lead becomes a customer."""

from __future__ import annotations

from typing import Any

from chassis.work import Work
from contracts.customer import SimilarTo
from services.customer import model
from services.customer.model import likeness


def similar(work: Work, message: SimilarTo) -> dict[str, Any]:
    """Customers, leads and people that are, or may be, the one being entered; of a lead what it may be already."""
    if message.lead_id is not None:
        return {"similar": likeness.what_a_lead_may_be(work, work.read(model.Lead, message.lead_id))}
    return {"similar": likeness.like(work, message)}
