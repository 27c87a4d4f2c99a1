"""What customers ask of us, what we know, and what sales hands over when a deal is closed.

Permissions: `service_desk.<problem|service_level|ticket|article|deal_handover>.<read|create|update|archive|import|export>`;
verbs `service_desk.{assign,answer,note,close,reopen,rate}_ticket`, `service_desk.{publish,withdraw}_article`,
`service_desk.accept_deal_handover`; other doors
`service_desk.{my_tickets,customer_file,problem_tree,find_articles,per_staff}`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from contracts import comments
from contracts.changes import RecordsChanged
from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Event, Line, OwnedRecord, Question, Record, TaggedRecord, attr

Channel = Literal["phone", "email", "web", "visit", "fax", "mobile"]
TicketKind = Literal["request", "repair", "complaint", "praise", "enquiry"]
Priority = Literal["low", "normal", "high", "urgent"]
Named = Literal["complaint", "praise"]


class Problem(Record):
    """An entry of the problem catalogue: what goes wrong, by the product it concerns and the form it takes."""

    label = N_("Problem")
    plural = N_("Problem catalogue")
    icon = "sitemap"
    title = ("code", "name")
    sort = "code"

    code: str = attr(N_("Code"), in_list=True, search=True, max_length=20)
    name: str = attr(N_("Name"), in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, in_list=True, search=True)
    parent_id: UUID | None = attr(N_("Part of"), None, ref="service_desk.problem", in_list=True, filter=True)
    product_class_id: UUID | None = attr(
        N_("Product class"), None, ref="sales.product_class", in_list=True, filter=True,
        help=N_("Empty: can happen with any product."),
    )  # fmt: skip


class ServiceLevel(Record):
    """How soon a request of one priority must be answered and settled."""

    label = N_("Service level")
    plural = N_("Service levels")
    icon = "clock"
    title = ("priority",)
    sort = "close_hours"
    creatable = False  # there is one for each priority from the start

    priority: Priority = attr(N_("Priority"), in_list=True)
    answer_hours: int = attr(N_("Answered within (hours)"), in_list=True, minimum=1, maximum=8760)
    close_hours: int = attr(N_("Settled within (hours)"), in_list=True, minimum=1, maximum=8760)


class Reply(Line):
    """What we told the customer about a ticket, or what colleagues noted on it. Never changed afterwards."""

    label = N_("Reply")
    plural = N_("Replies")

    text: str = attr(N_("Text"), kind="long_text", readonly=True)
    public: bool = attr(N_("Told the customer"), True, readonly=True)
    author_id: UUID | None = attr(N_("Written by"), None, ref="organization.staff", readonly=True)
    written_at: datetime | None = attr(N_("Written at"), None, readonly=True)


class Ticket(TaggedRecord):
    """One contact a customer made with us, by whatever channel, and how we dealt with it. Its owner is who deals with it."""

    label = N_("Ticket")
    plural = N_("Tickets")
    icon = "headset"
    title = ("subject",)
    differs_by = "kind"
    at_once: ClassVar = {"assign": "assign_ticket", "close": "reopen_ticket", "reopen": ""}
    lifecycle: ClassVar = Lifecycle(
        start="open",
        assign="open, assigned, answered -> assigned",
        answer="open, assigned, answered -> answered",
        note="open, assigned, answered, closed ->",
        close="open, assigned, answered -> closed",
        reopen="answered, closed -> assigned",
        rate="closed ->",
    )

    number: str | None = attr(N_("Number"), None, readonly=True, in_list=True, search=True, max_length=60)
    subject: str = attr(N_("Subject"), in_list=True, search=True)
    text: str | None = attr(N_("What the customer says"), None, kind="long_text", search=True)
    state: Literal["open", "assigned", "answered", "closed"] = attr(
        N_("State"), "open", readonly=True, in_list=True, filter=True
    )
    kind: TicketKind = attr(N_("Kind"), "request", in_list=True, filter=True)
    channel: Channel = attr(N_("Channel"), "phone", in_list=True, filter=True)
    priority: Priority = attr(N_("Priority"), "normal", in_list=True, filter=True)
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer", in_list=True, filter=True)
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact")
    caller: str | None = attr(
        N_("Caller"),
        None,
        search=True,
        help=N_("Name and phone of somebody we do not have in the books yet."),
    )
    product_id: UUID | None = attr(N_("Product"), None, ref="sales.product", filter=True)
    problem_id: UUID | None = attr(N_("Problem"), None, ref="service_desk.problem", filter=True)
    named_staff_id: UUID | None = attr(
        N_("Staff member concerned"), None, ref="organization.staff", filter=True,
        help=N_("Whom a complaint or praise is about; it counts for her."),
    )  # fmt: skip
    customer_owner_id: UUID | None = attr(
        N_("Customer's sales rep"), None, ref="organization.staff", readonly=True, filter=True
    )
    opened_at: datetime | None = attr(N_("Came in at"), None, in_list=True, filter=True)
    answer_due_at: datetime = attr(N_("Answer due at"), readonly=True)
    due_at: datetime = attr(N_("Due at"), readonly=True, in_list=True, filter=True)
    answered_at: datetime | None = attr(N_("First answered at"), None, readonly=True)
    closed_at: datetime | None = attr(N_("Closed at"), None, readonly=True, filter=True)
    solution: str | None = attr(N_("Solution"), None, kind="long_text", search=True)
    rating: int | None = attr(
        N_("Rating"), None, readonly=True, in_list=True, filter=True, minimum=1, maximum=5
    )
    rating_note: str | None = attr(N_("The customer's words"), None, kind="long_text", readonly=True)
    replies: tuple[Reply, ...] = attr(N_("Replies"), (), readonly=True)


class Article(TaggedRecord):
    """Something worth knowing, written down once for all: an answer, a tip, a rule, a fact of product or industry."""

    label = N_("Article")
    plural = N_("Knowledge")
    icon = "book"
    title = ("name",)
    at_once: ClassVar = {"publish": "withdraw_article", "withdraw": "publish_article"}
    lifecycle: ClassVar = Lifecycle(
        start="draft", edit=("draft",), publish="draft -> published", withdraw="published -> draft"
    )

    number: str | None = attr(N_("Number"), None, readonly=True, in_list=True, search=True, max_length=60)
    name: str = attr(N_("Title"), in_list=True, search=True)
    state: Literal["draft", "published"] = attr(
        N_("State"), "draft", readonly=True, in_list=True, filter=True
    )
    category_id: UUID | None = attr(
        N_("Category"), None, ref="organization.choice", among={"list": "article_category"}, in_list=True,
        filter=True,
    )  # fmt: skip
    problem_id: UUID | None = attr(N_("Problem"), None, ref="service_desk.problem", in_list=True, filter=True)
    product_class_id: UUID | None = attr(N_("Product class"), None, ref="sales.product_class", filter=True)
    body: str = attr(N_("Text"), kind="long_text", search=True, max_length=50_000)
    published_at: datetime | None = attr(N_("Published at"), None, readonly=True, in_list=True, filter=True)


class DealHandover(OwnedRecord):
    """A closed deal goes from the one who sold it to the one who will look after it. Its owner is who looks after it."""

    label = N_("Deal handover")
    plural = N_("Deal handovers")
    icon = "arrows-exchange"
    title = ("contract_number", "contract_name")
    at_once: ClassVar = {"accept": ""}
    lifecycle: ClassVar = Lifecycle(start="open", edit=("open",), accept="open -> accepted")
    creatable = False

    number: str | None = attr(N_("Number"), None, readonly=True, in_list=True, search=True, max_length=60)
    state: Literal["open", "accepted"] = attr(N_("State"), "open", readonly=True, in_list=True, filter=True)
    contract_id: UUID = attr(N_("Contract"), ref="receivables.contract", readonly=True)
    contract_number: str = attr(
        N_("Contract number"), readonly=True, in_list=True, search=True, max_length=60
    )
    contract_name: str | None = attr(N_("Contract name"), None, readonly=True, in_list=True, search=True)
    customer_id: UUID | None = attr(
        N_("Customer"), None, ref="customer.customer", readonly=True, in_list=True, filter=True
    )
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact", readonly=True)
    from_id: UUID | None = attr(
        N_("Handed over by"), None, ref="organization.staff", readonly=True, in_list=True, filter=True
    )
    to_id: UUID | None = attr(
        N_("Taken over by"), None, ref="organization.staff", readonly=True, in_list=True, filter=True
    )
    signed_on: date | None = attr(N_("Signed on"), None, readonly=True, in_list=True)
    amount: Decimal | None = attr(N_("Amount"), None, kind="amount", readonly=True, in_list=True)
    remark: str | None = attr(N_("What service must know"), None, kind="long_text")
    accepted_at: datetime | None = attr(N_("Accepted at"), None, readonly=True)


class Comment(comments.Comment):
    """What a colleague remarked on a ticket, an article, a deal handover."""


# -- what people do ---------------------------------------------------------------------------------------------


class AssignTicket(Act):
    """Let somebody deal with it."""

    owner_id: UUID = attr(N_("Who deals with it"), ref="organization.staff")


class AnswerTicket(Act):
    """Tell the customer something."""

    text: str = attr(N_("Answer"), kind="long_text")


class NoteTicket(Act):
    """Write down something for colleagues."""

    text: str = attr(N_("Note for colleagues"), kind="long_text")


class CloseTicket(Act):
    """It is settled."""

    solution: str | None = attr(N_("Solution"), None, kind="long_text")


class RateTicket(Act):
    """What the customer thinks of how we dealt with it: 5 is best."""

    rating: int = attr(N_("Rating"), minimum=1, maximum=5)
    rating_note: str | None = attr(N_("The customer's words"), None, kind="long_text")


class AcceptDealHandover(Act):
    """Service looks after this customer's purchase from now on."""

    to_id: UUID | None = attr(
        N_("Who looks after it"), None, ref="organization.staff", help=N_("Empty: I do.")
    )


