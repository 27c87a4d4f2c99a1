"""The doors of the customer service."""

from chassis.service import Service, command, daily, every, query, reaction
from contracts.customer import CustomerRecordsChanged
from contracts.notification import WebhookListed
from contracts.organization import (
    BranchListed,
    ChoiceListed,
    DepartmentListed,
    FormListed,
    OwnChoiceListed,
    OwnFieldListed,
    OwnObjectListed,
    RoleListed,
    StaffListed,
)
from contracts.receivables import ContractListed
from contracts.sales import OpportunityListed, ProductListed
from services.customer import model, reactions
from services.customer.actions import (
    activity,
    birthdays,
    classes,
    contact,
    credit,
    customer,
    lead,
    lifecycle,
    nudges,
    open_series,
    reminders,
    segment,
    series,
    web_form,
)
from services.customer.actions import pool as pool_actions
from services.customer.queries import birthdays as birthday_query
from services.customer.queries import (
    file,
    group,
    ladder,
    people,
    points,
    schedule,
    similar,
    staff_trail,
    value,
)
from services.customer.queries import lifecycle as lifecycle_query
from services.customer.queries import plan as plan_query
from services.customer.queries import pool as pool_query
from services.customer.queries import segment as segment_query


class CustomerService(Service):
    """Leads and customers, the people there, and what we do with them, from the first call to the hand-over."""

    name = "customer"
    entities = (
        model.Lead, model.Customer, model.Contact, model.Activity, model.Comment, model.FormerContract, model.WebForm,
        model.PoolRule, model.PointRule, model.ReminderRule, model.BirthdayRule, model.ValueRule, model.ValueDimension, model.ValueIndicator, model.LifecycleStage, model.LadderReport, model.ContactRhythm,
        model.Stakeholder, model.ContactLink, model.Employment, model.Wish, model.Segment, model.ResourcePlan,
    )  # fmt: skip
    own_objects = model.OwnRecord
    tells_changes_by = CustomerRecordsChanged
    follows = (
        WebhookListed,
        BranchListed,
        DepartmentListed,
        StaffListed,
        RoleListed,
        ChoiceListed,
        FormListed,
        OwnFieldListed,
        OwnChoiceListed,
        OwnObjectListed,
        OpportunityListed,
        ContractListed,
        ProductListed,
    )

    follow_lead = command(lead.follow_lead)
    convert_lead = command(lead.convert_lead)
    drop_lead = command(lead.drop_lead)
    reopen_lead = command(lead.reopen_lead)

    change_job_contact = command(contact.change_job_contact)
    sell_privately_contact = command(contact.sell_privately_contact)

    hand_over_customer = command(customer.hand_over_customer)

    set_credit_customer = command(credit.set_credit_customer)
    classify_customer = command(classes.classify_customer)
    declassify_customer = command(classes.declassify_customer)
    preview_value_rules = query(classes.preview_value_rules)
    apply_value_rules = command(classes.apply_value_rules)
    value = query(value.value)
    mark_customer = command(lifecycle.mark_customer)
    unmark_customer = command(lifecycle.unmark_customer)
    lifecycle = query(lifecycle_query.lifecycle)
    lifecycle_counts = query(lifecycle_query.lifecycle_counts, permission="lifecycle")
    ladder = query(ladder.ladder)
    ask_again = every(60, classes.ask_again)

    gather_segment = command(segment.gather_segment)
    segment_turns = query(segment_query.segment_turns, permission="segment.read")
    plan_progress = query(plan_query.plan_progress, permission="resource_plan.read")
    gather = every(5, segment.gather)

    assign_lead = command(pool_actions.assign_lead)
    release_lead = command(pool_actions.release_lead)
    release_customer = command(pool_actions.release_customer)
    pick_lead = command(pool_actions.pick_lead)
    pick_customer = command(pool_actions.pick_customer)
    pool = query(pool_query.pool)
    loads = query(pool_query.loads, permission="pool")
    return_idle = every(3600, pool_actions.return_idle)

    log_activity = command(activity.log_activity)
    plan_activity = command(activity.plan_activity)
    complete_activity = command(activity.complete_activity)
    cancel_activity = command(activity.cancel_activity)
    assign_activity = command(activity.assign_activity)
    repeat_activity = command(series.repeat_activity)
    move_activity = command(series.move_activity)
    change_series_activity = command(series.change_series_activity)
    end_series_activity = command(series.end_series_activity)
    plan_open_series = every(3600, open_series.go_on)
    remind = every(30, reminders.remind)
    nudge = daily("07:30", nudges.nudge)
    report_ladder = daily("07:30", reactions.report_ladder)
    set_birthday_days = command(birthdays.set_birthday_days)
    remind_of_birthdays = daily("07:30", birthdays.remind_of_birthdays)

    open_web_form = query(web_form.open_web_form)
    web_form_logo = query(web_form.web_form_logo)
    send_web_form = command(web_form.send_web_form)

    similar = query(similar.similar)
    calendar = query(schedule.calendar)
    birthdays = query(birthday_query.birthdays, permission="calendar")
    my_day = query(schedule.my_day)
    points = query(points.points)
    staff_trail = query(staff_trail.staff_trail)
    customer_file = query(file.customer_file)
    buying_centres = query(people.buying_centres, permission="stakeholder.read")
    buying_centre = query(people.buying_centre, permission="stakeholder.read")
    wishes_about = query(people.wishes_about, permission="wish.read")
    group = query(group.group, permission="customer.read")

    merge = command(customer.merge, permission=None)
    unmerge = command(customer.unmerge, permission=None)

    drop_own_values = reaction(reactions.drop_own_values)
    note_contract = reaction(reactions.note_contract)
    note_former_contract = reaction(reactions.note_former_contract)
    note_cancellation = reaction(reactions.note_cancellation)
    note_execution = reaction(reactions.note_execution)
    note_completion = reaction(reactions.note_completion)
    note_payment = reaction(reactions.note_payment)
    note_due = reaction(reactions.note_due)
    note_opportunity = reaction(reactions.note_opportunity)
    note_move = reaction(reactions.note_move)
    note_win = reaction(reactions.note_win)
    note_loss = reaction(reactions.note_loss)
    note_reopening = reaction(reactions.note_reopening)
    note_quote = reaction(reactions.note_quote)
    note_acceptance = reaction(reactions.note_acceptance)
    note_ticket = reaction(reactions.note_ticket)
    note_solution = reaction(reactions.note_solution)
    note_ticket_again = reaction(reactions.note_ticket_again)
    note_rating = reaction(reactions.note_rating)
    note_service = reaction(reactions.note_service)
    follow_contract = reaction(reactions.follow_contract)
    follow_opportunity = reaction(reactions.follow_opportunity)
