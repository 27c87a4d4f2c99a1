"""Moving an opportunity along, and its end: won, lost, or taken up again."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from chassis import own_fields, replicas
from chassis.identity import new_id
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid
from contracts.message import Act
from contracts.sales import (
    AlreadySigned,
    LoseOpportunity,
    MoveOpportunity,
    NothingAgreed,
    OpportunityLost,
    OpportunityReopened,
    OpportunityWon,
    QuotedLine,
    WinOpportunity,
)
from services.sales import model

BINDING = frozenset({"signed", "completed"})
"""States of a contract that a win cannot be taken back from."""


def move_opportunity(work: Work, message: MoveOpportunity) -> model.Opportunity:
    """It is at another stage now; the same stage again is no move."""
    opportunity = work.get(model.Opportunity, message.id, message.ver)
    opportunity.go_to(message.stage_id, message.happened_at, work.now)
    return opportunity


def win_opportunity(work: Work, message: WinOpportunity) -> model.Opportunity:
    """The customer decided for us, by the quote she accepted or for an amount agreed otherwise.

    From here on there is a name for the contract that will be drafted elsewhere.
    """
    opportunity = work.get(model.Opportunity, message.id, message.ver)
    quote = accepted_quote(work, opportunity.id)
    amount = _agreed(quote, message.amount)
    opportunity.win(amount, new_id(), message.happened_at, work.now)
    _announce_win(work, opportunity, quote)
    return opportunity


def win_by_contract(work: Work, opportunity_id: UUID, contract_id: UUID, amount: Decimal) -> None:
    """A contract was signed for it, and so it is won, even where nobody said so here before."""
    opportunity = work.find(model.Opportunity, id=opportunity_id)
    if opportunity is None or opportunity.state == "won":
        return
    opportunity.archived_at = None
    if opportunity.state == "lost":
        _reopen(work, opportunity)
    opportunity.win(amount, contract_id, None, work.now)
    quote = accepted_quote(work, opportunity.id)
    _announce_win(work, opportunity, quote if quote is not None and quote.amount == amount else None)


def _announce_win(work: Work, opportunity: model.Opportunity, quote: model.Quote | None) -> None:
    work.emit(
        OpportunityWon.of(
            opportunity,
            amount=opportunity.won_amount,
            contact_id=(quote.contact_id if quote else None) or opportunity.contact_id,
            quote_id=quote.id if quote else None,
            lines=tuple(QuotedLine.of(line) for line in quote.lines) if quote else (),
            noted=own_fields.noted(*([quote] if quote else ()), opportunity),
            won_at=opportunity.closed_at,
        )
    )


def _agreed(quote: model.Quote | None, amount: Decimal | None) -> Decimal:
    """What the deal is worth. An amount beside an accepted quote must be the quote's."""
    if quote is None:
        if amount is None:
            raise NothingAgreed()
        return amount
    if amount is not None and amount != quote.amount:
        raise Invalid(FieldProblem("amount", "does_not_add_up", sum=quote.amount, expected=amount))
    return quote.amount


def accepted_quote(work: Work, opportunity_id: UUID) -> model.Quote | None:
    """The quote that the customer took, whoever made it."""
    with work.everything():
        found = select(model.Quote).where(
            model.Quote.opportunity_id == opportunity_id, model.Quote.state == "accepted"
        )
        return work.session.scalars(found).first()


def lose_opportunity(work: Work, message: LoseOpportunity) -> model.Opportunity:
    """The customer decided against us; the reason is one of the company's list."""
    opportunity = work.get(model.Opportunity, message.id, message.ver)
    reason = work.known("organization.choice", message.reason_id, "reason_id")
    if reason.data.get("list") != "loss_reason":
        raise Invalid(FieldProblem("reason_id", "not_a_choice", value=reason.label))
    opportunity.competitors = message.competitors or opportunity.competitors
    opportunity.lose(message.reason_id, message.happened_at, work.now)
    work.emit(OpportunityLost.of(opportunity, lost_at=opportunity.closed_at))
    return opportunity


def reopen_opportunity(work: Work, message: Act) -> model.Opportunity:
    """It is worked on again. A win stands once its contract is signed."""
    opportunity = work.get(model.Opportunity, message.id, message.ver)
    if opportunity.contract_id is not None:
        _require_unsigned(work, opportunity.contract_id)
    _reopen(work, opportunity)
    return opportunity


def _reopen(work: Work, opportunity: model.Opportunity) -> None:
    was, contract_id = opportunity.state, opportunity.contract_id
    opportunity.reopen(work.now)
    work.emit(
        OpportunityReopened.of(
            opportunity, was=was, contract_id=contract_id, reopened_at=opportunity.stage_since
        )
    )


def _require_unsigned(work: Work, contract_id: UUID) -> None:
    card = replicas.known(work.session, "receivables.contract", contract_id, patience=0)
    if card is not None and card.data.get("state") in BINDING:
        raise AlreadySigned(number=card.number)
