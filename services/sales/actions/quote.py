"""A quote on its way: to the superior, to the customer, and back with an answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chassis import approval, field_files
from chassis.work import Work
from contracts.message import Act
from contracts.sales import (
    AnotherQuoteAccepted,
    QuoteAccepted,
    QuoteApproved,
    QuoteDeclined,
    QuoteRejected,
    QuoteSent,
    QuoteSubmitted,
    QuoteWithdrawn,
)
from services.sales import model
from services.sales.actions.opportunity import accepted_quote


def submit_quote(work: Work, message: Act) -> model.Quote:
    """Ask the direct superior whether it may go out."""
    quote = _for_open_opportunity(work, message)
    quote.submit(work.today, work.now)
    asked = approval.request(work, quote, "quote")
    work.emit(QuoteSubmitted.of(quote, requested_by=asked.requested_by, approver_id=asked.approver_id))
    return quote


def approve_quote(work: Work, message: Act) -> model.Quote:
    """It may go out."""
    quote = work.get(model.Quote, message.id, message.ver)
    quote.move("approve", work.now)
    decided = approval.decide(work, quote, granted=True, note=message.note)
    work.emit(_decision(QuoteApproved, quote, decided))
    return quote


def reject_quote(work: Work, message: Act) -> model.Quote:
    """It must be changed first: a draft again."""
    quote = work.get(model.Quote, message.id, message.ver)
    quote.move("reject", work.now)
    decided = approval.decide(work, quote, granted=False, note=message.note)
    work.emit(_decision(QuoteRejected, quote, decided))
    return quote


def _decision(event: Any, quote: model.Quote, decided: approval.Approval) -> Any:
    return event.of(
        quote, requested_by=decided.requested_by, decided_by=decided.decided_by, note=decided.note
    )


def send_quote(work: Work, message: Act) -> model.Quote:
    """The customer gets it; from now on it says when it went out and by whom."""
    quote = _for_open_opportunity(work, message)
    quote.send(work.actor.id, work.today, work.now)
    work.emit(QuoteSent.of(quote))
    return quote


def accept_quote(work: Work, message: Act) -> model.Quote:
    """The customer takes it. One opportunity has one accepted quote at most."""
    quote = _for_open_opportunity(work, message)
    other = accepted_quote(work, quote.opportunity_id)
    if other is not None and other is not quote:
        raise AnotherQuoteAccepted(number=other.number)
    quote.accept(work.today, work.now)
    work.emit(QuoteAccepted.of(quote, accepted_at=quote.answered_at))
    return quote


def decline_quote(work: Work, message: Act) -> model.Quote:
    """The customer does not want it."""
    quote = work.get(model.Quote, message.id, message.ver)
    quote.decline(work.now)
    work.emit(QuoteDeclined.of(quote, declined_at=quote.answered_at))
    return quote


def withdraw_quote(work: Work, message: Act) -> model.Quote:
    """We no longer stand by it. One that was won by stays."""
    was = work.get(model.Quote, message.id, message.ver).state
    quote = _for_open_opportunity(work, message) if was == "accepted" else work.get(model.Quote, message.id)
    quote.move("withdraw", work.now)
    if was == "submitted":
        approval.withdraw(work, quote)
    work.emit(QuoteWithdrawn.of(quote, was=was))
    return quote


def revise_quote(work: Work, message: Act) -> model.Quote:
    """Write a new one that begins as this one reads; this one stays as the customer knows it. Answers the new one."""
    quote = _for_open_opportunity(work, message)
    quote.move("revise", work.now)
    revised = work.add(quote.copy())
    field_files.take_along(work, quote, revised)
    return revised


def _for_open_opportunity(work: Work, message: Act) -> model.Quote:
    """The quote, with its opportunity held open for this transaction. Raises OpportunityClosed.

    The opportunity is locked first, so that it cannot be won by one quote while the customer accepts another.
    """
    quote = work.read(model.Quote, message.id)
    with work.everything():
        held = select(model.Opportunity).where(model.Opportunity.id == quote.opportunity_id)
        opportunity = work.session.scalars(held.with_for_update()).one()
    opportunity.require_open()
    return work.get(model.Quote, message.id, message.ver)
