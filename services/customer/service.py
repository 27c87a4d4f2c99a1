"""The doors of the customer service."""

from chassis.service import Service, command, every, query
from contracts.organization import (
    BranchListed,
    ChoiceListed,
    DepartmentListed,
    OwnChoiceListed,
    OwnFieldListed,
    StaffListed,
)
from contracts.receivables import ContractListed
from contracts.sales import OpportunityListed, ProductListed
from services.customer import model
from services.customer.actions import activity, comment, customer, lead, web_form
from services.customer.actions import pool as pool_actions
from services.customer.queries import file, schedule, similar
from services.customer.queries import pool as pool_query


class CustomerService(Service):
    """Leads and customers, the people there, and what we do with them, from the first call to the hand-over."""

    name = "customer"
    entities = (
        model.Lead, model.Customer, model.Contact, model.Activity, model.Comment, model.FormerContract, model.WebForm,
        model.PoolRule,
    )  # fmt: skip
    follows = (
        BranchListed,
        DepartmentListed,
        StaffListed,
        ChoiceListed,
        OwnFieldListed,
        OwnChoiceListed,
        OpportunityListed,
        ContractListed,
        ProductListed,
    )

    follow_lead = command(lead.follow_lead)
    convert_lead = command(lead.convert_lead)
    drop_lead = command(lead.drop_lead)
    reopen_lead = command(lead.reopen_lead)

    hand_over_customer = command(customer.hand_over_customer)

    assign_lead = command(pool_actions.assign_lead)
    release_lead = command(pool_actions.release_lead)
    release_customer = command(pool_actions.release_customer)
    pick_lead = command(pool_actions.pick_lead)
    pick_customer = command(pool_actions.pick_customer)
    pool = query(pool_query.pool)
    return_idle = every(3600, pool_actions.return_idle)

    log_activity = command(activity.log_activity)
    plan_activity = command(activity.plan_activity)
    complete_activity = command(activity.complete_activity)
    cancel_activity = command(activity.cancel_activity)
    assign_activity = command(activity.assign_activity)

    add_comment = command(comment.add_comment)
    comments = query(file.comments, permission=None)

    open_web_form = query(web_form.open_web_form)
    send_web_form = command(web_form.send_web_form)

    similar = query(similar.similar)
    calendar = query(schedule.calendar)
    birthdays = query(schedule.birthdays, permission="calendar")
    my_day = query(schedule.my_day)
    customer_file = query(file.customer_file)
