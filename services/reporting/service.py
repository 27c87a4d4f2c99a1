"""The doors of the service reporting."""

from __future__ import annotations

from chassis.service import Service, query, reaction
from contracts.customer import CustomerListed
from contracts.organization import BranchListed, DepartmentListed, StaffListed
from services.reporting import model, queries, reactions


class ReportingService(Service):
    """What happened, as figures: facts heard from the others, with the time they happened and the time they were entered."""

    name = "reporting"
    entities = (model.Fact,)
    follows = (BranchListed, DepartmentListed, StaffListed, CustomerListed)

    staff_figures = query(queries.staff_figures)
    company_figures = query(queries.company_figures)
    books = query(queries.books)

    note_lead = reaction(reactions.note_lead)
    note_customer = reaction(reactions.note_customer)
    note_conversion = reaction(reactions.note_conversion)
    note_activity = reaction(reactions.note_activity)

    note_opportunity = reaction(reactions.note_opportunity)
    note_move = reaction(reactions.note_move)
    note_win = reaction(reactions.note_win)
    note_loss = reaction(reactions.note_loss)
    undo_outcome = reaction(reactions.undo_outcome)
    note_quote = reaction(reactions.note_quote)

    note_contract = reaction(reactions.note_contract)
    note_former_contract = reaction(reactions.note_former_contract)
    undo_contract = reaction(reactions.undo_contract)
    note_payment = reaction(reactions.note_payment)
    note_due = reaction(reactions.note_due)

    note_ticket = reaction(reactions.note_ticket)
    note_solution = reaction(reactions.note_solution)
    undo_solution = reaction(reactions.undo_solution)
    note_rating = reaction(reactions.note_rating)
    note_named = reaction(reactions.note_named)
    undo_named = reaction(reactions.undo_named)
