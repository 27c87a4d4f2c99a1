"""Contracts and the money they bring: records, commands, events and refusals of the service `receivables`.

Permissions: `receivables.{contract,receivable,instalment,payment}.{read,export}`,
`receivables.contract.{create,update,archive,import}`; the verbs of the lifecycles below, such as
`receivables.sign_contract`, `receivables.pay_receivable`, `receivables.reverse_payment`; and
`receivables.record_payment`, `receivables.run_chase_overdue`, `receivables.check_books`. The other queries go by the
right to read what they show.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from contracts import comments
from contracts.changes import RecordsChanged
from contracts.errors import Refused
from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import (
    Act,
    Command,
    Event,
    Line,
    Listed,
    Message,
    OwnedRecord,
    Question,
    TaggedRecord,
    attr,
)
from contracts.money import HOME_CURRENCY
from contracts.query import Label

CENT = Decimal("0.01")
PAYMENT_METHOD = {"list": "payment_method"}

# ---- records


class ContractLine(Line):
    """What is delivered under a contract, at which price."""

    label = N_("Line")
    plural = N_("Lines")

    product_id: UUID | None = attr(N_("Product"), None, ref="sales.product")
    description: str | None = attr(N_("Description"), None, max_length=500)
    quantity: Decimal = attr(N_("Quantity"), Decimal(1), minimum=0, maximum=10**12)
    unit_price: Decimal = attr(N_("Unit price"), Decimal(0), kind="amount")
    discount: Decimal = attr(N_("Discount"), Decimal(0), kind="percent", minimum=0, maximum=100)
    amount: Decimal | None = attr(N_("Amount"), None, kind="amount", readonly=True)


class PlannedInstalment(Line):
    """One part of the amount and the day it is to be paid, as agreed in the contract."""

    label = N_("Planned instalment")
    plural = N_("Planned instalments")

    due_on: date = attr(N_("Due on"))
    amount: Decimal = attr(N_("Amount"), kind="amount", minimum=CENT)
    method_id: UUID | None = attr(N_("Payment method"), None, ref="organization.choice", among=PAYMENT_METHOD)
    reminder_days: int | None = attr(N_("Remind days before"), None, minimum=0, maximum=365)
    note: str | None = attr(N_("Note"), None, max_length=500)


StepKind = Literal[
    "signing", "review", "delivery", "implementation", "training", "acceptance", "collection", "after_sales"
]  # fmt: skip


class ExecutionStep(Line):
    """One point at which the execution of a contract is watched: who does what by when, and how much of it."""

    label = N_("Execution step")
    plural = N_("Execution steps")

    kind: StepKind = attr(N_("Step"))
    planned_on: date | None = attr(N_("Planned on"), None)
    begun_on: date | None = attr(N_("Begun on"), None)
    done_on: date | None = attr(N_("Done on"), None)
    executor_id: UUID | None = attr(N_("Executed by"), None, ref="organization.staff")
    quantity: Decimal | None = attr(N_("Quantity"), None, minimum=0, maximum=10**12)
    amount: Decimal | None = attr(N_("Amount"), None, kind="amount", minimum=0)
    note: str | None = attr(N_("Note"), None, max_length=500)


class Contract(TaggedRecord):
    """What a customer and we agreed in writing: an amount, when it is to be paid and how it is carried out."""

    label = N_("Contract")
    plural = N_("Contracts")
    icon = "writing-sign"
    at_once: ClassVar = {"submit": "", "complete": "", "hand_over": "hand_over_contract"}
    lifecycle = Lifecycle(
        start="draft",
        edit=("draft",),
        plan="draft ->",
        submit="draft -> submitted",
        approve="submitted -> approved",
        reject="submitted -> draft",
        sign="approved -> signed",
        execute="approved, signed ->",
        complete="signed -> completed",
        cancel="draft, submitted, approved, signed -> cancelled",
        hand_over="draft, submitted, approved, signed, completed ->",
    )

    number: str | None = attr(
        N_("Number"), None, readonly=True, in_list=True, search=True, max_length=40, synonyms=("合同编号",)
    )
    name: str = attr(N_("Name"), in_list=True, search=True, synonyms=("合同名称",))
    customer_id: UUID = attr(N_("Customer"), ref="customer.customer", in_list=True, filter=True)
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact")
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity", filter=True)
    quote_id: UUID | None = attr(N_("Quote"), None, ref="sales.quote")
    amount: Decimal = attr(N_("Amount"), kind="amount", minimum=CENT, in_list=True, filter=True)
    currency: str = attr(N_("Currency"), HOME_CURRENCY, readonly=True, max_length=3)
    signed_on: date | None = attr(N_("Signed on"), None, readonly=True, in_list=True, filter=True)
    starts_on: date | None = attr(N_("Starts on"), None)
    ends_on: date | None = attr(N_("Ends on"), None, filter=True)
    end_reminder_days: int = attr(N_("Remind days before the end"), 30, minimum=0, maximum=365)
    state: Literal["draft", "submitted", "approved", "signed", "completed", "cancelled"] = attr(
        N_("State"), "draft", readonly=True, in_list=True, filter=True
    )
    former_number: str | None = attr(
        N_("Former number"), None, readonly=True, search=True, max_length=60,
        help=N_("Its number in the books it was taken over from."),
    )  # fmt: skip
    note: str | None = attr(N_("Note"), None, kind="long_text")
    lines: tuple[ContractLine, ...] = attr(N_("Lines"), ())
    instalments: tuple[PlannedInstalment, ...] = attr(N_("Planned instalments"), ())
    steps: tuple[ExecutionStep, ...] = attr(N_("Execution steps"), ())


class Receivable(OwnedRecord):
    """What a customer owes us for one signed contract, until its last cent has come in."""

    label = N_("Receivable")
    plural = N_("Receivables")
    icon = "cash"
    title = ("number", "name")
    sort = "due_on"
    creatable = False
    editable = False
    at_once: ClassVar = {"pay_off": "reverse_payment"}
    lifecycle = Lifecycle(
        start="open",
        edit=(),
        hidden=("settle", "reopen", "drop"),
        pay="open ->",
        pay_off="open ->",
        settle="open -> settled",
        reopen="settled -> open",
        drop="open, settled -> cancelled",
    )

    number: str | None = attr(N_("Number"), None, readonly=True, in_list=True, search=True, max_length=40)
    name: str = attr(N_("Name"), "", readonly=True, in_list=True, search=True)
    contract_id: UUID = attr(N_("Contract"), ref="receivables.contract", readonly=True, filter=True)
    customer_id: UUID = attr(
        N_("Customer"), ref="customer.customer", readonly=True, in_list=True, filter=True
    )
    amount: Decimal = attr(N_("Amount"), Decimal(0), kind="amount", readonly=True, in_list=True, filter=True)
    paid: Decimal = attr(N_("Paid"), Decimal(0), kind="amount", readonly=True, in_list=True)
    remaining: Decimal = attr(
        N_("Remaining"), Decimal(0), kind="amount", readonly=True, in_list=True, filter=True
    )
    overdue_amount: Decimal = attr(
        N_("Overdue"), Decimal(0), kind="amount", readonly=True, in_list=True, filter=True
    )
    due_on: date | None = attr(
        N_("Next due on"), None, readonly=True, in_list=True, filter=True,
        help=N_("The day on which the oldest open instalment falls due."),
    )  # fmt: skip
    currency: str = attr(N_("Currency"), HOME_CURRENCY, readonly=True, max_length=3)
    settled_on: date | None = attr(N_("Settled on"), None, readonly=True, filter=True)
    state: Literal["open", "settled", "cancelled"] = attr(
        N_("State"), "open", readonly=True, in_list=True, filter=True
    )


class Instalment(OwnedRecord):
    """One part of a receivable with its due date. Money that comes in goes to the oldest due first."""

    label = N_("Instalment")
    plural = N_("Instalments")
    icon = "calendar-dollar"
    title = ("number",)
    sort = "due_on"
    creatable = False
    editable = False
    verbs = ("pay_off",)
    at_once: ClassVar = {"pay_off": "reverse_payment"}

    number: str | None = attr(N_("Number"), None, readonly=True, in_list=True, search=True, max_length=50)
    position: int = attr(N_("Position"), 1, readonly=True)
    receivable_id: UUID = attr(N_("Receivable"), ref="receivables.receivable", readonly=True, filter=True)
    contract_id: UUID = attr(
        N_("Contract"), ref="receivables.contract", readonly=True, in_list=True, filter=True
    )
    customer_id: UUID = attr(
        N_("Customer"), ref="customer.customer", readonly=True, in_list=True, filter=True
    )
    due_on: date = attr(N_("Due on"), readonly=True, in_list=True, filter=True)
    amount: Decimal = attr(N_("Amount"), Decimal(0), kind="amount", readonly=True, in_list=True)
    paid: Decimal = attr(N_("Paid"), Decimal(0), kind="amount", readonly=True, in_list=True)
    remaining: Decimal = attr(
        N_("Remaining"), Decimal(0), kind="amount", readonly=True, in_list=True, filter=True
    )
    currency: str = attr(N_("Currency"), HOME_CURRENCY, readonly=True, max_length=3)
    overdue: bool = attr(N_("Overdue"), False, readonly=True, in_list=True, filter=True)
    method_id: UUID | None = attr(
        N_("Payment method"), None, ref="organization.choice", among=PAYMENT_METHOD, readonly=True
    )
    reminder_days: int | None = attr(N_("Remind days before"), None, readonly=True)
    fell_due_at: datetime | None = attr(N_("Fell due at"), None, readonly=True)
    reminded_at: datetime | None = attr(N_("Reminded at"), None, readonly=True)
    state: Literal["open", "settled", "cancelled"] = attr(
        N_("State"), "open", readonly=True, in_list=True, filter=True
    )


class Payment(OwnedRecord):
    """Money that came in for a contract. A wrong one is never changed: a second one takes it back."""

    label = N_("Payment")
    plural = N_("Payments")
    icon = "coins"
    title = ("number",)
    sort = "-paid_on"
    creatable = False
    editable = False
    lifecycle = Lifecycle(start="recorded", edit=(), reverse="recorded -> reversed")
    at_once: ClassVar = {"reverse": ""}

    number: str | None = attr(N_("Number"), None, readonly=True, in_list=True, search=True, max_length=40)
    contract_id: UUID = attr(
        N_("Contract"), ref="receivables.contract", readonly=True, in_list=True, filter=True
    )
    receivable_id: UUID = attr(N_("Receivable"), ref="receivables.receivable", readonly=True, filter=True)
    customer_id: UUID = attr(
        N_("Customer"), ref="customer.customer", readonly=True, in_list=True, filter=True
    )
    amount: Decimal = attr(N_("Amount"), Decimal(0), kind="amount", readonly=True, in_list=True, filter=True)
    currency: str = attr(N_("Currency"), HOME_CURRENCY, readonly=True, max_length=3)
    paid_on: date = attr(N_("Paid on"), readonly=True, in_list=True, filter=True)
    method_id: UUID | None = attr(
        N_("Payment method"), None, ref="organization.choice", among=PAYMENT_METHOD, readonly=True,
        in_list=True, filter=True,
    )  # fmt: skip
    note: str | None = attr(N_("Note"), None, kind="long_text", readonly=True)
    reverses_id: UUID | None = attr(N_("Takes back"), None, ref="receivables.payment", readonly=True)
    state: Literal["recorded", "reversed"] = attr(
        N_("State"), "recorded", readonly=True, in_list=True, filter=True
    )


class Comment(comments.Comment):
    """What a colleague remarked on a contract, a receivable, a payment."""


# ---- commands


class PlanContract(Act):
    """Divide the amount into instalments: equal parts, or by percent of the amount."""

    way: Literal["equal", "percent"] = attr(N_("Divide"), "equal")
    parts: int = attr(N_("Number of instalments"), 1, minimum=1, maximum=120)
    percents: str | None = attr(N_("Percents"), None, help=N_("For example 30, 40, 30"))
    first_due_on: date = attr(N_("First due on"))
    every_months: int = attr(N_("Months between"), 1, minimum=0, maximum=60)
    method_id: UUID | None = attr(N_("Payment method"), None, ref="organization.choice", among=PAYMENT_METHOD)
    reminder_days: int | None = attr(N_("Remind days before"), None, minimum=0, maximum=365)


class SignContract(Act):
    """Both sides have signed; without a day: today.

    Beyond the customer's credit only somebody may sign who may overrule it, and says why in the note.
    """

    signed_on: date | None = attr(N_("Signed on"), None, help=N_("Empty: today."))


class ExecuteContract(Act):
    """The steps of execution as they are now planned and done. Steps that are not named any more are dropped."""

    steps: tuple[ExecutionStep.line(), ...] = attr(N_("Execution steps"))  # type: ignore[valid-type, misc]


class CancelContract(Act):
    """The contract is given up; the note says why."""

    note: str = attr(N_("Reason"), kind="long_text")


class HandOverContract(Act):
    """Somebody else looks after the contract from now on, and after what is owed and was paid for it."""

    owner_id: UUID = attr(N_("New owner"), ref="organization.staff")


class PayReceivable(Act):
    """Money came in for this receivable (the button on its page); otherwise as RecordPayment."""

    payment_id: UUID | None = None
    amount: Decimal = attr(N_("Amount"), kind="amount", minimum=CENT)
    paid_on: date | None = attr(N_("Paid on"), None, help=N_("Empty: today."))
    method_id: UUID | None = attr(N_("Payment method"), None, ref="organization.choice", among=PAYMENT_METHOD)


class PayOffReceivable(Act):
    """All that was still open came in."""

    paid_on: date | None = attr(N_("Paid on"), None, help=N_("Empty: today."))
    method_id: UUID | None = attr(N_("Payment method"), None, ref="organization.choice", among=PAYMENT_METHOD)


class PayOffInstalment(Act):
    """What was still open of this instalment came in. Those due before it must have been paid."""

    paid_on: date | None = attr(N_("Paid on"), None, help=N_("Empty: today."))
    method_id: UUID | None = attr(N_("Payment method"), None, ref="organization.choice", among=PAYMENT_METHOD)


class RecordPayment(Command):
    """Money came in. The form that was filled in names the payment, so that sending it twice records it once.

    Names the receivable, or the contract it belongs to. Without a day: today.
    """

    payment_id: UUID
    receivable_id: UUID | None = None
    contract_id: UUID | None = None
    amount: Decimal = attr(N_("Amount"), kind="amount", minimum=CENT)
    paid_on: date | None = attr(N_("Paid on"), None)
    method_id: UUID | None = attr(N_("Payment method"), None, ref="organization.choice", among=PAYMENT_METHOD)
    note: str | None = attr(N_("Note"), None, kind="long_text")


class ReversePayment(Act):
    """A payment was recorded wrongly, or bounced: a second entry takes it back; the note says why."""

    note: str = attr(N_("Reason"), kind="long_text")


class RunChaseOverdue(Command):
    """Do the daily look at due dates now."""


# ---- queries


class PerRep(Question):
    """Open and overdue receivables of each rep within the asker's rights; `staff_ids` narrows it."""

    staff_ids: tuple[UUID, ...] = ()


