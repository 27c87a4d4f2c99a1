"""What staff are told, by the bell and by mail, and what became of every letter.

Permissions: `notification.<notice|letter|attempt|template|preference>.<read|create|update|archive|import|export>`;
`notification.resend_letter`, `notification.cancel_letter`, `notification.mail_state`, `notification.report_trouble` for whoever runs the system;
`notification.{bell,mark_read,preferences,set_preference,customer_file}` for everybody; webhooks for whoever runs the system:
`notification.<webhook|webhook_delivery>.<read|create|update|archive|import|export>`, `notification.ping_webhook`,
`notification.show_webhook_secret`, `notification.renew_webhook_secret`, `notification.resend_webhook_delivery`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Command, Event, Listed, OwnedRecord, Question, Record, attr

Kind = Literal[
    "instalment_comes_due",
    "instalment_fell_due",
    "quote_submitted",
    "quote_approved",
    "quote_rejected",
    "contract_comes_to_end",
    "contract_submitted",
    "contract_approved",
    "contract_rejected",
    "contract_signed",
    "execution_changed",
    "ticket_opened",
    "ticket_assigned",
    "activity_planned",
    "activity_comes_up",
    "activity_commented",
    "record_commented",
    "mentioned",
    "customers_without_plan",
    "leads_without_plan",
    "customers_stalled",
    "contact_due",
    "ladder_reported",
    "next_steps_due",
    "web_form_filled_in",
    "web_form_suspect",
    "customer_handed_over",
    "lead_assigned",
    "went_to_pool",
    "wish_changed",
    "birthday_comes_up",
    "deal_handover_opened",
    "deal_handover_accepted",
    "export_ready",
    "export_failed",
    "mail_stuck",
    "mail_failed",
    "event_parked",
    "events_late",
    "job_failed",
    "part_silent",
    "webhook_failed",
]
Way = Literal["email", "bell", "none"]
"""email: by mail and at the bell; bell: at the bell only; none: not at all."""
Language = Literal["zh_CN", "en"]


class Notice(OwnedRecord):
    """Something one person is told, once. Its owner is that person."""

    label = N_("Notice")
    plural = N_("Notices")
    icon = "bell"
    title = ("subject",)
    creatable = False
    editable = False

    owner_id: UUID | None = attr(
        N_("Recipient"), None, ref="organization.staff", readonly=True, in_list=True, filter=True
    )
    kind: Kind = attr(N_("Kind"), readonly=True, in_list=True, filter=True)
    subject: str = attr(N_("Subject"), readonly=True, in_list=True, search=True, max_length=300)
    text: str = attr(N_("Text"), kind="long_text", readonly=True, search=True)
    link: str | None = attr(N_("Link"), None, readonly=True, max_length=300)
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer", readonly=True, filter=True)
    reason: str = attr(
        N_("Reason"), readonly=True, help=N_("Nobody is told twice for one reason."), max_length=200
    )
    language: Language = attr(N_("Language"), readonly=True)
    way: Way = attr(N_("How"), readonly=True, in_list=True, filter=True)
    read_at: datetime | None = attr(N_("Read at"), None, readonly=True, in_list=True, filter=True)


class Letter(OwnedRecord):
    """The mail for one notice: sent at most once. Its owner is the recipient."""

    label = N_("Letter")
    plural = N_("Outgoing mail")
    icon = "mail"
    title = ("subject",)
    at_once: ClassVar = {"resend": "", "cancel": "resend_letter"}
    creatable = False
    editable = False
    lifecycle: ClassVar = Lifecycle(
        start="queued",
        hidden=("connect", "hand_over", "deliver", "postpone", "refuse", "lose", "drop"),
        connect="queued -> connecting",
        hand_over="connecting -> sending",
        deliver="sending, uncertain -> sent",
        postpone="connecting, sending -> queued",
        refuse="connecting, sending -> failed",
        lose="sending -> uncertain",
        drop="queued -> cancelled",
        resend="failed, uncertain, cancelled -> queued",
        cancel="queued, failed, uncertain -> cancelled",
    )

    owner_id: UUID | None = attr(
        N_("Recipient"), None, ref="organization.staff", readonly=True, in_list=True, filter=True
    )
    notice_id: UUID = attr(N_("Notice"), ref="notification.notice", readonly=True, filter=True)
    subject: str = attr(N_("Subject"), readonly=True, in_list=True, search=True, max_length=300)
    address: str | None = attr(N_("Address"), None, kind="email", readonly=True, in_list=True, search=True)
    state: Literal["queued", "connecting", "sending", "sent", "failed", "uncertain", "cancelled"] = attr(
        N_("State"), "queued", readonly=True, in_list=True, filter=True
    )
    message_id: str | None = attr(N_("Message-ID"), None, readonly=True, max_length=200)
    attempts: int = attr(N_("Attempts"), 0, readonly=True, in_list=True)
    next_attempt_at: datetime | None = attr(N_("Next attempt at"), None, readonly=True, in_list=True)
    sent_at: datetime | None = attr(N_("Sent at"), None, readonly=True, in_list=True, filter=True)
    error: str | None = attr(N_("Last answer"), None, kind="long_text", readonly=True, in_list=True)


class Attempt(OwnedRecord):
    """One try at handing a letter to the mail server, and what the server said. The delivery log."""

    label = N_("Delivery attempt")
    plural = N_("Delivery log")
    icon = "list-check"
    title = ("address", "outcome")
    creatable = False
    editable = False

    owner_id: UUID | None = attr(
        N_("Recipient"), None, ref="organization.staff", readonly=True, in_list=True, filter=True
    )
    letter_id: UUID = attr(N_("Letter"), ref="notification.letter", readonly=True, in_list=True, filter=True)
    turn: int = attr(N_("Attempt"), readonly=True, in_list=True)
    address: str | None = attr(N_("Address"), None, kind="email", readonly=True, in_list=True, filter=True)
    began_at: datetime = attr(N_("Began at"), readonly=True, in_list=True, filter=True)
    seconds: Decimal | None = attr(N_("Seconds"), None, readonly=True, in_list=True)
    outcome: Literal["sent", "postponed", "refused", "uncertain", "dropped"] = attr(
        N_("Outcome"), readonly=True, in_list=True, filter=True
    )
    step: str = attr(N_("Step"), readonly=True, in_list=True, max_length=20)
    """connect, tls, auth, from, to, data, body, end: how far the conversation got."""
    code: int | None = attr(N_("Code"), None, readonly=True, in_list=True, filter=True)
    answer: str | None = attr(N_("Server's answer"), None, kind="long_text", readonly=True, in_list=True)


class Template(Record):
    """The words of one kind of notice in one language, where they differ from those that come with Guanxi."""

    label = N_("Notice template")
    plural = N_("Notice templates")
    icon = "template"
    title = ("kind", "language")
    sort = "kind"

    kind: Kind = attr(N_("Kind"), in_list=True, filter=True)
    language: Language = attr(N_("Language"), in_list=True, filter=True)
    subject: str = attr(N_("Subject"), in_list=True, max_length=200)
    body: str = attr(N_("Text"), kind="long_text", max_length=4000)


class Preference(OwnedRecord):
    """How one person wants to be told of one kind of thing."""

    label = N_("Notice preference")
    plural = N_("Notice preferences")
    icon = "bell-cog"
    title = ("kind", "way")

    kind: Kind = attr(N_("Kind"), in_list=True, filter=True)
    way: Way = attr(N_("How"), in_list=True, filter=True)


CHANGES = (
    "customer_records_changed", "sales_records_changed", "receivables_records_changed", "service_desk_records_changed",
    "organization_records_changed",
)  # fmt: skip
"""Each change of any record: nobody hears of these who has not asked for them by name."""
Told = Literal[
    "customer_records_changed",
    "sales_records_changed",
    "receivables_records_changed",
    "service_desk_records_changed",
    "organization_records_changed",
    "web_form_filled_in",
    "lead_listed",
    "customer_listed",
    "contact_listed",
    "lead_converted",
    "went_to_pool",
    "lies_without_plan",
    "next_steps_due",
    "customers_stalled",
    "contact_due",
    "ladder_reported",
    "wish_changed",
    "birthday_comes_up",
    "records_merged",
    "merge_undone",
    "lead_dropped",
    "lead_assigned",
    "activity_planned",
    "activity_comes_up",
    "activity_done",
    "activity_commented",
    "record_commented",
    "customer_handed_over",
    "former_contract_imported",
    "former_contract_withdrawn",
    "staff_left",
    "role_changed",
    "own_field_deleted",
    "export_ended",
    "contract_listed",
    "contract_submitted",
    "contract_approved",
    "contract_rejected",
    "contract_signed",
    "former_contract_booked",
    "execution_changed",
    "contract_completed",
    "contract_comes_to_end",
    "contract_cancelled",
    "payment_recorded",
    "receivable_settled",
    "receivable_reopened",
    "instalment_comes_due",
    "instalment_fell_due",
    "product_listed",
    "opportunity_listed",
    "quote_listed",
    "opportunity_opened",
    "opportunity_moved",
    "opportunity_won",
    "opportunity_lost",
    "opportunity_reopened",
    "quote_submitted",
    "quote_approved",
    "quote_rejected",
    "quote_sent",
    "quote_accepted",
    "quote_declined",
    "quote_withdrawn",
    "ticket_opened",
    "ticket_assigned",
    "ticket_answered",
    "ticket_closed",
    "ticket_reopened",
    "customer_rated",
    "staff_named",
    "staff_unnamed",
    "article_published",
    "article_withdrawn",
    "deal_handover_opened",
    "deal_handover_accepted",
    "wish_concerns_service",
]
"""The news that other programs can be told of: every event there is, and the cards of what people keep."""


class Webhook(Record):
    """The address of another program that is told of what happens as soon as it happened (users 20).

    It is told by POST with a JSON body, signed as the Standard Webhooks specification says, again and again until it
    answers with 2xx; what came twice has the same id.
    """

    label = N_("Webhook")
    plural = N_("Webhooks")
    icon = "webhook"
    verbs = ("ping",)

    name: str = attr(N_("Name"), in_list=True, search=True, max_length=100)
    url: str = attr(
        N_("Address"), kind="url", in_list=True, search=True,
        help=N_("Where the other program listens, such as https://example.com/hooks/crm."),
    )  # fmt: skip
    events: tuple[Told, ...] = attr(
        N_("Events"), (), help=N_("None chosen: all but the changes of records, which come only if chosen.")
    )
    is_active: bool = attr(N_("Active"), True, in_list=True, filter=True)


class WebhookListed(Listed):
    entity = "notification.webhook"
    carries: ClassVar[tuple[str, ...]] = ("events", "is_active")


class WebhookDelivery(Record):
    """One event on its way to one other program, and what that program said."""

    label = N_("Webhook delivery")
    plural = N_("Webhook deliveries")
    icon = "send"
    title = ("event",)
    creatable = False
    editable = False
    verbs = ("resend",)
    at_once: ClassVar = {"resend": ""}

    webhook_id: UUID = attr(
        N_("Webhook"), ref="notification.webhook", readonly=True, in_list=True, filter=True
    )
    event: str = attr(N_("Event"), readonly=True, in_list=True, filter=True, max_length=80)
    event_id: UUID = attr(N_("Event's id"), kind="id", readonly=True, filter=True)
    state: Literal["queued", "sending", "sent", "failed"] = attr(
        N_("State"), "queued", readonly=True, in_list=True, filter=True
    )
    attempts: int = attr(N_("Attempts"), 0, readonly=True, in_list=True)
    next_attempt_at: datetime | None = attr(N_("Next attempt at"), None, readonly=True, in_list=True)
    sent_at: datetime | None = attr(N_("Sent at"), None, readonly=True, in_list=True, filter=True)
    code: int | None = attr(N_("Code"), None, readonly=True, in_list=True, filter=True)
    answer: str | None = attr(N_("Server's answer"), None, kind="long_text", readonly=True)
    body: dict[str, Any] = attr(N_("What was told"), {}, kind="json", readonly=True)


# -- what people do and ask -------------------------------------------------------------------------------------


class PingWebhook(Act):
    """Tell it something harmless now, to see whether it listens."""


class ShowWebhookSecret(Command):
    """With what the other program checks that it is we who speak."""

    webhook_id: UUID


class RenewWebhookSecret(Command):
    """Sign with a new secret from now on, because the old one may be known to others."""

    webhook_id: UUID


class ResendWebhookDelivery(Act):
    """Tell it once more."""


class MarkRead(Command):
    """I have seen these; without ids: all that came until `until` (default: until now)."""

    ids: tuple[UUID, ...] = ()
    until: datetime | None = None


class SetPreference(Command):
    """Tell me of this kind of thing so."""

    kind: Kind
    way: Way


class ReportTrouble(Command):
    """Something in the running of the whole needs a person: administrators are told, once a day for one reason."""

    kind: Literal["event_parked", "events_late", "job_failed", "part_silent"]
    part: str
    """The service it is about."""
    what: str = ""
    """The door, the job, or where it waits; a reason of its own."""
    count: int = 0
    minutes: int = 0
    error: str = ""


class Bell(Question):
    """How many unread, and the latest."""

    limit: int = 10


class Preferences(Question):
    """Every kind of notice and how I am told of it."""


class MailState(Question):
    """Whether mail gets out: for whoever runs the system."""


# -- what happened ----------------------------------------------------------------------------------------------


class LetterFailed(Event):
    """A letter was refused for good or given up."""

    letter_id: UUID
    notice_id: UUID
    owner_id: UUID
    code: int | None = None
