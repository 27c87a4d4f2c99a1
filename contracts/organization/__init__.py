"""Branches, departments, staff, roles and base data; signing in and proving who one is; lists on their way into files.

Permissions: `organization.{branch,department,staff,role,choice,saved_view,own_field,own_choice,own_object,form}.{read,create,update,archive,import,export}`,
`organization.export.{read,export}`, `organization.cancel_export`, `organization.delete_own_field`,
`organization.leave_staff`, `organization.rejoin_staff`, `organization.set_password_staff`, `organization.shut_out_staff`.
Anonymous: `organization.sign_in`. The system only: `organization.resolve`, `organization.{take,report,finish,fail}_export`,
`organization.put_export_part`. Her own affairs (sign_out, sign_out_everywhere,
open_first, change_password, change_language, make_token, revoke_token, tokens, my_sessions, start_export, export_part) need no permission, only a person.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.actor import Actor, Scope
from contracts.changes import RecordsChanged
from contracts.errors import Refused, Unauthenticated
from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Command, Event, Line, Listed, Message, OwnedRecord, Question, Record, attr
from contracts.organization.export import (
    MOST_PARTS as MOST_PARTS,
)
from contracts.organization.export import (
    PART as PART,
)
from contracts.organization.export import (
    CancelExport as CancelExport,
)
from contracts.organization.export import (
    Export as Export,
)
from contracts.organization.export import (
    ExportBroke as ExportBroke,
)
from contracts.organization.export import (
    ExportEnded as ExportEnded,
)
from contracts.organization.export import (
    ExportLost as ExportLost,
)
from contracts.organization.export import (
    ExportPartOf as ExportPartOf,
)
from contracts.organization.export import (
    ExportStep as ExportStep,
)
from contracts.organization.export import (
    ExportTaken as ExportTaken,
)
from contracts.organization.export import (
    FailExport as FailExport,
)
from contracts.organization.export import (
    FinishExport as FinishExport,
)
from contracts.organization.export import (
    PutExportPart as PutExportPart,
)
from contracts.organization.export import (
    ReportExport as ReportExport,
)
from contracts.organization.export import (
    StartExport as StartExport,
)
from contracts.organization.export import (
    TakeExport as TakeExport,
)
from contracts.organization.form import (
    Form as Form,
)
from contracts.organization.form import (
    FormItem as FormItem,
)
from contracts.organization.form import (
    FormListed as FormListed,
)
from contracts.organization.form import (
    FormsOf as FormsOf,
)
from contracts.organization.own_field import (
    DeleteOwnField as DeleteOwnField,
)
from contracts.organization.own_field import (
    OwnChoice as OwnChoice,
)
from contracts.organization.own_field import (
    OwnChoiceListed as OwnChoiceListed,
)
from contracts.organization.own_field import (
    OwnField as OwnField,
)
from contracts.organization.own_field import (
    OwnFieldDeleted as OwnFieldDeleted,
)
from contracts.organization.own_field import (
    OwnFieldListed as OwnFieldListed,
)
from contracts.organization.own_object import (
    OwnObject as OwnObject,
)
from contracts.organization.own_object import (
    OwnObjectListed as OwnObjectListed,
)
from contracts.organization.own_object import (
    OwnObjectUseOf as OwnObjectUseOf,
)
from contracts.shipped import shipped_id

Language = Literal["zh_CN", "en"]
KeyUse = Literal["programs", "calendar"]
"""What a key may be shown for: anything its owner may do, or only to read her calendar."""
ListName = Literal[
    "lead_source", "industry", "region", "buying_role", "activity_kind", "loss_reason", "payment_method",
    "article_category", "tag", "expense_kind",
]  # fmt: skip


# -- records ----------------------------------------------------------------------------------------------------


class Branch(Record):
    """A place of business with people of its own; one of them is headquarters."""

    label = N_("Branch")
    plural = N_("Branches")
    icon = "building"
    sort = "code"

    code: str = attr(N_("Code"), max_length=10, in_list=True, search=True)
    name: str = attr(N_("Name"), in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, in_list=True, search=True)
    timezone: str = attr(N_("Time zone"), "Asia/Shanghai", max_length=60, in_list=True)
    is_headquarters: bool = attr(N_("Headquarters"), False, in_list=True, filter=True)


class Department(Record):
    """People of one branch who do the same kind of work; departments stand below each other."""

    label = N_("Department")
    plural = N_("Departments")
    icon = "sitemap"
    sort = "name"

    name: str = attr(N_("Name"), in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, in_list=True, search=True)
    branch_id: UUID = attr(N_("Branch"), ref="organization.branch", in_list=True, filter=True)
    parent_id: UUID | None = attr(
        N_("Part of"), None, ref="organization.department", in_list=True, filter=True
    )


class GrantLine(Line):
    """Who has the role may do this to rows within this scope. `sales.*` and `sales.quote.read` are permissions."""

    label = N_("Grant")
    plural = N_("Grants")
    title = ("permission",)

    permission: str = attr(N_("May do"), kind="permission", max_length=100, in_list=True)
    scope: Scope = attr(N_("To rows of"), in_list=True)


class Role(Record):
    """What people of one kind of work may do. Somebody may have several; the widest grant counts."""

    label = N_("Role")
    plural = N_("Roles")
    icon = "shield"
    sort = "name"

    code: str = attr(N_("Code"), max_length=40, in_list=True, search=True)
    name: str = attr(N_("Name"), in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, in_list=True, search=True)
    grants: tuple[GrantLine, ...] = attr(N_("Grants"), ())


class Staff(Record):
    """Somebody who works here: where, under whom, and with which roles."""

    label = N_("Staff member")
    plural = N_("Staff")
    icon = "users"
    sort = "name"
    lifecycle = Lifecycle(
        start="active",
        edit=("active",),
        set_password="active ->",
        shut_out="active ->",
        leave="active -> left",
        rejoin="left -> active",
    )

    name: str = attr(N_("Full name"), in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, in_list=True, search=True)
    login: str | None = attr(N_("Login"), None, max_length=60, in_list=True, search=True)
    email: str | None = attr(N_("E-mail"), None, kind="email", in_list=True, search=True)
    phone: str | None = attr(N_("Phone"), None, kind="phone", search=True)
    job_title: str | None = attr(N_("Job title"), None, in_list=True, synonyms=("Position",))
    branch_id: UUID = attr(N_("Branch"), ref="organization.branch", in_list=True, filter=True)
    department_id: UUID | None = attr(
        N_("Department"), None, ref="organization.department", in_list=True, filter=True
    )
    manager_id: UUID | None = attr(
        N_("Reports to"), None, ref="organization.staff", in_list=True, filter=True
    )
    roles: tuple[UUID, ...] = attr(N_("Roles"), (), ref="organization.role", filter=True)
    language: Language = attr(N_("Language"), "zh_CN", filter=True)
    joined_on: date | None = attr(N_("Joined on"), None, filter=True)
    left_on: date | None = attr(N_("Left on"), None, readonly=True)
    state: str = attr(N_("State"), "active", readonly=True, in_list=True, filter=True)


class Choice(Record):
    """One entry of a list people choose from: a lead source, an industry, a region. Areas stand below districts."""

    label = N_("Base data")
    plural = N_("Base data")
    icon = "list-check"
    sort = "position"

    list: ListName = attr(N_("List"), in_list=True, filter=True)
    code: str = attr(N_("Code"), max_length=40, in_list=True, search=True)
    name: str = attr(N_("Name"), in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, in_list=True, search=True)
    parent_id: UUID | None = attr(N_("Part of"), None, ref="organization.choice", in_list=True, filter=True)
    position: int = attr(N_("Position"), 0, in_list=True)


Audience = Literal["myself", "department", "everybody"]
"""Whom a saved view is for: its maker, the maker's department and those below it, everybody."""


