"""What becomes of a ticket: assigned, answered, noted on, closed, reopened, rated."""

from __future__ import annotations

from chassis import entities
from chassis.work import Work
from contracts.message import Act
from contracts.service_desk import (
    AnswerTicket,
    AssignTicket,
    CloseTicket,
    CustomerRated,
    NoteTicket,
    RateTicket,
    TicketAnswered,
    TicketClosed,
    TicketReopened,
)
from services.service_desk import model, rules


def assign_ticket(work: Work, message: AssignTicket) -> model.Ticket:
    """Somebody deals with it from now on; she is told."""
    ticket = work.get(model.Ticket, message.id, message.ver)
    ticket.move("assign", work.now)
    if ticket.owner_id != message.owner_id:
        work.give(ticket, message.owner_id)
    return ticket


def answer_ticket(work: Work, message: AnswerTicket) -> model.Ticket:
    """The customer was told something. Whoever answers what nobody deals with yet, deals with it."""
    ticket = work.get(model.Ticket, message.id, message.ver)
    if ticket.owner_id is None or (ticket.state == "open" and ticket.owner_id != work.actor.id):
        work.give(ticket, work.actor.id)
    first = ticket.answer(work.now)
    _write(work, ticket, message.text, public=True)
    work.emit(TicketAnswered.of(ticket, answered_at=work.now, first=first, in_time=ticket.answered_in_time))
    return ticket


def note_ticket(work: Work, message: NoteTicket) -> model.Ticket:
    """Something colleagues should know; the customer is not told."""
    ticket = work.get(model.Ticket, message.id, message.ver)
    ticket.move("note")
    _write(work, ticket, message.text, public=False)
    return ticket


def close_ticket(work: Work, message: CloseTicket) -> model.Ticket:
    """It is settled; how long it took is known from now on."""
    ticket = work.get(model.Ticket, message.id, message.ver)
    ticket.close(work.now, message.solution)
    work.emit(
        TicketClosed.of(
            ticket,
            hours=rules.hours_between(ticket.opened_at, work.now),
            in_time=ticket.closed_in_time,
        )
    )
    return ticket


def reopen_ticket(work: Work, message: Act) -> model.Ticket:
    """It was not settled after all: back to whom it was with."""
    ticket = work.get(model.Ticket, message.id, message.ver)
    ticket.reopen(work.now)
    work.emit(TicketReopened.of(ticket))
    return ticket


def rate_ticket(work: Work, message: RateTicket) -> model.Ticket:
    """What the customer thinks of how it was dealt with; a fact for appraisal."""
    ticket = work.get(model.Ticket, message.id, message.ver)
    ticket.rate(message.rating, message.rating_note)
    work.emit(CustomerRated.of(ticket, rated_at=work.now))
    return ticket


def _write(work: Work, ticket: model.Ticket, text: str, *, public: bool) -> None:
    entities.add_line(
        ticket, "replies", text=text, public=public, author_id=work.actor.id, written_at=work.now
    )
