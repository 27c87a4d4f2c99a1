"""How branches, departments, staff, roles and base data look."""

from contracts.language import N_
from gateway.screen import Screen, Section, View

SCREENS = {
    "branch": Screen(is_linked=False, related=("organization.department.branch_id",)),
    "department": Screen(
        is_linked=False, related=("organization.department.parent_id", "organization.staff.department_id")),
    "staff": Screen(
        columns=("name", "job_title", "state", "login", "email", "department_id", "branch_id", "manager_id"),
        sections=(
            Section(N_("Person"), ("name", "name_en", "job_title", "email", "phone", "joined_on", "left_on")),
            Section(N_("Place in the company"), ("branch_id", "department_id", "manager_id")),
            Section(N_("Signing in"), ("login", "roles", "language")),
        ),
        views=(View(N_("Active"), "state=active"), View(N_("Left"), "state=left")),
        home="state=active",
        figures=("job_title", "department_id", "branch_id", "manager_id"),
        related=("organization.staff.manager_id",),
        first=N_("The people who work here. Write down the first, or bring in a list."),
    ),
    "saved_view": Screen(columns=("name", "list_of", "audience", "owner_id"), related=()),
    "own_field": Screen(
        columns=("name", "entity_name", "kind", "code", "is_required", "is_in_list"),
        quiet=("delete",),
        hidden=frozenset({"kept_as"}),
        sections=(
            Section(N_("Field"), ("entity_name", "name", "name_en", "kind", "refers_to", "help", "help_en")),
            Section(N_("Use"), ("is_required", "is_in_list", "is_searched", "position", "code")),
        ),
        figures=("entity_name", "kind"),
        related=("organization.own_choice.field_id",),
        first=N_("What your company keeps on its customers and others beside the fields that are there already."),
    ),
    "own_object": Screen(
        columns=("name", "name_en", "icon_name", "has_customer", "number_prefix", "code"),
        sections=(
            Section(N_("Names"), ("name", "name_en", "plural_en", "icon_name")),
            Section(N_("Use"), ("has_customer", "number_prefix", "position", "code")),
        ),
        figures=("icon_name", "has_customer", "number_prefix"),
        related=(),
        first=N_("Kinds of record of your own, such as equipment or exhibitions. Define one; its fields come next."),
    ),
    "form": Screen(
        columns=("entity_name", "department_id", "updated_at", "updated_by"), related=(),
        first=N_("As they come with Guanxi. Arrange one: for everybody, or for one department and all below it."),
    ),
    "export": Screen(
        columns=("name", "state", "file_kind", "total", "created_at", "ended_at"), related=(),
        sections=(Section(N_("File"), ("file_kind", "total", "done", "size")),),
        first=N_("Long lists become files in the background; they wait here for a week."),
        hidden=frozenset({"list_of", "query", "language", "attempts", "error"}),
    ),
    "own_choice": Screen(is_linked=False, columns=("name", "name_en", "field_id", "position"), related=()),
    "role": Screen(columns=("name", "code", "name_en"), related=()),
    "choice": Screen(
        is_linked=False,
        columns=("name", "list", "code", "name_en", "parent_id", "position"),
        related=("organization.choice.parent_id",),
        views=(
            View(N_("Lead sources"), "list=lead_source"),
            View(N_("Industries"), "list=industry"),
            View(N_("Regions"), "list=region"),
            View(N_("Loss reasons"), "list=loss_reason"),
            View(N_("Tags"), "list=tag"),
        ),
    ),
}  # fmt: skip
