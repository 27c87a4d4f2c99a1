"""The life of a lead: taken in hand, converted into a customer, dropped, taken up again."""

from __future__ import annotations

from typing import Any

from chassis import attachments, field_files, likes, own_fields
from chassis.entities import answer
from chassis.identity import new_id
from chassis.work import Work
from contracts.customer import ConvertLead, DropLead, FollowLead, LeadConverted, LeadDropped, ReopenLead
from contracts.errors import FieldProblem, Invalid
from services.customer import model
from services.customer.model import likeness

MOST_NAMED = 3
"""Of those that a lead may be already, in one sentence."""


def follow_lead(work: Work, message: FollowLead) -> dict[str, Any]:
    """Somebody takes the lead in hand."""
    lead = work.get(model.Lead, message.id, message.ver)
    lead.move("follow", work.now)
    lead.next_step_on = message.next_step_on or lead.next_step_on
    work.session.flush()
    return answer(work, lead)


def convert_lead(work: Work, message: ConvertLead) -> dict[str, Any]:
    """The lead becomes a customer with a contact; its whole trail and what was noted show there; a chance to sell is announced.

    Somebody of the lead's contact's name at a customer we have is that contact. Raises Invalid where a new customer would be
    one that we seem to have, and nobody said that it is another (users 1).
    """
    lead = work.get(model.Lead, message.id, message.ver)
    lead.move("convert", work.now)
    if message.customer_id is not None:
        customer = work.read(model.Customer, message.customer_id)
        # whoever brings the same person, or other tags, at the same moment comes after us
        work.session.refresh(customer, with_for_update=True)
    else:
        likes.hold(work, model.Customer, likes.keys_of(lead))
        if not message.is_another:
            _refuse_twin(work, lead)
        customer = work.add(model.Customer.from_lead(lead))
    contact = _person_there(work, lead, customer)
    if contact is None and (contact := model.Contact.from_lead(lead, customer)) is not None:
        own_fields.take_along(work, work.add(contact), *own_fields.noted(lead))
    lead.customer_id, lead.opportunity_id, lead.next_step_on = customer.id, new_id(), None
    _take_trail_along(work, lead)
    if message.customer_id is None or work.may("customer.customer.update", customer):
        _take_what_was_noted_along(work, lead, customer)
    work.emit(
        LeadConverted(
            lead_id=lead.id, customer_id=customer.id, contact_id=contact.id if contact else None,
            opportunity_id=lead.opportunity_id, name=message.opportunity_name or lead.name,
            expected_amount=lead.expected_amount if message.expected_amount is None else message.expected_amount,
            expected_on=message.expected_on, owner_id=lead.owner_id, source_id=lead.source_id,
            noted=own_fields.noted(lead),
        )
    )  # fmt: skip
    work.session.flush()
    return answer(work, lead)


def _refuse_twin(work: Work, lead: model.Lead) -> None:
    like = likeness.what_a_lead_is(work, lead)
    if like:
        named = ", ".join(" ".join(filter(None, (one["number"], one["name"]))) for one in like[:MOST_NAMED])
        raise Invalid(FieldProblem("customer_id", "may_be_there", value=named))


def _person_there(work: Work, lead: model.Lead, customer: model.Customer) -> model.Contact | None:
    """Whom the lead names, where the customer has her already."""
    if not lead.contact_name:
        return None
    there = work.find_all(model.Contact, customer_id=customer.id, name=lead.contact_name, archived_at=None)
    return there[0] if there else None


def _take_trail_along(work: Work, lead: model.Lead) -> None:
    """What was done and planned with the lead, by whomever, shows on customer and opportunity from now on."""
    with work.everything():
        for activity in work.find_all(model.Activity, lead_id=lead.id, customer_id=None):
            activity.customer_id = lead.customer_id
            activity.opportunity_id = activity.opportunity_id or lead.opportunity_id


def _take_what_was_noted_along(work: Work, lead: model.Lead, customer: model.Customer) -> None:
    """Tags, own fields that both have, and files are the customer's too; what it says already stays (LED-06)."""
    customer.tags = list(dict.fromkeys([*(customer.tags or ()), *(lead.tags or ())]))
    taken = field_files.take_along(work, lead, customer)
    work.session.flush()
    attachments.copy_onto(work, lead, customer, attachments.Attachment.id.not_in(taken))


def drop_lead(work: Work, message: DropLead) -> dict[str, Any]:
    """Nothing will come of it; why stands in the note."""
    lead = work.get(model.Lead, message.id, message.ver)
    lead.move("drop", work.now)
    lead.next_step_on = None
    work.emit(LeadDropped.of(lead))
    work.session.flush()
    return answer(work, lead)


def reopen_lead(work: Work, message: ReopenLead) -> dict[str, Any]:
    """There is hope again."""
    lead = work.get(model.Lead, message.id, message.ver)
    lead.move("reopen", work.now)
    work.session.flush()
    return answer(work, lead)