class ContractPaper(Question):
    """Everything that stands on the printed contract."""

    id: UUID


class CheckBooks(Question):
    """Do the figures that are kept agree with the entries they are made of?"""


# ---- events


class ContractListed(Listed):
    """A contract is in the books under this number and name."""

    entity = "receivables.contract"
    carries = ("customer_id", "state", "amount", "signed_on")


class ContractSubmitted(Event):
    """Somebody asks for a decision on a contract; without `approver_id` anybody who holds the right may decide."""

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    amount: Decimal
    requested_by: UUID
    approver_id: UUID | None = None
    owner_id: UUID | None = None


class ContractApproved(Event):
    """The contract may be signed."""

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    amount: Decimal
    owner_id: UUID | None = None
    requested_by: UUID
    decided_by: UUID
    note: str | None = None


class ContractRejected(Event):
    """The superior did not agree; the contract is a draft again."""

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    amount: Decimal
    owner_id: UUID | None = None
    requested_by: UUID
    decided_by: UUID
    note: str | None = None


class ContractSigned(Event):
    """Both sides have signed: from now on the whole amount is owed."""

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    contact_id: UUID | None = None
    opportunity_id: UUID | None = None
    quote_id: UUID | None = None
    owner_id: UUID | None = None
    amount: Decimal
    signed_on: date
    receivable_id: UUID


