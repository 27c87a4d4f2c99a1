"""A page for strangers that makes leads of what they fill in."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from contracts.errors import TooMany
from contracts.language import N_
from contracts.message import Command, Event, Message, Question, Record, attr

Asked = Literal[
    "contact_name", "job_title", "phone", "mobile", "email", "address", "website", "need", "expected_amount", "industry_id",
    "region_id",
]  # fmt: skip
"""What a web form may ask for, beside the company's name; nothing that would show strangers what we have."""
LISTS = frozenset({"organization.choice", "organization.own_choice"})
"""What a stranger may choose from: the words of lists. Whatever else a field refers to is no business of his."""


class WebForm(Record):
    """A form for the company's website: whoever fills it in becomes a lead of the person who gets them (users 7)."""

    label = N_("Web form")
    plural = N_("Web forms")
    icon = "world"
    title = ("name",)
    sort = "code"

    code: str = attr(
        N_("Name in the link"), max_length=40, in_list=True, search=True,
        help=N_("Small letters, digits, hyphens and underscores, such as fair-2027."),
    )  # fmt: skip
    name: str = attr(
        N_("Heading"), max_length=100, in_list=True, search=True,
        help=N_("The newest picture among the files of this form stands above it, as your logo."),
    )  # fmt: skip
    name_en: str | None = attr(N_("English heading"), None, max_length=100, search=True)
    text: str | None = attr(N_("What stands above the form"), None, kind="long_text")
    text_en: str | None = attr(N_("The same in English"), None, kind="long_text")
    asks: tuple[Asked, ...] = attr(N_("Asks for"), ("contact_name", "mobile", "email", "need"))
    asked_field_ids: tuple[UUID, ...] = attr(
        N_("Own fields it asks for"), (), ref="organization.own_field", among={"entity_name": "customer.lead"},
        help=N_("Own fields of leads; not those that refer to records, people or files."),
    )  # fmt: skip
    asks_own_fields: bool = attr(
        N_("Asks for all own fields of leads"), False, help=N_("Except those that refer to something.")
    )
    thanks: str | None = attr(N_("What is said afterwards"), None, max_length=300)
    thanks_en: str | None = attr(N_("What is said afterwards, in English"), None, max_length=300)
    source_id: UUID | None = attr(
        N_("Source"),
        None,
        ref="organization.choice",
        among={"list": "lead_source"},
        in_list=True,
        filter=True,
    )
    staff_id: UUID = attr(N_("Who gets the leads"), ref="organization.staff", in_list=True, filter=True)
    is_open: bool = attr(N_("Open"), True, in_list=True, filter=True)
    most_a_day: int = attr(
        N_("Most a day from one address"), 100, minimum=1, maximum=100_000,
        help=N_("So often may one internet address send it. Raise it where your website's own server sends for all, or a tablet at a trade fair."),
    )  # fmt: skip
    sites: tuple[str, ...] = attr(
        N_("Sites that show it in a frame"), (),
        help=N_("Such as https://www.example.com: pages there may show the form within them, others may not."),
    )  # fmt: skip


class OpenWebForm(Question):
    """What somebody on the website is shown."""

    answers: ClassVar[WebFormShown]

    code: str = attr(N_("Name in the link"), max_length=40)


class WebFormChoice(Message):
    """A word a stranger may choose."""

    id: UUID
    label: str
    label_en: str | None = None


class WebFormShown(Message):
    """A form as strangers see it; `asks` names fields of a lead, in their order; `logo` is another one for each picture.

    choices   field → what can be chosen there; sites: where it may be shown in a frame
    """

    name: str
    name_en: str | None
    text: str | None
    text_en: str | None
    thanks: str | None
    thanks_en: str | None
    asks: tuple[str, ...]
    logo: UUID | None = None
    choices: dict[str, tuple[WebFormChoice, ...]] = {}
    sites: tuple[str, ...] = ()


class WebFormLogo(OpenWebForm):
    """The picture above a form, a part at a time."""

    answers: ClassVar[dict[str, str | None]]  # type: ignore[assignment]

    position: int = 0


class SendWebForm(Command):
    """What somebody on the website wrote. Raises Invalid naming fields that were not asked, are wrong or missing, and
    TooManyForms.

    sender      by which those from one internet address are counted; is_suspect: a program may have written it
    """

    code: str = attr(N_("Name in the link"), max_length=40)
    values: dict[str, Any]
    sender: str = attr(N_("Sender"), "", max_length=64)
    is_suspect: bool = False


class TooManyForms(TooMany):
    """Raised with `seconds` to wait."""

    pattern = N_(
        "This form was sent too often from your network today. Please call us, or try again tomorrow."
    )


class WebFormFilledIn(Event):
    """Somebody on the website wants something: a new lead for `owner_id`.

    is_suspect   a program may have written it; the lead stands among those that were dropped
    """

    lead_id: UUID
    name: str
    contact_name: str | None = None
    need: str | None = None
    form_name: str
    owner_id: UUID
    is_suspect: bool = False
