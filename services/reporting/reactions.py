"""What the other services announce, written down as facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm.attributes import instance_dict

from chassis import flush, keeping
from chassis.news import News
from chassis.work import Work
from contracts.customer import ActivityDone, CustomerListed, LeadConverted, LeadListed
from contracts.receivables import (
    ContractCancelled,
    ContractSigned,
    FormerContractBooked,
    InstalmentFellDue,
    PaymentRecorded,
)
from contracts.sales import (
    OpportunityLost,
    OpportunityMoved,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
    QuoteSent,
)
from contracts.service_desk import (
    CustomerRated,
    StaffNamed,
    StaffUnnamed,
    TicketClosed,
    TicketOpened,
    TicketReopened,
)
from services.reporting import model
from services.reporting.actions import cause_of, keep, missing, place, take_back, whoever_did_it

NOTHING = Decimal("0.00")


def note_lead(work: Work, news: Sequence[News[LeadListed]]) -> None:
    """Somebody found leads (STF-03)."""
    _found(work, news, "lead_found")


def note_customer(work: Work, news: Sequence[News[CustomerListed]]) -> None:
    """Somebody found customers."""
    _found(work, news, "customer_found")


def _found(work: Work, news: Sequence[News[Any]], kind: str) -> None:
    """The first card of a record tells that somebody found it; later ones only that something on it changed."""
    first: dict[UUID, News[Any]] = {}
    for one in news:
        if one.event.ver == 1:
            first.setdefault(uuid5(one.event.record_id, kind), one)
    new = missing(work, first)
    keeping.keep(work, list(_findings(work, kind, {id: one for id, one in first.items() if id in new})))


def _findings(work: Work, kind: str, found: dict[UUID, News[Any]]) -> Iterator[model.Fact]:
    """Of what was found at one moment for one owner, all but a few values is the same, and worked out once."""
    alike: dict[tuple[Any, ...], dict[str, Any]] = {}
    for id, news in found.items():
        card, said = news.event, news.envelope
        same = said.occurred_at, said.recorded_at, card.data.get("owner_id")
        if same not in alike:
            fact = _finding(work, news, kind)
            flush.settle(work.session, work, [fact])
            alike[same] = instance_dict(fact)
        its_own = {
            "id": id, "record_id": card.record_id, "event_id": said.id, "sequence": said.sequence,
            "customer_id": card.record_id if kind == "customer_found" else None,
        }  # fmt: skip
        yield flush.fresh(model.Fact, alike[same] | its_own)


def _finding(work: Work, news: News[Any], kind: str) -> model.Fact:
    fact = model.Fact(kind=kind, subject=news.event.entity)
    owner = news.event.data.get("owner_id")
    place(
        work, fact, news.envelope, owner_id=whoever_did_it(work, otherwise=UUID(owner) if owner else None),
        at=news.envelope.occurred_at,
    )  # fmt: skip
    return fact


def note_conversion(work: Work, event: LeadConverted) -> None:
    """A lead became a customer."""
    fact = model.Fact(
        kind="lead_converted", subject="customer.lead", record_id=event.lead_id, customer_id=event.customer_id,
        amount=event.expected_amount,
    )  # fmt: skip
    keep(work, fact, owner_id=event.owner_id, at=cause_of(work).occurred_at)


def note_activity(work: Work, event: ActivityDone) -> None:
    """A visit, a call, a meeting took place."""
    fact = model.Fact(
        kind="activity_done", subject="customer.activity", record_id=event.activity_id, detail=event.kind,
        customer_id=event.customer_id,
    )  # fmt: skip
    keep(work, fact, owner_id=event.owner_id, at=event.done_at)


def note_opportunity(work: Work, event: OpportunityOpened) -> None:
    """Somebody found a chance to sell."""
    fact = _of_opportunity("opportunity_found", event)
    fact.amount = event.expected_amount
    keep(work, fact, owner_id=event.owner_id, at=event.opened_at)


def note_move(work: Work, event: OpportunityMoved) -> None:
    """It went on by a stage, or back."""
    fact = _of_opportunity("stage_moved", event)
    fact.amount, fact.detail = event.expected_amount, str(event.to_stage_id)
    keep(work, fact, owner_id=event.owner_id, at=event.moved_at)


def note_win(work: Work, event: OpportunityWon) -> None:
    """The customer decided for us."""
    fact = _of_opportunity("opportunity_won", event)
    fact.amount = event.amount
    keep(work, fact, owner_id=event.owner_id, at=event.won_at)


def note_loss(work: Work, event: OpportunityLost) -> None:
    """The customer decided against us."""
    fact = _of_opportunity("opportunity_lost", event)
    fact.amount, fact.detail = event.expected_amount, str(event.reason_id)
    keep(work, fact, owner_id=event.owner_id, at=event.lost_at)


def undo_outcome(work: Work, event: OpportunityReopened) -> None:
    """It is neither won nor lost any more."""
    take_back(work, event.opportunity_id, "opportunity_won", "opportunity_lost", at=event.reopened_at)


def _of_opportunity(
    kind: str, event: OpportunityOpened | OpportunityMoved | OpportunityWon | OpportunityLost
) -> model.Fact:
    return model.Fact(
        kind=kind, subject="sales.opportunity", record_id=event.opportunity_id, customer_id=event.customer_id
    )


def note_quote(work: Work, event: QuoteSent) -> None:
    """A quote went out (QUO-03)."""
    fact = model.Fact(
        kind="quote_sent", subject="sales.quote", record_id=event.quote_id, customer_id=event.customer_id,
        amount=event.amount,
    )  # fmt: skip
    keep(work, fact, owner_id=event.owner_id, at=event.sent_at)


def note_contract(work: Work, event: ContractSigned) -> None:
    """A contract was signed."""
    keep(work, _of_contract(event), owner_id=event.owner_id, at=event.signed_on)


def note_former_contract(work: Work, event: FormerContractBooked) -> None:
    """A contract of former days was taken over: it counts in its own period."""
    fact = _of_contract(event)
    fact.detail = "former"
    keep(work, fact, owner_id=event.owner_id, at=event.signed_on)


def _of_contract(event: ContractSigned | FormerContractBooked) -> model.Fact:
    return model.Fact(
        kind="contract_signed", subject="receivables.contract", record_id=event.contract_id,
        about_id=event.contract_id, customer_id=event.customer_id, amount=event.amount, remaining=event.amount,
    )  # fmt: skip


def undo_contract(work: Work, event: ContractCancelled) -> None:
    """A signed contract was given up: nothing is owed for it."""
    take_back(work, event.contract_id, "contract_signed", at=cause_of(work).occurred_at, remaining=NOTHING)


def note_payment(work: Work, event: PaymentRecorded) -> None:
    """Money came in, or an earlier payment was taken back."""
    fact = model.Fact(
        kind="payment_received", subject="receivables.payment", record_id=event.payment_id,
        about_id=event.contract_id, customer_id=event.customer_id, amount=event.amount,
        count=1 if event.amount > 0 else -1, remaining=event.remaining,
    )  # fmt: skip
    keep(work, fact, owner_id=event.owner_id, at=event.paid_on)


def note_due(work: Work, event: InstalmentFellDue) -> None:
    """An instalment was not paid in time."""
    fact = model.Fact(
        kind="instalment_fell_due", subject="receivables.instalment", record_id=event.instalment_id,
        about_id=event.contract_id, customer_id=event.customer_id, amount=event.open_amount,
    )  # fmt: skip
    keep(work, fact, owner_id=event.owner_id, at=cause_of(work).occurred_at)


def note_ticket(work: Work, event: TicketOpened) -> None:
    """A customer asked something of us."""
    fact = _of_ticket("ticket_opened", event)
    fact.detail = event.kind
    keep(work, fact, owner_id=whoever_did_it(work, otherwise=event.owner_id), at=event.opened_at)


def note_solution(work: Work, event: TicketClosed) -> None:
    """A ticket was closed."""
    fact = _of_ticket("ticket_closed", event)
    fact.detail = event.kind
    keep(work, fact, owner_id=event.owner_id, at=event.closed_at)


def undo_solution(work: Work, event: TicketReopened) -> None:
    """It was not solved after all."""
    take_back(work, event.ticket_id, "ticket_closed", at=cause_of(work).occurred_at)


def note_rating(work: Work, event: CustomerRated) -> None:
    """The customer said how satisfied she was; a later word replaces an earlier one."""
    take_back(work, event.ticket_id, "rating", at=event.rated_at)
    fact = _of_ticket("rating", event)
    fact.value = event.rating
    keep(work, fact, owner_id=event.owner_id, at=event.rated_at)


def note_named(work: Work, event: StaffNamed) -> None:
    """A complaint or a praise names somebody; it replaces what the ticket said before."""
    take_back(work, event.ticket_id, "complaint", "praise", at=event.named_at)
    keep(work, _of_ticket(event.kind, event), owner_id=event.staff_id, at=event.named_at)


def undo_named(work: Work, event: StaffUnnamed) -> None:
    """It was not about her."""
    take_back(work, event.ticket_id, event.kind, at=cause_of(work).occurred_at)


def _of_ticket(kind: str, event: TicketOpened | TicketClosed | CustomerRated | StaffNamed) -> model.Fact:
    return model.Fact(
        kind=kind, subject="service_desk.ticket", record_id=event.ticket_id, customer_id=event.customer_id
    )
