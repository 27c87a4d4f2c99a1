"""How tickets, articles, the problem catalogue and deal handovers look."""

from contracts.language import N_
from contracts.organization import choice_id
from gateway.screen import Begin, Due, Screen, Section, View

BELONGS = Section(N_("Ownership"), ("owner_id", "department_id", "branch_id"))

SCREENS = {
    "ticket": Screen(
        has_remarks=True,
        columns=("subject", "state", "priority", "kind", "customer_id", "due_at", "owner_id", "opened_at", "number"),
        sections=(
            Section(N_("Request"), ("subject", "text", "kind", "channel", "priority", "opened_at")),
            Section(N_("Who asks"), ("customer_id", "contact_id", "caller")),
            Section(N_("What it is about"), ("product_id", "problem_id", "named_staff_id", "customer_owner_id")),
            Section(N_("Outcome"), ("solution", "answered_at", "closed_at", "answer_due_at", "rating", "rating_note")),
            BELONGS,
        ),
        views=(
            View(N_("Not closed"), "state=open&state=assigned&state=answered"),
            View(N_("Mine"), "owner_id=me&state=assigned&state=answered"),
            View(N_("Not assigned"), "state=open"),
            View(N_("Late"), "state=open&state=assigned&state=answered&due_at=past"),
            View(N_("Complaints"), "kind=complaint"),
            View(N_("Closed this month"), "closed_at=this_month"),
        ),
        home="state=open&state=assigned&state=answered&sort=due_at",
        figures=("priority", "kind", "customer_id", "due_at", "owner_id"),
        brief=("number", "kind"),
        verbs=("answer", "rate", "close", "assign", "note"),
        begins=(
            Begin("service_desk.article", (("name", "subject"), ("problem_id", "problem_id"), ("body", "solution")), ("closed",)),
        ),
        related=(),
        due=Due("due_at", ("open", "assigned", "answered")),
        first=N_("What customers ask of us. The phone rings: write down who, what product, what happens."),
        is_offered=True,
    ),
    "article": Screen(
        has_remarks=True,
        columns=("name", "number", "state", "category_id", "problem_id", "published_at", "owner_id"),
        sections=(
            Section(N_("Article"), ("name", "category_id", "body")),
            Section(N_("What it is about"), ("problem_id", "product_class_id")),
            BELONGS,
        ),
        views=(
            View(N_("Published"), "state=published"),
            View(N_("Drafts"), "state=draft"),
            View(N_("Company rules"), f"state=published&category_id={choice_id('article_category', 'company_rule')}"),
        ),
        figures=("category_id", "published_at", "owner_id"),
        related=(),
        first=N_("What is worth knowing, written down once for all."),
        is_offered=True,
    ),
    "problem": Screen(
        has_remarks=True,
        columns=("name", "code", "parent_id", "product_class_id"),
        related=("service_desk.problem.parent_id", "service_desk.article.problem_id", "service_desk.ticket.problem_id"),
    ),
    "service_level": Screen(related=()),
    "deal_handover": Screen(
        has_remarks=True,
        columns=("contract_name", "number", "state", "customer_id", "amount", "signed_on", "from_id", "to_id"),
        views=(View(N_("To be taken over"), "state=open"), View(N_("Mine"), "to_id=me")),
        figures=("amount", "customer_id", "signed_on", "from_id", "to_id"),
        related=(),
        first=N_("Each signed contract hands its customer over to service here."),
    ),
    "comment": Screen(
        columns=("text", "about", "created_by", "created_at"),
        sections=(Section(N_("Comment"), ("text", "about", "mentions", "corrected_at")),),
        related=(),
        hidden=frozenset({"record_id"}),
    ),
}  # fmt: skip
