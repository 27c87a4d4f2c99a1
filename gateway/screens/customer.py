"""How leads, customers, contacts and activities look."""

from contracts.language import N_
from gateway.screen import Begin, Dialog, Due, Needless, Part, Screen, Section, View

MINE = View(N_("Mine"), "owner_id=me")
BELONGS = Section(N_("Ownership"), ("owner_id", "department_id", "branch_id"))

SCREENS = {
    "lead": Screen(
        has_remarks=True,
        kept_as=("customer.segment",),
        columns=(
            "name", "state", "contact_name", "phone", "expected_amount", "next_step_on", "source_id", "owner_id", "number",
        ),
        sections=(
            Section(N_("Company"), ("name", "industry_id", "region_id", "address", "website")),
            Section(N_("Whom to talk to"), ("contact_name", "job_title", "phone", "mobile", "email")),
            Section(
                N_("Opportunity"),
                ("source_id", "web_form_id", "need", "expected_amount", "expected_on", "next_step_on"),
            ),
            Section(N_("Outcome"), ("customer_id", "opportunity_id", "is_suspect")),
            BELONGS,
        ),
        reports=(View(N_("Leads by source"), "by=source_id"), View(N_("Leads by industry and region"), "by=industry_id&by=region_id")),
        views=(
            MINE,
            View(N_("Due today"), "owner_id=me&state=new&state=following&next_step_on__lte=today"),
            View(N_("Not followed yet"), "state=new"),
            View(N_("Converted"), "state=converted"),
            View(N_("Perhaps from programs"), "is_suspect=true"),
        ),
        figures=("expected_amount", "source_id", "next_step_on", "owner_id"),
        quiet=("assign", "release"),
        goes_on=("customer_id", "opportunity_id"),
        related=("customer.activity.lead_id",),
        due=Due("next_step_on", ("new", "following")),
        card={
            "FN": "contact_name", "ORG": "name", "TITLE": "job_title", "TEL;TYPE=CELL": "mobile", "TEL;TYPE=WORK,VOICE": "phone",
            "EMAIL": "email", "URL": "website", "ADR;TYPE=WORK": "address", "NOTE": "need",
        },
        first=N_("Companies that might buy. Write down one you heard of, or bring in a list."),
        is_offered=True,
    ),
    "customer": Screen(
        kept_as=("customer.segment", "customer.value_rule"),
        columns=("name", "value_class", "loyalty", "industry_id", "region_id", "phone", "owner_id", "number"),
        sections=(
            Section(N_("Customer"), (
                "name", "nature", "birthday", "short_name", "kind", "parent_id", "contact_id", "company_id", "industry_id", "region_id", "source_id",
            )),
            Section(N_("How to reach them"), ("phone", "mobile", "email", "website", "address")),
            Section(N_("Papers"), ("tax_number", "background", "lead_id")),
            Section(N_("What it is worth"), (
                "value_class", "value_rule_id", "is_classified_by_hand", "classified_until", "classified_because",
                "loyalty", "loyalty_rule_id", "is_loyalty_by_hand", "loyalty_until", "loyalty_because", "strategic_value", "is_growth", "strategy", "segments",
            )),
            Section(N_("Value model"), ("value_group", "value_score", "propensity_score", "third_score", "lifetime_value")),
            Section(N_("Credit"), ("credit_standing", "credit_limit", "owed_amount", "credit_days", "credit_because")),
            Section(N_("Lifecycle"), ("stage_id", "stage_since", "stalls_on", "is_lost")),
            Section(N_("Figures"), (
                "contracts_count", "contracts_amount", "last_contract_on", "paid_amount", "overdue_amount",
                "open_opportunities", "open_amount", "won_opportunities", "lost_opportunities", "open_tickets",
                "average_rating", "last_activity_at", "next_activity_at", "open_activities", "expense_amount",
            )),
            BELONGS,
        ),
        reports=(View(N_("Customers by value class"), "by=value_class"),),
        views=(
            MINE,
            View(N_("Key customers"), "value_class=key"),
            View(N_("Most valuable"), "sort=-lifetime_value"),
            View(N_("Of strategic value"), "strategic_value__gte=1&sort=-strategic_value"),
            View(N_("Growth customers"), "is_growth=true"),
            View(N_("Stalled"), "stalls_on__lte=today&is_lost=no&sort=stalls_on"),
            View(N_("Lost"), "is_lost=yes"),
            View(N_("Credit stopped"), "credit_standing=stop"),
            View(N_("New this month"), "created_at=this_month"),
            View(N_("Partners"), "kind=partner"),
            View(N_("Individuals"), "nature=individual"),
            View(N_("Families"), "nature=family"),
            View(N_("Staff of customers, privately"), "contact_id__empty=false"),
        ),
        needless=(
            Needless("nature", ("individual", "family"), ("short_name", "industry_id", "website", "tax_number")),
            Needless("nature", ("family",), ("parent_id",)),
            Needless("nature", ("company", "family"), ("birthday", "mobile")),
        ),
        figures=("value_class", "loyalty", "owner_id"),
        quiet=("hand_over", "release", "classify", "declassify", "mark", "set_credit"),
        begins=(
            Begin("sales.opportunity", (("customer_id", "id"),)), Begin("service_desk.ticket", (("customer_id", "id"),)),
        ),
        related=(
            "customer.contact.customer_id", "customer.wish.customer_id", "sales.opportunity.customer_id", "sales.quote.customer_id",
            "receivables.contract.customer_id", "receivables.receivable.customer_id", "receivables.payment.customer_id",
            "customer.lead.customer_id", "service_desk.ticket.customer_id", "customer.activity.customer_id",
        ),
        paper=(
            Part(N_("Background"), (
                "customer.contact.customer_id", "customer.stakeholder.customer_id", "customer.wish.customer_id",
                "customer.employment.customer_id",
            )),
            Part(N_("Sales follow-up"), (
                "sales.opportunity.customer_id", "sales.quote.customer_id", "receivables.contract.customer_id",
                "customer.former_contract.customer_id", "receivables.receivable.customer_id",
                "receivables.payment.customer_id", "customer.activity.customer_id",
            )),
            Part(N_("Service support"), ("service_desk.deal_handover.customer_id", "service_desk.ticket.customer_id")),
        ),
        first=N_("Companies we do business with. Convert a lead, write one down, or bring in a list."),
        is_offered=True,
    ),
    "segment": Screen(
        has_remarks=True,
        columns=("name", "list_of", "members", "rhythm", "gathered_at", "next_on", "owner_id"),
        sections=(
            Section(N_("Who belongs to it"), ("name", "name_en", "list_of", "query", "rhythm", "purpose")),
            Section(N_("For each new member"), (
                "plan_kind_id", "plan_subject", "plan_in_days", "plan_text", "give_to_id", "tag_id", "strategy", "only_newcomers",
            )),
            Section(N_("For each who is still a member some days later"), (
                "again_in_days", "again_kind_id", "again_subject", "again_text",
            )),
            BELONGS,
        ),
        views=(MINE,),
        figures=("list_of", "members", "rhythm", "gathered_at", "next_on", "owner_id"),
        related=("customer.activity.segment_id",),
        first=N_("Customers that are treated alike. Filter a list until it shows the right ones and keep it as a segment."),
    ),
    "resource_plan": Screen(
        has_remarks=True,
        columns=("name", "sales_plan", "starts_on", "ends_on", "staff_id", "for_department_id", "average_deal", "owner_id"),
        sections=(
            Section(N_("The plan"), ("name", "sales_plan", "starts_on", "ends_on", "average_deal", "note")),
            Section(N_("Whose work"), ("staff_id", "for_department_id")),
            Section(N_("Work"), ("lines",)),
            BELONGS,
        ),
        views=(MINE, View(N_("Running"), "starts_on__lte=today&ends_on__gte=today")),
        figures=("sales_plan", "starts_on", "ends_on", "average_deal", "owner_id"),
        related=(),
        first=N_("How many visits, calls and other work with customers at which stage a sales plan takes, beside what was done."),
    ),
    "web_form": Screen(
        columns=("name", "code", "is_open", "staff_id", "source_id"),
        sections=(
            Section(N_("Form"), ("name", "name_en", "code", "is_open", "text", "text_en")),
            Section(N_("What it asks"), ("asks", "asked_field_ids", "asks_own_fields")),
            Section(N_("Afterwards"), ("staff_id", "source_id", "thanks", "thanks_en")),
            Section(N_("On your website"), ("sites", "most_a_day")),
        ),
        figures=("code", "staff_id", "is_open"),
        related=("customer.lead.web_form_id",),
        first=N_("A form for your website; whoever fills it in becomes a lead."),
    ),
    "contact": Screen(
        has_remarks=True,
        kept_as=("customer.segment",),
        columns=("name", "job_title", "customer_id", "mobile", "phone", "email", "buying_role_id", "last_activity_at", "owner_id"),
        sections=(
            Section(N_("Person"), ("name", "customer_id", "job_title", "buying_role_id", "birthday", "hobbies", "family", "education", "strategy")),
            Section(N_("How to reach them"), ("mobile", "phone", "email")),
            Section(N_("Figures"), ("last_activity_at", "next_activity_at", "open_activities", "expense_amount")),
            Section(N_("Remarks"), ("note",)),
            BELONGS,
        ),
        views=(
            MINE,
            View(N_("Not spoken to for 90 days"), "owner_id=me&last_activity_at__ne=last_90_days"),
            View(N_("Without a next step"), "owner_id=me&next_activity_at__empty=yes"),
        ),
        figures=("job_title", "customer_id", "mobile", "last_activity_at", "next_activity_at"),
        brief=("job_title", "mobile"),
        begins=tuple(
            Begin(entity, (("customer_id", "customer_id"), ("contact_id", "id")))
            for entity in ("sales.opportunity", "service_desk.ticket")
        ),
        related=(
            "customer.stakeholder.contact_id", "customer.contact_link.contact_id", "customer.contact_link.other_id", "customer.wish.contact_id",
            "customer.employment.contact_id", "customer.customer.contact_id", "sales.opportunity.contact_id", "service_desk.ticket.contact_id",
            "customer.activity.contact_id",
        ),
        quiet=("change_job", "sell_privately"),
        card={
            "FN": "name", "ORG": "customer_id", "TITLE": "job_title", "TEL;TYPE=CELL": "mobile",
            "TEL;TYPE=WORK,VOICE": "phone", "EMAIL": "email", "BDAY": "birthday", "NOTE": "note",
        },
        first=N_("The people at our customers, and what part they play when their company buys."),
        is_offered=True,
    ),
    "activity": Screen(
        has_remarks=True,
        columns=("subject", "state", "kind_id", "customer_id", "lead_id", "starts_at", "done_at", "owner_id"),
        sections=(
            Section(N_("What"), ("subject", "kind_id", "text", "outcome", "expense", "expense_kind_id")),
            Section(N_("With whom"), ("customer_id", "lead_id", "contact_id", "opportunity_id")),
            Section(N_("When"), ("starts_at", "ends_at", "remind", "repeats", "done_at")),
            BELONGS,
        ),
        views=(
            MINE,
            View(N_("Planned"), "owner_id=me&state=planned"),
            View(N_("Overdue"), "owner_id=me&state=planned&starts_at=past"),
            View(N_("With expenses"), "state=done&expense__gte=0.01&sort=-starts_at"),
        ),
        figures=("kind_id", "starts_at", "owner_id"),
        quiet=("move", "repeat", "change_series", "end_series", "assign"),
        brief=("kind_id", "starts_at"),
        related=(),
        due=Due("starts_at", ("planned",)),
        first=N_("Visits, calls and meetings: done and planned."),
        is_offered=True,
    ),
    "comment": Screen(
        columns=("text", "about", "created_by", "created_at"),
        sections=(Section(N_("Comment"), ("text", "about", "mentions", "corrected_at")),),
        related=(),
        hidden=frozenset({"record_id"}),
    ),
    "value_rule": Screen(
        columns=("position", "name", "value_class", "loyalty", "query"),
        sections=(
            Section(N_("What it gives"), ("position", "name", "name_en", "value_class", "loyalty")),
            Section(N_("Whom it fits"), ("query",)),
        ),
        related=(),
        first=N_("Rules are asked in their order; the first that fits decides. They count when they are applied."),
    ),
    "ladder_report": Screen(
        columns=("rhythm", "role_ids", "told_until"), is_linked=False, related=(),
        first=N_("Whether the loyalty ladder is told each month by bell and mail, and to whom."),
    ),
    "contact_rhythm": Screen(
        columns=("value_class", "days"), is_linked=False, related=(),
        first=N_("After how many days without contact whoever looks after a customer is told, by its value class."),
    ),
    "value_dimension": Screen(
        columns=("position", "name", "name_en", "code", "high_from"), is_linked=False, related=(),
        first=N_("The directions in which customers are judged, and from how many points one counts as high."),
    ),
    "value_indicator": Screen(
        columns=("position", "name", "dimension", "measure", "worst", "best", "weight"),
        sections=(
            Section(N_("What it looks at"), ("position", "name", "name_en", "dimension", "measure", "field_id")),
            Section(N_("How it counts"), ("worst", "best", "weight")),
        ),
        related=(),
        first=N_("Figures by which customers are judged. They count when the rules are applied."),
    ),
    "lifecycle_stage": Screen(
        columns=("position", "name", "name_en", "entered_by", "stalls_after_days"), related=(),
        first=N_("The stretches of the way from the first idea of a customer to its next purchase."),
    ),
    "stakeholder": Screen(
        has_remarks=True,
        columns=("name", "role_id", "stance", "influence", "unit", "opportunity_id", "customer_id"),
        brief=("role_id", "stance", "influence"), related=(),
        first=N_("Who decides, who pays, who uses, who guards the door: the people of a purchase."),
    ),
    "contact_link": Screen(
        columns=("name", "kind", "customer_id", "note"), brief=("kind",), related=(),
        first=N_("Who reports to whom, who is whose friend."),
    ),
    "employment": Screen(
        columns=("name", "employer", "job_title", "from_on", "until_on"), brief=("employer", "until_on"), related=(),
        first=N_("Where our contacts worked before they came to where they are now."),
    ),
    "wish": Screen(
        has_remarks=True,
        columns=("text", "kind", "customer_id", "contact_id", "channel_id", "owner_id"), brief=("kind",), related=(),
        first=N_("How customers want to be served: by whom, when, about what, and what to avoid."),
    ),
    "former_contract": Screen(has_remarks=True),
    "own_record": Screen(figures=("customer_id", "owner_id"), sections=(Section(N_("Fields"), ("name", "number", "customer_id")), BELONGS), has_remarks=True, is_offered=True),
    "reminder_rule": Screen(
        columns=("kind_id", "minutes"), is_linked=False, related=(),
        first=N_("How long before a visit, a call, a meeting its owner is reminded. Without one nobody is."),
    ),
    "birthday_rule": Screen(
        columns=("staff_id", "days"), is_linked=False, related=(),
        first=N_("How many days before a birthday whoever looks after the customer is told. Without one nobody is."),
    ),
    "point_rule": Screen(
        columns=("kind_id", "points", "from_on"), is_linked=False, related=(),
        first=N_("How many points a visit, a call, a meeting is worth to whoever did it and wrote it down."),
    ),
    "pool_rule": Screen(
        columns=("name", "applies_to", "staff_id", "idle_days", "remind_days", "spans", "picks_a_day", "most_held"),
        is_linked=False, related=(),
        first=N_("Without a rule nothing goes into the pool by itself, and everybody may take as much as she likes."),
    ),
}  # fmt: skip

WHOM = Section(N_("With whom"), ("lead_id", "customer_id", "contact_id", "opportunity_id"))
SPARE = {"lead_id": ("customer_id", "contact_id", "opportunity_id"), "customer_id": ("lead_id",)}
DIALOGS = {
    "log_activity": Dialog(
        sections=(
            Section(
                "", ("kind_id", "happened_at", "subject", "text", "outcome", "expense", "expense_kind_id")
            ),
            WHOM,
            Section(N_("Next step"), ("next_subject", "next_at", "next_kind_id")),
        ),
        spare=SPARE,
        now=("happened_at",),
    ),
    "plan_activity": Dialog(
        sections=(
            Section("", ("kind_id", "starts_at", "subject", "ends_at", "text", "owner_id", "remind")),
            WHOM,
            Section(N_("Repetition"), ("unit", "every", "weekdays", "nth", "ends", "until", "times")),
        ),
        spare=SPARE,
        folded=("Repetition",),
    ),
    "add_comment": Dialog(carried=("about",)),
    "classify_customer": Dialog(blank=("value_class", "loyalty")),
    "mark_customer": Dialog(blank=("stage_id",)),
    "change_job_contact": Dialog(blank=("customer_id", "job_title", "phone", "email")),
}
