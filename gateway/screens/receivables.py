"""How contracts, receivables, instalments and payments look."""

from contracts.language import N_
from gateway.screen import Due, Screen, Section, View

MINE = View(N_("Mine"), "owner_id=me")
BELONGS = Section(N_("Ownership"), ("owner_id", "department_id", "branch_id"))

SCREENS = {
    "contract": Screen(
        has_remarks=True,
        columns=("name", "number", "state", "customer_id", "amount", "signed_on", "ends_on", "owner_id"),
        sections=(
            Section(N_("Contract"), ("name", "customer_id", "contact_id", "amount", "signed_on", "starts_on", "ends_on")),
            Section(N_("Planned instalments"), ("instalments",)),
            Section(N_("What is delivered"), ("lines",)),
            Section(N_("Execution"), ("steps",)),
            Section(N_("Origin"), ("opportunity_id", "quote_id", "former_number", "note")),
            BELONGS,
        ),
        views=(
            MINE,
            View(N_("Drafts"), "state=draft"),
            View(N_("Waiting for approval"), "state=submitted"),
            View(N_("To be signed"), "state=approved"),
            View(N_("Signed this month"), "signed_on=this_month"),
        ),
        figures=("amount", "customer_id", "signed_on", "ends_on", "owner_id"),
        goes_on=("receivables.receivable.contract_id",),
        quiet=("cancel", "hand_over"),
        related=(
            "receivables.receivable.contract_id", "receivables.instalment.contract_id",
            "receivables.payment.contract_id", "service_desk.deal_handover.contract_id",
        ),
        in_capitals=("amount",),
        first=N_("What customers and we agreed. A won opportunity drafts one; you may also write one down."),
        hidden=frozenset({"currency"}),
        is_offered=True,
    ),
    "receivable": Screen(
        has_remarks=True,
        columns=(
            "name", "state", "customer_id", "amount", "paid", "remaining", "overdue_amount", "due_on", "owner_id",
        ),
        views=(
            View(N_("Outstanding"), "state=open"),
            View(N_("Mine"), "owner_id=me&state=open"),
            View(N_("Overdue"), "state=open&overdue_amount__gt=0"),
            View(N_("Due this month"), "state=open&due_on=this_month"),
            View(N_("Settled"), "state=settled"),
        ),
        home="state=open",
        figures=("amount", "paid", "remaining", "overdue_amount", "due_on", "customer_id", "owner_id"),
        goes_on=("contract_id",),
        related=("receivables.instalment.receivable_id", "receivables.payment.receivable_id"),
        due=Due("due_on", ("open",)),
        first=N_("What customers owe us. Each signed contract opens one."),
        hidden=frozenset({"currency"}),
    ),
    "instalment": Screen(
        has_remarks=True,
        columns=("number", "state", "customer_id", "contract_id", "due_on", "amount", "paid", "remaining", "owner_id"),
        views=(
            View(N_("Outstanding"), "state=open"),
            View(N_("Overdue"), "state=open&overdue=yes"),
            View(N_("Due this month"), "state=open&due_on=this_month"),
        ),
        figures=("amount", "paid", "remaining", "due_on", "customer_id"),
        brief=("due_on",),
        goes_on=("receivable_id",),
        related=(),
        due=Due("due_on", ("open",)),
    ),
    "payment": Screen(
        has_remarks=True,
        columns=("number", "state", "customer_id", "contract_id", "amount", "paid_on", "method_id", "owner_id"),
        views=(View(N_("This month"), "paid_on=this_month"), View(N_("Taken back"), "state=reversed")),
        figures=("amount", "paid_on", "customer_id", "contract_id"),
        brief=("paid_on",),
        goes_on=("receivable_id",),
        related=("receivables.payment.reverses_id",),
        in_capitals=("amount",),
        hidden=frozenset({"currency"}),
    ),
    "comment": Screen(
        columns=("text", "about", "created_by", "created_at"),
        sections=(Section(N_("Comment"), ("text", "about", "mentions", "corrected_at")),),
        related=(),
        hidden=frozenset({"record_id"}),
    ),
}  # fmt: skip