class SavedView(OwnedRecord):
    """A list that somebody keeps as a tab: which rows in which order, with which columns, or counted by which fields; for herself,
    for her department and those below it, or for everybody."""

    label = N_("Saved view")
    plural = N_("Saved views")
    icon = "bookmark"
    sort = "created_at"

    name: str = attr(N_("Name"), max_length=60, in_list=True)
    list_of: str = attr(N_("List"), kind="entity", max_length=60, in_list=True, filter=True)
    """The kind of record, such as `sales.quote`."""
    query: str = attr(N_("Which rows"), kind="question", max_length=2000)
    """As it stands in an address: `state=sent&owner_id=me&sort=-amount&columns=number,amount`, or `state=sent&by=owner_id&figure=amount__sum`."""
    audience: Audience = attr(N_("Who sees it"), "myself", in_list=True, filter=True)
    owner_id: UUID | None = attr(
        N_("Owner"), None, ref="organization.staff", readonly=True, in_list=True, filter=True
    )


class ViewsOf(Question):
    """The views of a list that the actor may use, and the one that opens first for her. `grouped`: only those that count by
    group; of every list where none is named."""

    list_of: str = ""
    grouped: bool = False


class OpenFirst(Command):
    """Which view of a list opens first for me: a saved one, or one that comes with Guanxi by its address; neither: all rows."""

    list_of: str = attr(N_("List"), max_length=60)
    view_id: UUID | None = None
    query: str | None = attr(N_("Which rows"), None, max_length=2000)


def choice_id(list: ListName, code: str) -> UUID:
    """The id of a shipped entry, the same in every branch."""
    return shipped_id(Choice.entity(), list, code)


def role_id(code: str) -> UUID:
    """The id of a shipped role, the same in every branch."""
    return shipped_id(Role.entity(), code)


