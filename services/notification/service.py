"""The doors of notification."""

from chassis.service import Service, command, every, query, reaction
from contracts.customer import CustomerListed, LeadListed
from contracts.organization import BranchListed, ChoiceListed, DepartmentListed, RoleListed, StaffListed
from services.notification import forwarding, model, queries, reactions
from services.notification.actions import letter, notice, trouble, webhook
from services.notification.courier import Courier
from services.notification.post_office import PostOffice


class Notification(Service):
    """What staff are told, by the bell and by mail, and what became of every letter."""

    name = "notification"
    entities = (
        model.Notice,
        model.Letter,
        model.Attempt,
        model.Template,
        model.Preference,
        model.Webhook,
        model.WebhookDelivery,
    )
    follows = (
        BranchListed, DepartmentListed, StaffListed, RoleListed, ChoiceListed, CustomerListed, LeadListed,
    )  # fmt: skip
    drives = (PostOffice, Courier)

    mark_read = command(notice.mark_read)
    set_preference = command(notice.set_preference)
    resend_letter = command(letter.resend_letter)
    cancel_letter = command(letter.cancel_letter)

    ping_webhook = command(webhook.ping_webhook)
    show_webhook_secret = command(webhook.show_webhook_secret, secret=True)
    renew_webhook_secret = command(webhook.renew_webhook_secret, secret=True)
    resend_webhook_delivery = command(webhook.resend_webhook_delivery)
    vars().update(forwarding.doors())

    bell = query(queries.bell)
    preferences = query(queries.preferences)
    customer_file = query(queries.customer_file)
    mail_state = query(queries.mail_state)

    remind_of_instalment = reaction(reactions.remind_of_instalment)
    tell_instalment_fell_due = reaction(reactions.tell_instalment_fell_due)
    ask_for_quote_decision = reaction(reactions.ask_for_quote_decision)
    tell_quote_approved = reaction(reactions.tell_quote_approved)
    tell_quote_rejected = reaction(reactions.tell_quote_rejected)
    ask_for_contract_decision = reaction(reactions.ask_for_contract_decision)
    tell_contract_approved = reaction(reactions.tell_contract_approved)
    tell_contract_rejected = reaction(reactions.tell_contract_rejected)
    tell_contract_signed = reaction(reactions.tell_contract_signed)
    tell_execution_changed = reaction(reactions.tell_execution_changed)
    tell_ticket_opened = reaction(reactions.tell_ticket_opened)
    tell_ticket_assigned = reaction(reactions.tell_ticket_assigned)
    tell_activity_planned = reaction(reactions.tell_activity_planned)
    remind_of_activity = reaction(reactions.remind_of_activity)
    remind_of_birthday = reaction(reactions.remind_of_birthday)
    remind_of_end = reaction(reactions.remind_of_end)
    remind_of_missing_plans = reaction(reactions.remind_of_missing_plans)
    tell_contact_is_due = reaction(reactions.tell_contact_is_due)
    tell_of_ladder = reaction(reactions.tell_of_ladder)
    tell_of_stalled_customers = reaction(reactions.tell_of_stalled_customers)
    remind_of_next_steps = reaction(reactions.remind_of_next_steps)
    tell_wish_changed = reaction(reactions.tell_wish_changed)
    tell_wish_to_service = reaction(reactions.tell_wish_to_service)
    tell_activity_commented = reaction(reactions.tell_activity_commented)
    tell_record_commented = reaction(reactions.tell_record_commented)
    tell_sales_commented = reaction(reactions.tell_sales_commented)
    tell_receivables_commented = reaction(reactions.tell_receivables_commented)
    tell_service_commented = reaction(reactions.tell_service_commented)
    tell_web_form_filled_in = reaction(reactions.tell_web_form_filled_in)
    tell_customer_handed_over = reaction(reactions.tell_customer_handed_over)
    tell_lead_assigned = reaction(reactions.tell_lead_assigned)
    tell_went_to_pool = reaction(reactions.tell_went_to_pool)
    ask_to_take_over_deal = reaction(reactions.ask_to_take_over_deal)
    tell_deal_taken_over = reaction(reactions.tell_deal_taken_over)
    tell_export_ended = reaction(reactions.tell_export_ended)
    follow_merge = reaction(reactions.follow_merge)
    follow_unmerge = reaction(reactions.follow_unmerge)

    report_trouble = command(trouble.report_trouble)
    warn_of_silence = every(60, trouble.warn_of_silence)
    warn_of_stuck_mail = every(600, letter.warn_of_stuck_mail)
