"""What staff are told, by the bell and by mail, and what became of every letter.

Permissions: `notification.<notice|letter|attempt|template|preference>.<read|create|update|archive|import|export>`;
`notification.resend_letter`, `notification.cancel_letter`, `notification.mail_state`, `notification.report_trouble` for whoever runs the system;
`notification.{bell,mark_read,preferences,set_preference,customer_file}` for everybody.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Command, Event, Message, OwnedRecord, Record, attr

Kind = Literal[
    "instalment_comes_due",
    "instalment_fell_due",
    "quote_submitted",
    "quote_approved",
    "quote_rejected",
    "contract_submitted",
    "contract_approved",
    "contract_rejected",
    "contract_signed",
    "execution_changed",
    "ticket_opened",
    "ticket_assigned",
    "activity_planned",
    "activity_commented",
    "record_commented",
    "web_form_filled_in",
    "customer_handed_over",
    "went_to_pool",
    "deal_handover_opened",
    "deal_handover_accepted",
    "mail_stuck",
    "mail_failed",
    "event_parked",
    "events_late",
    "job_failed",
    "part_silent",
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


# -- what people do and ask -------------------------------------------------------------------------------------


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


class Bell(Message):
    """How many unread, and the latest."""

    limit: int = 10


class Preferences(Message):
    """Every kind of notice and how I am told of it."""


class MailState(Message):
    """Whether mail gets out: for whoever runs the system."""


# -- what happened ----------------------------------------------------------------------------------------------


class LetterFailed(Event):
    """A letter was refused for good or given up."""

    letter_id: UUID
    notice_id: UUID
    owner_id: UUID
    code: int | None = None