# -- cards and facts --------------------------------------------------------------------------------------------


class OrganizationRecordsChanged(RecordsChanged):
    """Staff, departments, roles, base data or others of this service were entered or changed; only while a webhook asks for it."""


class BranchListed(Listed):
    entity = "organization.branch"
    carries: ClassVar[tuple[str, ...]] = ("code", "timezone", "is_headquarters")


class DepartmentListed(Listed):
    entity = "organization.department"
    carries: ClassVar[tuple[str, ...]] = ("branch_id", "parent_id")


class RoleListed(Listed):
    entity = "organization.role"
    carries: ClassVar[tuple[str, ...]] = ("code", "grants")


class StaffListed(Listed):
    entity = "organization.staff"
    carries: ClassVar[tuple[str, ...]] = (
        "login", "email", "language", "branch_id", "department_id", "manager_id", "roles", "joined_on", "state",
    )  # fmt: skip
    called = ("login", "email")


class ChoiceListed(Listed):
    entity = "organization.choice"
    carries: ClassVar[tuple[str, ...]] = ("list", "code", "parent_id", "position")
    called = ("code",)


class StaffLeft(Event):
    """Somebody no longer works here; what she holds needs new hands."""

    staff_id: UUID
    branch_id: UUID
    department_id: UUID | None = None
    manager_id: UUID | None = None
    left_on: date


class RoleChanged(Event):
    """A role may do something else from now on."""

    role_id: UUID
    code: str


# -- verbs ------------------------------------------------------------------------------------------------------


class LeaveStaff(Act):
    """She leaves: on which day (today unless told)."""

    left_on: date | None = attr(N_("Left on"), None)


class SetPasswordStaff(Act):
    """An administrator gives somebody a password; she is signed out everywhere."""

    password: str = attr(N_("New password"), kind="password", max_length=200)


class ShutOutStaff(Act):
    """An administrator ends all of somebody's sessions and revokes her tokens."""


# -- signing in -------------------------------------------------------------------------------------------------


class WrongPassword(Unauthenticated):
    """The same answer whether the login is unknown, the password wrong or the person has left."""

    pattern = N_("Login or password is wrong.")


class NoLogin(Refused):
    """Raised with `name`."""

    pattern = N_("{name} has no login yet. Please enter one first.")


class LastAdministrator(Refused):
    pattern = N_("Nobody would be left who may look after people and roles.")


class SignIn(Command):
    """Somebody at the sign-in page; `address` is where the request came from."""

    login: str = attr(N_("Login"), max_length=60)
    password: str = attr(N_("Password"), kind="password", max_length=200)
    address: str = attr(N_("Address"), "", max_length=60)
    agent: str = attr(N_("Browser"), "", max_length=500)


class SignedIn(Message):
    """Let in: the session's secret (told once, here) and who she is."""

    session: str
    expires_at: datetime
    actor: Actor


class Resolve(Command):
    """Who does this session, or this key, belong to? Asked by the gateway.

    `use` is what it is shown for: a key made for one thing opens nothing else, and a session is no key.
    """

    session: str = attr(N_("Session"), kind="password", max_length=200)
    use: KeyUse = "programs"


class SignOut(Command):
    session: str = attr(N_("Session"), kind="password", max_length=200)


class SignOutEverywhere(Command):
    """End all of her own sessions, except `session` when it is given."""

    session: str | None = attr(N_("Session"), None, kind="password", max_length=200)


class ChangePassword(Command):
    """A new password for herself. Her other sessions end; `session` is the one she does it from."""

    current: str = attr(N_("Present password"), kind="password", max_length=200)
    password: str = attr(N_("New password"), kind="password", max_length=200)
    session: str | None = attr(N_("Session"), None, kind="password", max_length=200)


class ChangeLanguage(Command):
    language: Language = attr(N_("Language"))


class MySessions(Question):
    """Where she is signed in."""

    answers: ClassVar[list[SessionSeen]]

    session: str | None = None


class SessionSeen(Message):
    """One of her sessions, without its secret."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str
    is_this: bool = False


class MakeToken(Command):
    """A key for a program that acts in her name, or (`use`) one that only reads her calendar: it stands in an address."""

    use: KeyUse = "programs"
    name: str = attr(N_("What it is for"), max_length=100)
    expires_on: date | None = attr(N_("Valid until"), None)


class TokenMade(Message):
    """`token` is told once, here; None when the same press came again."""

    id: UUID
    name: str
    token: str | None


class RevokeToken(Command):
    id: UUID


class Tokens(Question):
    """Her tokens."""

    answers: ClassVar[list[TokenSeen]]


class TokenSeen(Message):
    """One of her tokens, without its secret; `hint` is how it begins."""

    id: UUID
    use: KeyUse
    name: str
    hint: str
    created_at: datetime
    used_at: datetime | None
    expires_on: date | None