class FormerContractBooked(Event):
    """A contract signed before our time was taken over; what was paid on it follows as payments.

    Apart from ContractSigned, because nobody is to be sent a letter or a hand-over about it.
    """

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    owner_id: UUID | None = None
    amount: Decimal
    signed_on: date
    receivable_id: UUID


class StepTaken(Message):
    """How far a step of a contract's execution is."""

    kind: StepKind
    begun_on: date | None = None
    done_on: date | None = None


class ExecutionChanged(Event):
    """Steps of a contract's execution were planned anew, begun or done; `executor_ids` are those it concerns, `steps` all there are now."""

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    owner_id: UUID | None = None
    executor_ids: tuple[UUID, ...] = ()
    steps: tuple[StepTaken, ...] = ()


class ContractCompleted(Event):
    """Delivered and paid to the last cent."""

    contract_id: UUID
    number: str
    customer_id: UUID
    owner_id: UUID | None = None


class ContractCancelled(Event):
    """Given up. Where it was signed already, its amount is no longer owed."""

    contract_id: UUID
    number: str
    customer_id: UUID
    owner_id: UUID | None = None
    amount: Decimal
    was_signed: bool
    reason: str


class PaymentRecorded(Event):
    """Money came in; a negative amount takes an earlier payment back (`reverses_id`)."""

    aggregate: ClassVar[str] = "receivable_id"

    payment_id: UUID
    contract_id: UUID
    receivable_id: UUID
    customer_id: UUID
    owner_id: UUID | None = None
    amount: Decimal
    remaining: Decimal
    paid_on: date
    reverses_id: UUID | None = None


