"""The doors of the service desk."""

from chassis import own_values
from chassis.service import Service, command, query, reaction
from contracts.customer import (
    ContactListed,
    CustomerListed,
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
from contracts.sales import OpportunityListed, ProductClassListed, ProductListed
from contracts.service_desk import ServiceDeskRecordsChanged
from services.service_desk import model, queries, reactions
from services.service_desk.actions import article, deal_handover, ticket


class ServiceDesk(Service):
    """What customers ask of us, what we know, and what sales hands over when a deal is closed."""

    name = "service_desk"
    entities = (
        model.Ticket,
        model.Article,
        model.DealHandover,
        model.Problem,
        model.ServiceLevel,
        model.Comment,
    )
    tells_changes_by = ServiceDeskRecordsChanged
    follows = (
        WebhookListed,
        BranchListed, DepartmentListed, StaffListed, RoleListed, ChoiceListed, FormListed, OwnFieldListed, OwnChoiceListed, OwnRecordListed, CustomerListed, ContactListed, LifecycleStageListed, SegmentListed, ProductListed,
        ProductClassListed, ContractListed, OpportunityListed,
    )  # fmt: skip

    assign_ticket = command(ticket.assign_ticket)
    answer_ticket = command(ticket.answer_ticket)
    note_ticket = command(ticket.note_ticket)
    close_ticket = command(ticket.close_ticket)
    reopen_ticket = command(ticket.reopen_ticket)
    rate_ticket = command(ticket.rate_ticket)
    publish_article = command(article.publish_article)
    withdraw_article = command(article.withdraw_article)
    accept_deal_handover = command(deal_handover.accept_deal_handover)

    my_tickets = query(queries.my_tickets)
    customer_file = query(queries.customer_file)
    problem_tree = query(queries.problem_tree)
    find_articles = query(queries.find_articles)
    per_staff = query(queries.per_staff)
    staff_trail = query(queries.staff_trail)

    hand_over_deal = reaction(reactions.hand_over_deal)
    show_tickets_to_rep = reaction(reactions.show_tickets_to_rep)
    pass_wish_on = reaction(reactions.pass_wish_on)
    follow_merge = reaction(reactions.follow_merge)
    follow_unmerge = reaction(reactions.follow_unmerge)
    drop_own_values = reaction(own_values.drop)
