"""How products, stages, opportunities and quotes look."""

from contracts.language import N_
from gateway.screen import Begin, Due, Part, Screen, Section, View

MINE = View(N_("Mine"), "owner_id=me")
BELONGS = Section(N_("Ownership"), ("owner_id", "department_id", "branch_id"))

SCREENS = {
    "product_class": Screen(has_remarks=True, related=("sales.product_class.parent_id", "sales.product.class_id")),
    "product": Screen(
        has_remarks=True,
        columns=("name", "code", "class_id", "spec", "model", "unit_price", "unit"),
        sections=(
            Section(N_("Product"), ("code", "name", "name_en", "class_id", "spec", "model", "unit_price", "unit", "remark")),
        ),
        figures=("code", "unit_price", "unit"),
        related=("service_desk.ticket.product_id",),
        first=N_("What we sell. Bring in the price list, or write down the first product."),
    ),
    "stage": Screen(
        columns=("name", "name_en", "position", "success_rate", "asks_for_decider"), related=("sales.opportunity.stage_id",), is_linked=False,
    ),
    "opportunity": Screen(
        has_remarks=True,
        columns=(
            "name", "state", "stage_id", "expected_amount", "expected_on", "customer_id", "owner_id", "number",
        ),
        sections=(
            Section(N_("Opportunity"), ("name", "customer_id", "contact_id", "stage_id", "stage_since", "expected_amount", "expected_on", "need", "competitors")),
            Section(N_("Outcome"), ("won_amount", "closed_at", "reason_id", "contract_id")),
            Section(N_("Origin"), ("lead_id",)),
            Section(N_("Ownership"), ("owner_id", "department_id", "branch_id")),
        ),
        reports=(View(N_("Opportunities by stage and owner"), "by=stage_id&by=owner_id"),),
        views=(
            View(N_("Mine, open"), "owner_id=me&state=open"),
            View(N_("Open"), "state=open"),
            View(N_("Expected this month"), "state=open&expected_on=this_month"),
            View(N_("Overdue"), "state=open&expected_on=past"),
            View(N_("Won this year"), "state=won&closed_at=this_year"),
            View(N_("Lost this year"), "state=lost&closed_at=this_year"),
        ),
        home="state=open",
        figures=("expected_amount", "stage_id", "expected_on", "customer_id", "owner_id"),
        brief=("stage_id", "competitors"),
        begins=(
            Begin("sales.quote", (("opportunity_id", "id"), ("contact_id", "contact_id"), ("name", "name")), ("open",)),
        ),
        goes_on=("contract_id",),
        quiet=("reopen",),
        related=("sales.quote.opportunity_id", "receivables.contract.opportunity_id", "customer.activity.opportunity_id"),
        paper=(
            Part("", (
                "customer.stakeholder.opportunity_id", "sales.quote.opportunity_id", "receivables.contract.opportunity_id",
                "customer.activity.opportunity_id",
            )),
        ),
        due=Due("expected_on", ("open",)),
        first=N_("Chances to sell. Convert a lead, or open one for a customer."),
        hidden=frozenset({"currency"}),
        is_offered=True,
    ),
    "quote": Screen(
        has_remarks=True,
        columns=("name", "number", "state", "customer_id", "opportunity_id", "amount", "valid_until", "owner_id"),
        sections=(
            Section(N_("Quote"), ("name", "opportunity_id", "customer_id", "contact_id", "valid_until", "terms")),
            Section(N_("Lines"), ("lines",)),
            Section(N_("Outcome"), ("sent_at", "sent_by", "answered_at", "revises_id")),
            BELONGS,
        ),
        views=(
            MINE,
            View(N_("Waiting for approval"), "state=submitted"),
            View(N_("Sent"), "state=sent"),
            View(N_("Running out this week"), "state=sent&valid_until=this_week"),
        ),
        figures=("amount", "customer_id", "opportunity_id", "valid_until", "owner_id"),
        brief=("number",),
        goes_on=("opportunity_id",),
        quiet=("withdraw",),
        related=("receivables.contract.quote_id", "sales.quote.revises_id"),
        due=Due("valid_until", ("draft", "submitted", "approved", "sent")),
        in_capitals=("amount",),
        first=N_("Offers to customers. Open an opportunity and make the first quote for it."),
        hidden=frozenset({"currency"}),
        is_offered=True,
    ),
    "comment": Screen(
        columns=("text", "about", "created_by", "created_at"),
        sections=(Section(N_("Comment"), ("text", "about", "mentions", "corrected_at")),),
        related=(),
        hidden=frozenset({"record_id"}),
    ),
}  # fmt: skip