class ReceivableSettled(Event):
    """The last cent came in."""

    receivable_id: UUID
    contract_id: UUID
    customer_id: UUID
    owner_id: UUID | None = None
    amount: Decimal
    settled_on: date


class ReceivableReopened(Event):
    """A payment was taken back after the last cent had come in."""

    receivable_id: UUID
    contract_id: UUID
    customer_id: UUID
    owner_id: UUID | None = None
    remaining: Decimal


class ContractComesToEnd(Event):
    """The reminder days before the last day of a signed contract have begun: once per contract."""

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    owner_id: UUID | None = None
    ends_on: date


class InstalmentComesDue(Event):
    """The reminder days of an instalment have begun: once per instalment."""

    aggregate: ClassVar[str] = "receivable_id"

    instalment_id: UUID
    receivable_id: UUID
    contract_id: UUID
    contract_number: str
    customer_id: UUID
    owner_id: UUID | None = None
    due_on: date
    open_amount: Decimal


class InstalmentFellDue(Event):
    """The due date of an instalment has passed with money still open: once per instalment, however often we look."""

    aggregate: ClassVar[str] = "receivable_id"

    instalment_id: UUID
    receivable_id: UUID
    contract_id: UUID
    contract_number: str
    customer_id: UUID
    owner_id: UUID | None = None
    due_on: date
    open_amount: Decimal