# -- what people ask --------------------------------------------------------------------------------------------


class MyTickets(Question):
    """What I have to deal with, the most urgent first."""

    limit: int = 50
    after: str | None = None


class ProblemTree(Question):
    """The catalogue as a tree; with a product only what can happen with it."""

    product_id: UUID | None = None


class FindArticles(Question):
    """Published knowledge by fragment, or about one problem."""

    text: str | None = None
    problem_id: UUID | None = None
    limit: int = 20


class PerStaff(Question):
    """How each staff member served in these days, the first and the last included, in the asker's time zone."""

    begins_on: date
    ends_on: date


# -- what happened ----------------------------------------------------------------------------------------------


class TicketOpened(Event):
    """A customer asked something of us, complained, or praised."""

    ticket_id: UUID
    number: str
    subject: str
    kind: str
    channel: str
    priority: str
    customer_id: UUID | None = None
    customer_owner_id: UUID | None = None
    product_id: UUID | None = None
    problem_id: UUID | None = None
    owner_id: UUID | None = None
    opened_at: datetime
    due_at: datetime


class TicketAssigned(Event):
    """Somebody is to deal with it from now on."""

    ticket_id: UUID
    number: str
    subject: str
    priority: str
    customer_id: UUID | None = None
    owner_id: UUID
    assigned_by: UUID
    due_at: datetime


