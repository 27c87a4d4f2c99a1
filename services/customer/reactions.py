"""What the other services tell of our customers: their figures follow from it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from chassis import acting, own_values
from chassis.derived import put
from chassis.work import Work
from contracts.customer import LadderOf, LadderReported
from contracts.organization import OwnFieldDeleted
from contracts.own_fields import logged_as
from contracts.receivables import (
    ContractCancelled,
    ContractCompleted,
    ContractListed,
    ContractSigned,
    ExecutionChanged,
    FormerContractBooked,
    InstalmentFellDue,
    PaymentRecorded,
)
from contracts.sales import (
    OpportunityListed,
    OpportunityLost,
    OpportunityMoved,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
    QuoteAccepted,
    QuoteSent,
)
from contracts.service_desk import (
    CustomerRated,
    DealHandoverAccepted,
    TicketClosed,
    TicketOpened,
    TicketReopened,
)
from services.customer import model, rules
from services.customer.actions.classes import leave_out
from services.customer.actions.dealing import note, settle
from services.customer.queries.ladder import ladder


def note_contract(work: Work, event: ContractSigned) -> None:
    """A contract was signed."""
    note(work, event.contract_id, event.customer_id, event.signed_on, amount=event.amount)


def note_former_contract(work: Work, event: FormerContractBooked) -> None:
    """A contract of former days was taken over."""
    note(work, event.contract_id, event.customer_id, event.signed_on, amount=event.amount)


def note_cancellation(work: Work, event: ContractCancelled) -> None:
    """It was given up."""
    note(work, event.contract_id, event.customer_id, amount=event.amount)


def note_execution(work: Work, event: ExecutionChanged) -> None:
    """Steps of what was sold were begun or done: they lead on in the lifecycle (CUS-07)."""
    note(work, event.contract_id, event.customer_id, taken=rules.steps_taken(event.steps))


def note_completion(work: Work, event: ContractCompleted) -> None:
    """Delivered and paid."""
    note(work, event.contract_id, event.customer_id)


def note_payment(work: Work, event: PaymentRecorded) -> None:
    """Money came in, or was taken back."""
    note(
        work, event.contract_id, event.customer_id, event.paid_on, amount=event.amount, remaining=event.remaining
    )  # fmt: skip


def note_due(work: Work, event: InstalmentFellDue) -> None:
    """Money did not come in time."""
    note(work, event.contract_id, event.customer_id, event.due_on, amount=event.open_amount)


def note_opportunity(work: Work, event: OpportunityOpened) -> None:
    """There is a chance to sell."""
    note(work, event.opportunity_id, event.customer_id, event.opened_at, amount=event.expected_amount)


def note_move(work: Work, event: OpportunityMoved) -> None:
    """It came nearer, or further away."""
    note(work, event.opportunity_id, event.customer_id, event.moved_at, amount=event.expected_amount)


def note_win(work: Work, event: OpportunityWon) -> None:
    """The customer decided for us."""
    note(work, event.opportunity_id, event.customer_id, event.won_at, amount=event.amount)


def note_loss(work: Work, event: OpportunityLost) -> None:
    """The customer decided against us."""
    note(work, event.opportunity_id, event.customer_id, event.lost_at, amount=event.expected_amount)


def note_reopening(work: Work, event: OpportunityReopened) -> None:
    """It is open again."""
    note(work, event.opportunity_id, event.customer_id, event.reopened_at)


def note_quote(work: Work, event: QuoteSent) -> None:
    """We made an offer."""
    note(work, event.quote_id, event.customer_id, event.sent_at, amount=event.amount)


def note_acceptance(work: Work, event: QuoteAccepted) -> None:
    """The offer was taken."""
    note(work, event.quote_id, event.customer_id, amount=event.amount)


def note_ticket(work: Work, event: TicketOpened) -> None:
    """The customer wants something of us."""
    note(work, event.ticket_id, event.customer_id, event.opened_at)


def note_solution(work: Work, event: TicketClosed) -> None:
    """It was settled."""
    note(work, event.ticket_id, event.customer_id, event.closed_at)


def note_ticket_again(work: Work, event: TicketReopened) -> None:
    """It was not settled after all."""
    note(work, event.ticket_id, event.customer_id)


def note_rating(work: Work, event: CustomerRated) -> None:
    """How satisfied the customer is."""
    note(work, event.ticket_id, event.customer_id, event.rated_at, value=event.rating)


def note_service(work: Work, event: DealHandoverAccepted) -> None:
    """Service looks after what was sold."""
    note(work, event.deal_handover_id, event.customer_id, event.accepted_at)


def follow_contract(work: Work, event: ContractListed) -> None:
    """Whose contract it is may have changed: it was entered anew, or customers were merged."""
    settle(work, event.record_id)


def follow_opportunity(work: Work, event: OpportunityListed) -> None:
    """Whose opportunity it is may have changed."""
    settle(work, event.record_id)


NAMED = 5


def report_ladder(work: Work) -> None:
    """A month is over: whoever is to hear of it is told how many of the customers she sees stand where, and who moved (CUS-06)."""
    last = work.today.replace(day=1) - timedelta(days=1)
    report = work.session.scalars(select(model.LadderReport).with_for_update()).first()
    if (
        report is None
        or report.rhythm == "off"
        or report.archived_at is not None
        or (report.told_until or date.min) >= last
    ):
        return
    put(work.session, model.LadderReport, report.id, {"told_until": last})
    roles = {str(id) for id in report.role_ids}
    for card in acting.people(work):
        who = acting.actor_of(work, card.id)
        if who is None or not who.may("customer.ladder"):
            continue
        if not (
            roles.intersection(card.data.get("roles") or ())
            if roles
            else who.scope("customer.ladder") != "own"
        ):
            continue
        with work.on_behalf_of(who):
            found = ladder(work, LadderOf(from_on=last.replace(day=1), to_on=last))
        if sum(found.months[-1].counts.values()):
            moved = {
                is_up: tuple(one.name for one in found.climbs if one.is_up is is_up)[:NAMED]
                for is_up in (True, False)
            }
            work.emit(
                LadderReported(
                    staff_id=card.id, from_on=last.replace(day=1), to_on=last, counts=found.months[-1].counts,
                    up=found.up, down=found.down, went_up=moved[True], went_down=moved[False],
                )
            )  # fmt: skip


def drop_own_values(work: Work, event: OwnFieldDeleted) -> None:
    """A field is there no longer: nothing that is kept here asks for it, nor do the rules that are applied."""
    gone = own_values.drop(work, event)
    if gone is not None:
        leave_out(work, gone, logged_as(event.code, event.kept_as))