class RecordCommented(comments.RecordCommented):
    """Somebody remarked on a contract, a receivable, a payment."""


# ---- refusals


class CreditStopped(Refused):
    """Raised with `name`."""

    pattern = N_("{name} gets no more contracts until its credit is set again.")


class CreditExceeded(Refused):
    """Raised with `name`, `limit`, and `owed`: what it would owe with this contract."""

    pattern = N_("With this contract {name} would owe {owed}; its credit ends at {limit}.")


class MoreThanOwed(Refused):
    """Raised with `amount` and `remaining`."""

    pattern = N_("{amount} is more than the {remaining} still owed.")


class NothingOpen(Refused):
    """Raised with `number`."""

    pattern = N_("Nothing is open of {number}.")


class EarlierIsOpen(Refused):
    """Raised with `number`."""

    pattern = N_("{number} is due before it and still open; money goes to the oldest first.")


class AlreadyReversed(Refused):
    """Raised with `number`."""

    pattern = N_("Payment {number} was taken back already.")


class InstalmentsMissing(Refused):
    """Raised with `number`."""

    pattern = N_("Plan the instalments of contract {number} first.")


class MoneyCameIn(Refused):
    """Raised with `paid`."""

    pattern = N_("{paid} was paid already. Take the payments back before the contract is cancelled.")


class StillOwed(Refused):
    """Raised with `remaining`."""

    pattern = N_("{remaining} is still owed.")


class PurchasesOf(Question):
    """What one customer bought of us: the lines of its signed and completed contracts (CUS-02)."""

    answers: ClassVar[Purchases]

    customer_id: UUID


class Purchase(Message):
    """One product, or what was called otherwise: how much of it in all, for how much, when last and under which contract."""

    product_id: UUID | None = None
    description: str | None = None
    quantity: Decimal
    amount: Decimal
    signed_on: date | None = None
    contract_id: UUID


class Purchases(Message):
    """What was bought for most stands first."""

    rows: tuple[Purchase, ...] = ()
    labels: dict[str, Label] = {}


class ReceivablesRecordsChanged(RecordsChanged):
    """Contracts, receivables, payments or others of this service were entered or changed; only while a webhook asks for it."""