class TicketAnswered(Event):
    """`first` says whether it is the first answer."""

    ticket_id: UUID
    number: str
    customer_id: UUID | None = None
    owner_id: UUID
    answered_at: datetime
    first: bool
    in_time: bool


class TicketClosed(Event):
    """`hours` from opening to closing."""

    ticket_id: UUID
    number: str
    subject: str
    kind: str
    customer_id: UUID | None = None
    owner_id: UUID | None = None
    opened_at: datetime
    closed_at: datetime
    hours: Decimal
    in_time: bool


class TicketReopened(Event):
    """It was not settled after all."""

    ticket_id: UUID
    number: str
    subject: str
    customer_id: UUID | None = None
    owner_id: UUID | None = None


class CustomerRated(Event):
    """The customer said how satisfied she was, from one star to five."""

    ticket_id: UUID
    customer_id: UUID | None = None
    owner_id: UUID | None = None
    rating: int
    rated_at: datetime


class StaffNamed(Event):
    """A complaint or praise names a staff member; replaces what an earlier one said of the same ticket."""

    ticket_id: UUID
    staff_id: UUID
    kind: Named
    customer_id: UUID | None = None
    named_at: datetime


class StaffUnnamed(Event):
    """A ticket turned out not to be a complaint or praise about this staff member."""

    ticket_id: UUID
    staff_id: UUID
    kind: Named


class ArticlePublished(Event):
    """Colleagues can look it up from now on."""

    article_id: UUID
    number: str
    name: str
    owner_id: UUID | None = None
    published_at: datetime


class ArticleWithdrawn(Event):
    """It is no longer shown to colleagues."""

    article_id: UUID
    number: str
    name: str


class DealHandoverOpened(Event):
    """A deal was closed; service is to take it over from sales."""

    deal_handover_id: UUID
    number: str
    contract_id: UUID
    contract_number: str
    contract_name: str | None = None
    customer_id: UUID | None = None
    from_id: UUID | None = None
    branch_id: UUID | None = None


class DealHandoverAccepted(Event):
    """Service has taken it over."""

    deal_handover_id: UUID
    number: str
    contract_id: UUID
    contract_number: str
    customer_id: UUID | None = None
    from_id: UUID | None = None
    to_id: UUID
    accepted_at: datetime


class WishConcernsService(Event):
    """What a customer wishes has changed, and these of us deal with its open tickets or look after what was sold there."""

    wish_id: UUID
    customer_id: UUID
    text: str
    staff_ids: tuple[UUID, ...] = ()
    told_by: UUID | None = None


class ServiceDeskRecordsChanged(RecordsChanged):
    """Tickets, articles or others of this service were entered or changed; only while a webhook asks for it."""


class RecordCommented(comments.RecordCommented):
    """Somebody remarked on a ticket, an article, a deal handover."""
