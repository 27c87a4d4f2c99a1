"""The doors of the sales service."""

from __future__ import annotations

from chassis import own_values
from chassis.service import Service, command, query, reaction
from contracts.customer import (
    ContactListed,
    CustomerListed,
    LeadListed,
    LifecycleStageListed,
    OwnRecordListed,
    SegmentListed,
)
from contracts.notification import WebhookListed
from contracts.organization import (
    BranchListed,
    ChoiceListed,
    DepartmentListed,
    FormListed,
    OwnChoiceListed,
    OwnFieldListed,
    RoleListed,
    StaffListed,
)
from contracts.receivables import ContractListed
from contracts.sales import SalesRecordsChanged
from services.sales import model, reactions
from services.sales.actions import opportunity, quote
from services.sales.queries import customer_file, open_work, quote_trail, staff_trail


class SalesService(Service):
    """What we sell and how far we are with it: from a chance to the customer's decision."""

    name = "sales"
    entities = (model.ProductClass, model.Product, model.Stage, model.Opportunity, model.Quote, model.Comment)
    tells_changes_by = SalesRecordsChanged
    follows = (
        WebhookListed,
        BranchListed, DepartmentListed, StaffListed, RoleListed, ChoiceListed, FormListed, OwnFieldListed, OwnChoiceListed, OwnRecordListed, CustomerListed, ContactListed, LifecycleStageListed, SegmentListed, LeadListed,
        ContractListed,
    )  # fmt: skip

    move_opportunity = command(opportunity.move_opportunity)
    win_opportunity = command(opportunity.win_opportunity)
    lose_opportunity = command(opportunity.lose_opportunity)
    reopen_opportunity = command(opportunity.reopen_opportunity)

    submit_quote = command(quote.submit_quote)
    approve_quote = command(quote.approve_quote)
    reject_quote = command(quote.reject_quote)
    send_quote = command(quote.send_quote)
    accept_quote = command(quote.accept_quote)
    decline_quote = command(quote.decline_quote)
    withdraw_quote = command(quote.withdraw_quote)
    revise_quote = command(quote.revise_quote)

    board = query(open_work.board)
    decider_asked_for = query(open_work.decider_asked_for, permission="opportunity.read")
    pipeline = query(open_work.pipeline)
    forecast = query(open_work.forecast)
    quote_trail = query(quote_trail.quote_trail)
    staff_trail = query(staff_trail.staff_trail)
    customer_file = query(customer_file.customer_file)

    on_lead_converted = reaction(reactions.open_opportunity)
    hand_over_opportunities = reaction(reactions.hand_over_opportunities)
    on_contract_signed = reaction(reactions.follow_contract_signed)
    follow_merge = reaction(reactions.follow_merge)
    follow_unmerge = reaction(reactions.follow_unmerge)
    drop_own_values = reaction(own_values.drop)
