"""Messages, and the description of a record that drives storage, lists, forms, filters, import, export and JSON."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self, cast
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    create_model,
    field_validator,
)
from pydantic.fields import FieldInfo

from contracts import forms, kinds, own_fields
from contracts.errors import FIELD_PATTERNS, FieldProblem, Invalid
from contracts.forms import Layout
from contracts.language import N_
from contracts.lifecycle import Lifecycle

MISSING: Any = ...
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""Which state of a record somebody saw: how often it had been written by then."""


@dataclass(frozen=True)
class Attr:
    """One field of a record as people and machines see it."""

    name: str
    label: str
    kind: str
    required: bool = False
    readonly: bool = False
    in_list: bool = False
    filter: bool = False
    search: bool = False
    choices: tuple[str, ...] = ()
    ref: str = ""
    among: dict[str, str] = field(default_factory=dict, hash=False)
    lines: type[Record] | None = None
    many: bool = False
    help: str = ""
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    synonyms: tuple[str, ...] = ()
    alike_in: str = ""
    """What other records have in common with this one whose texts are suggested for it: a field, or a way to one."""
    default: Any = None
    only_for: tuple[str, ...] = ()
    """Values of the field by which such records differ (`Record.differs_by`) that have it; none named: all."""
    listed_as: str = ""
    """What those that refer to a record by this field are called beside it; empty: as all of their kind are."""
    kept_as: str = ""
    """Under which name its values stand, where that is another one than its own (docs/decisions/0069)."""

    @property
    def logged(self) -> str:
        """Under which name its values stand in the row and in the log."""
        return self.kept_as or self.name


def attr(
    label: str,
    default: Any = MISSING,
    *,
    kind: str = "",
    readonly: bool = False,
    in_list: bool = False,
    filter: bool = False,
    search: bool = False,
    ref: str = "",
    among: dict[str, str] | None = None,
    help: str = "",
    max_length: int | None = None,
    minimum: int | Decimal | None = None,
    maximum: int | Decimal | None = None,
    synonyms: tuple[str, ...] = (),
    alike_in: str = "",
    listed_as: str = "",
) -> Any:
    """Describe a field.

    label       source text in English, `N_("…")`
    kind        where the annotation does not say it: long_text, email, phone, url, percent, choice …
    readonly    set by us, never by input; shown, filtered and exported all the same
    in_list     a column of the list; `filter`: offered as a filter; `search`: found by fragment
    ref, among  `service.entity` the id points to, and the fixed filter on it: `among={"list": "industry"}`
    minimum, maximum   bounds of numbers, inclusive; max_length of texts (200 unless told, 10,000 for long texts)
    synonyms    other column titles by which an imported file may call this field
    alike_in    suggest what other records say here that have this in common: `contact_id.customer_id`, the same customer
    listed_as   what those are called, beside a record, that refer to it by this field, `N_("…")`; their plural unless told
    """
    extra: dict[str, Any] = {
        "label": label, "kind": kind, "readonly": readonly, "in_list": in_list, "filter": filter, "search": search,
        "ref": ref, "among": among or {}, "help": help, "max_length": max_length, "minimum": minimum,
        "maximum": maximum, "synonyms": synonyms, "alike_in": alike_in, "listed_as": listed_as,
    }  # fmt: skip
    return Field(default, json_schema_extra={"attr": extra})


class Message(BaseModel):
    """Anything that crosses a process boundary. Unknown fields are refused when it is built."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    differs_by: ClassVar[str] = ""
    """A choice by which some ask for other fields than others, such as what a customer is by nature."""

    @field_validator("*", mode="before")
    @classmethod
    def _clean(cls, value: Any, info: ValidationInfo) -> Any:
        found = _attrs(cls).get(info.field_name or "")
        if found is None:
            return kinds.kept(value)
        cleaned = _cleaned(value, found)
        if found.required and cleaned in (None, ()) and cls._asks_for(found, info):
            raise kinds.problem("required")
        return cleaned

    @classmethod
    def _asks_for(cls, a: Attr, info: ValidationInfo) -> bool:
        """Whether this one must have the field, being what it is."""
        known = {**info.data, **(info.context or {})}
        return not a.only_for or known.get(cls.differs_by) in a.only_for

    @classmethod
    def attrs(cls) -> dict[str, Attr]:
        """The described fields, in the order they were declared."""
        return _attrs(cls)

    @classmethod
    def read(cls, data: Any, about: Mapping[str, Any] | None = None) -> Self:
        """Build from input. Raises Invalid with every wrong field named. `about`: what is known of what it is about."""
        try:
            return cls.input_class().model_validate(data, context=about)
        except ValidationError as error:
            raise invalid(error) from None

    @classmethod
    def input_class(cls) -> type[Self]:
        """The class with all the fields that input may have now."""
        return cls

    @classmethod
    @cache
    def noun(cls) -> str:
        """The class name as it stands in doors and addresses: `ContractSigned` → `contract_signed`."""
        return snake(cls.__name__)

    @classmethod
    @cache
    def service(cls) -> str:
        """The service that owns the message: the module or package of contracts/ that declares it; else the module."""
        parts = cls.__module__.split(".")
        return parts[1] if parts[0] == "contracts" else parts[-1]

    @classmethod
    def of(cls, row: Any, **more: Any) -> Self:
        """Read by attribute names from a mapped row or another message; `more` adds or overrides."""
        values = {
            name: getattr(row, name) for name in cls.model_fields if name not in more and hasattr(row, name)
        }
        return cls.model_validate({**values, **more}, from_attributes=True)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values: ids, dates and amounts as text."""
        return self.model_dump(mode="json")


class Record(Message):
    """What one kind of thing looks like from outside: the description of an entity."""

    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True)

    label: ClassVar[str] = ""
    plural: ClassVar[str] = ""
    icon: ClassVar[str] = "file"
    title: ClassVar[tuple[str, ...]] = ("name",)
    """The fields that name one of them in a heading or a choice."""
    sort: ClassVar[str] = "-created_at"
    lifecycle: ClassVar[Lifecycle | None] = None
    verbs: ClassVar[tuple[str, ...]] = ()
    """What people do to one that has no life of its own; those of a document stand in its lifecycle."""
    at_once: ClassVar[Mapping[str, str]] = {}
    """Verbs that are fit for many at once, and the door that takes each back («» where nothing does; after a dot the field in
    which it is told what was made beside the record)."""
    merges: ClassVar[bool] = False
    """Whether several that are the same thing can be made one."""
    creatable: ClassVar[bool] = True
    """False where rows are born from a command or an event only."""
    editable: ClassVar[bool] = True
    importing: ClassVar[type[Message] | None] = None
    """What a file may say beside the record's own fields; the mapped class does with it what it likes (`imported`)."""

    id: UUID | None = attr(N_("Id"), None, kind="id", readonly=True)
    home: str | None = attr(N_("Home branch"), None, readonly=True, max_length=20)
    epoch: int = attr(N_("Epoch"), 1, readonly=True)
    ver: int = attr(N_("Version"), 0, readonly=True)
    created_at: datetime | None = attr(N_("Created at"), None, readonly=True, filter=True)
    created_by: UUID | None = attr(N_("Created by"), None, readonly=True, ref="organization.staff")
    updated_at: datetime | None = attr(N_("Changed at"), None, readonly=True, filter=True)
    updated_by: UUID | None = attr(N_("Changed by"), None, readonly=True, ref="organization.staff")
    archived_at: datetime | None = attr(N_("Archived at"), None, readonly=True)

    @classmethod
    @cache
    def entity(cls) -> str:
        """`service.noun`, the name under which references and rights know it."""
        return f"{cls.service()}.{cls.noun()}"

    @classmethod
    def all_verbs(cls) -> tuple[str, ...]:
        """Every verb that people use, in the order they were declared."""
        life = cls.lifecycle
        return cls.verbs if life is None else tuple(v for v in life.transitions if v not in life.hidden)

    @classmethod
    def attrs(cls) -> dict[str, Attr]:
        """The described fields, and behind them those that an administrator added; as the form of whoever asks has them."""
        return _described(cls, own_fields.of(cls.entity()), forms.of(cls.entity()))

    @classmethod
    def built_in(cls) -> dict[str, Attr]:
        """The same, whatever a form says of them."""
        return _described(cls, own_fields.of(cls.entity()), None)

    @classmethod
    def is_searchable(cls) -> bool:
        """Whether it is found by a fragment of any of its fields."""
        return _is_searchable(cls, own_fields.of(cls.entity()))

    @classmethod
    def own_attrs(cls) -> dict[str, Attr]:
        """The fields that people work with: without id, versions and stamps."""
        return {name: a for name, a in cls.attrs().items() if name not in STAMPS}

    @classmethod
    def draft(cls) -> type[Message]:
        """What may be entered for a new one. Fields that people cannot set are refused."""
        return _input_model(cls, "Draft", own_fields.of(cls.entity()), forms.of(cls.entity()))

    @classmethod
    def variety(cls, row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a change of a row to these values is read with, so that it is known what must not be emptied."""
        name = cls.differs_by
        return {name: values.get(name) or getattr(row, name)} if name and row is not None else {}

    @classmethod
    def patch(cls) -> type[Message]:
        """What may be changed on an existing one: each field optional, only those given count."""
        return _input_model(cls, "Patch", own_fields.of(cls.entity()), forms.of(cls.entity()))


STAMPS = frozenset(
    {"id", "home", "epoch", "ver", "created_at", "created_by", "updated_at", "updated_by", "archived_at"}
)


class OwnedRecord(Record):
    """A record that belongs to somebody: row rights are decided from its owner, department and branch."""

    owner_id: UUID | None = attr(
        N_("Owner"), None, ref="organization.staff", in_list=True, filter=True,
        synonyms=(
            "负责人", "所有人", "所有者", "业务员", "销售", "销售代表", "客户经理", "跟进人", "Account owner", "Lead owner", "Company owner",
            "Contact owner", "Record owner", "Assigned user", "Assigned to",
        ),
    )  # fmt: skip
    department_id: UUID | None = attr(
        N_("Department"), None, ref="organization.department", readonly=True, filter=True
    )
    branch_id: UUID | None = attr(N_("Branch"), None, ref="organization.branch", readonly=True, filter=True)


class Tagged(Record):
    """One that people put tags on: words of the company's own, from the base data list «tag»."""

    tags: tuple[UUID, ...] = attr(
        N_("Tags"), (), ref="organization.choice", among={"list": "tag"}, filter=True, synonyms=("Labels",)
    )


class TaggedRecord(Tagged, OwnedRecord):
    """One that belongs to somebody as well."""


class Question(Message):
    """Somebody wants to know something, and nothing changes by it: `ForecastOf` knocks at the door `forecast`.

    A class that is described here as well says so by an annotation: `answers: ClassVar[Forecast]`.
    """

    called: ClassVar[str] = ""
    """Its door, where that is not its own name."""

    @classmethod
    def door(cls) -> str:
        """The door at which it is asked."""
        return cls.called or cls.noun().removesuffix("_of")

    @classmethod
    def answer(cls) -> Any:
        """What is answered, as far as it is described; None: an object."""
        found = typing.get_type_hints(cls, include_extras=True).get("answers")
        return typing.get_args(found)[0] if found is not None else None

    @classmethod
    def takes_several(cls, name: str) -> bool:
        """Whether a field holds several values, so that one alone is several, too."""
        found = {field.alias or name: field for name, field in cls.model_fields.items()}.get(name)
        return found is not None and typing.get_origin(found.annotation) in (tuple, list)


class Command(Message):
    """Somebody wants something done; imperative."""

    makes: ClassVar[type[Record] | None] = None
    """The record it makes, where people are to fill in at once what the company wants to know of one."""
    settles: ClassVar[tuple[str, ...]] = ()
    """Fields of that record for which nobody is asked here: it fills them in itself, or they cannot be known yet."""
    more: ClassVar[tuple[str, ...]] = ()
    """Fields of that record which it takes beside its own."""

    @classmethod
    def attrs(cls) -> dict[str, Attr]:
        """The described fields as the form of what it makes has them, and behind them what else that form asks for."""
        own = _attrs(cls)
        if cls.makes is None:
            return own
        told = {*own, *cls.settles}
        made, declared = cls.makes.attrs(), _attrs(cls.makes)
        more = {
            name: a
            for name, a in made.items()
            if name not in told and (own_fields.is_own(name) or (a.required and not declared[name].required))
        }
        return {**_as_said(own, forms.of(cls.makes.entity())), **more}

    @classmethod
    def input_class(cls) -> type[Self]:
        """With all that the form of what it makes asks for."""
        own = _attrs(cls)
        return _asking(cls, tuple(a for name, a in cls.attrs().items() if a != own.get(name)))

    @property
    def added(self) -> dict[str, Any]:
        """What was said in fields of what it makes that are not its own."""
        return {name: getattr(self, name) for name in self.more}


class Act(Command):
    """A verb on one document: its id, the version the person saw (None: whichever), and what she says about it."""

    id: UUID
    ver: Version | None = None
    note: str | None = attr(N_("Note"), None, kind="long_text")


class Announced(Message):
    """What programs tell each other. Nothing in it is cleaned: people did not write it, and some thousands come at once."""

    @field_validator("", mode="before", check_fields=False)
    @classmethod
    def _clean(cls, value: Any, info: ValidationInfo) -> Any:
        return value


class Event(Announced):
    """A fact of the trade, in the past tense; ids and the few values a listener would otherwise have to ask for."""

    aggregate: ClassVar[str] = ""
    """The field that names the thing it happened to; the first field ending in `_id` unless told."""

    @property
    def aggregate_id(self) -> UUID:
        """The thing it happened to: order is kept per such id."""
        name = type(self).aggregate or next(n for n in type(self).model_fields if n.endswith("_id"))
        found: UUID = getattr(self, name)
        return found

    @classmethod
    def of(cls, row: Any, **more: Any) -> Self:
        """As for any message; `quote_id` is filled from the quote's `id`."""
        noun = snake(type(row).__name__) + "_id"
        if noun in cls.model_fields and noun not in more and not hasattr(row, noun):
            more[noun] = row.id
        return super().of(row, **more)


class Listed(Event):
    """Something is in the books under this name: the whole card, so that any later one replaces it."""

    entity: ClassVar[str] = ""
    aggregate: ClassVar[str] = "record_id"
    carries: ClassVar[tuple[str, ...]] = ()
    """Fields of the record that travel in `data` because listeners need them."""
    called: ClassVar[tuple[str, ...]] = ()
    """Those of them by which people call it as well, beside its names and number: a login, a code."""

    record_id: UUID
    epoch: int
    ver: int
    retold: int = 0
    """Of several cards of one version the later has more: what is derived changes past the version."""
    number: str | None = None
    label: str
    label_en: str | None = None
    archived: bool = False
    data: dict[str, Any] = {}

    @property
    def card_of(self) -> str:
        """The kind of record that is on the card."""
        return self.entity

    def as_json(self) -> dict[str, Any]:
        """What it carries is plain already; an import hands out thousands."""
        return {**self.__dict__, "record_id": str(self.record_id)}


class Envelope(Announced):
    """An event on its way: what happened, where and when, who did it, and what it followed from."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID
    origin: str
    sequence: int = 0
    source: str
    type: str
    schema_version: int = 1
    aggregate_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID
    actor_name: str = ""
    causation_id: UUID | None = None
    correlation_id: str = ""
    body: dict[str, Any]


def declared_in(module: types.ModuleType) -> list[type[Message]]:
    """The message classes that this module or package declares itself, in order; not those it only uses."""
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, Message)
        and f"{found.__module__}.".startswith(f"{module.__name__}.")
    ]


def snake(name: str) -> str:
    """`ContractSigned` → `contract_signed`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def invalid(error: ValidationError) -> Invalid:
    """Pydantic's findings as field problems with codes of ours."""
    return Invalid(*(_field_problem(item) for item in error.errors(include_url=False)))


_CODES = {
    "extra_forbidden": "unknown",
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
    "uuid_parsing": "not_an_id",
    "uuid_type": "not_an_id",
    "decimal_parsing": "not_a_number",
    "int_parsing": "not_a_number",
    "date_from_datetime_parsing": "not_a_date",
    "datetime_from_date_parsing": "not_a_time",
}


def _field_problem(item: Any) -> FieldProblem:
    where = ".".join(str(part) for part in item["loc"]) or "?"
    code, context = item["type"], item.get("ctx") or {}
    if code in FIELD_PATTERNS:
        return FieldProblem(where, code, **{k: v for k, v in context.items() if k != "code"})
    if code == "missing" or item.get("input") is None:
        return FieldProblem(where, "required")
    return FieldProblem(where, _CODES.get(code, "wrong"), value=str(item.get("input"))[:80])


def _cleaned(value: Any, a: Attr) -> Any:
    if a.many:
        return (
            () if value in (None, "") else tuple(value) if isinstance(value, list | tuple | set) else (value,)
        )
    clean = kinds.CLEAN.get(a.kind)
    value = clean(value) if clean else value
    if value is None:
        return None
    if isinstance(value, str) and a.max_length and len(value) > a.max_length:
        raise kinds.problem("too_long", max=a.max_length)
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        if a.minimum is not None and value < a.minimum:
            raise kinds.problem("too_small", min=a.minimum)
        if a.maximum is not None and value > a.maximum:
            raise kinds.problem("too_large", max=a.maximum)
    if a.choices and value not in a.choices:
        raise kinds.problem("not_a_choice", value=value)
    return value


@cache
def _attrs(cls: type[Message]) -> dict[str, Attr]:
    return {
        name: _attr(name, info, cast(dict[str, Any], extra["attr"]))
        for name, info in cls.model_fields.items()
        if isinstance(extra := info.json_schema_extra, dict) and "attr" in extra
    }


PYTHON_OF: dict[str, type[Any]] = {
    "integer": int, "number": Decimal, "percent": Decimal, "amount": Decimal, "date": date, "datetime": datetime,
    "flag": bool,
}  # fmt: skip
"""Kind → type of its clean value; all others are texts."""
_KIND_OF = {
    str: "text", int: "integer", Decimal: "number", date: "date", datetime: "datetime", bool: "flag", UUID: "ref",
}  # fmt: skip
LIMITS = {"text": 200, "long_text": 10_000, "email": 200, "phone": 60, "url": 500}
LARGEST = Decimal("9999999999999999")


def _attr(name: str, info: FieldInfo, extra: dict[str, Any]) -> Attr:
    inner, optional, many = _unwrapped(info.annotation)
    lines = (
        inner if isinstance(inner, type) and issubclass(inner, Record) else getattr(inner, "entered", None)
    )
    choices = tuple(str(c) for c in typing.get_args(inner)) if typing.get_origin(inner) is Literal else ()
    kind = extra["kind"] or ("lines" if lines else "choice" if choices else _KIND_OF.get(inner, "json"))
    known = {
        key: extra[key]
        for key in (
            "label",
            "readonly",
            "in_list",
            "filter",
            "search",
            "ref",
            "among",
            "help",
            "alike_in",
            "listed_as",
        )
    }
    minimum, maximum = extra["minimum"], extra["maximum"]
    if kind == "integer":
        minimum, maximum = (
            minimum if minimum is not None else -(2**31),
            maximum if maximum is not None else 2**31 - 1,
        )
    elif kind in ("number", "percent", "amount"):
        minimum, maximum = (
            minimum if minimum is not None else -LARGEST,
            maximum if maximum is not None else LARGEST,
        )
    return Attr(
        name=name, kind=kind, many=many, lines=lines, choices=choices, synonyms=tuple(extra["synonyms"]),
        required=extra.get("required", not optional and not many and info.is_required()),
        only_for=tuple(extra.get("only_for", ())), max_length=extra["max_length"] or LIMITS.get(kind),
        minimum=_decimal(minimum), maximum=_decimal(maximum),
        default=None if info.is_required() else info.get_default(call_default_factory=True), **known,
    )  # fmt: skip


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _unwrapped(annotation: Any) -> tuple[Any, bool, bool]:
    """The inner type, whether None is allowed, and whether it is a tuple of them."""
    optional = False
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        arms = typing.get_args(annotation)
        optional = type(None) in arms
        annotation = next(arm for arm in arms if arm is not type(None))
    if typing.get_origin(annotation) is tuple:
        return typing.get_args(annotation)[0], optional, True
    return annotation, optional, False


# own fields and forms come and go: what was made for those of yesterday may be forgotten
@lru_cache(maxsize=1000)
def _described(cls: type[Record], own: tuple[Attr, ...], layout: Layout | None) -> dict[str, Attr]:
    return _as_said({**_attrs(cls), **{a.name: a for a in own}}, layout, cls.differs_by)


@lru_cache(maxsize=1000)
def _is_searchable(cls: type[Record], own: tuple[Attr, ...]) -> bool:
    return any(a.search for a in (*_attrs(cls).values(), *own))


def _as_said(attrs: dict[str, Attr], layout: Layout | None, differs_by: str = "") -> dict[str, Attr]:
    """The fields as a form has them: more may be asked for than the description asks, never less."""
    if layout is None:
        return attrs
    said = {
        placed.name: dataclasses.replace(
            a,
            required=a.required or (placed.is_required and not a.readonly),
            help=placed.hint or a.help,
            only_for=placed.only_for if differs_by and not a.required else (),
        )
        for placed in layout.said
        if (a := attrs.get(placed.name)) is not None
    }
    return {**attrs, **said}


@lru_cache(maxsize=1000)
def _input_model(
    cls: type[Record], suffix: str, own: tuple[Attr, ...] = (), layout: Layout | None = None
) -> type[Message]:
    # first that on which it depends what else is asked
    attrs = sorted(_described(cls, own, layout).values(), key=lambda a: a.name != cls.differs_by)
    fields: dict[str, Any] = {a.name: _entered(cls, a, suffix == "Patch") for a in attrs if not a.readonly}
    found = create_model(f"{cls.__name__}{suffix}", __base__=Message, __module__=cls.__module__, **fields)
    found.differs_by = cls.differs_by
    return found


@lru_cache(maxsize=1000)
def _asking(cls: type[Command], asked: tuple[Attr, ...]) -> type[Any]:
    if not asked or cls.makes is None:
        return cls
    fields: dict[str, Any] = {
        a.name: _entered(cls if a.name in cls.model_fields else cls.makes, a) for a in asked
    }
    found = create_model(cls.__name__, __base__=cls, __module__=cls.__module__, **fields)
    found.more = tuple(name for name in fields if name not in cls.model_fields)
    return found


def _entered(cls: type[Message], a: Attr, is_patch: bool = False) -> tuple[Any, FieldInfo]:
    """A field as it is entered. Of a patch a required one may be left out, but not emptied."""
    info = cls.model_fields.get(a.name)
    if info is None:
        annotation, default = own_fields.annotation(a), () if a.many else None
        said = {known.name: getattr(a, known.name) for known in dataclasses.fields(a)}
    else:
        annotation = tuple[a.lines.line(), ...] if a.lines else info.annotation  # type: ignore[misc, attr-defined]
        default = info.default if not info.is_required() else None if is_patch else MISSING
        declared = cast(dict[str, Any], cast(dict[str, Any], info.json_schema_extra)["attr"])
        said = {**declared, "required": a.required, "only_for": a.only_for, "help": a.help}
    # nothing said is looked at too, where something must be
    looks: Any = {"validate_default": True} if a.required and not is_patch and default is not MISSING else {}
    return annotation, Field(default, json_schema_extra={"attr": said}, **looks)


class Line(Record):
    """A row inside a document (quote line, planned instalment): kept and shown with it, never alone."""

    position: int = attr(N_("Position"), 0, readonly=True)

    @classmethod
    @cache
    def line(cls) -> type[Message]:
        """A line as it is entered: its fields, and its id when it is there already."""
        found: Any = _line_model(cls)
        # a verb may take lines too: `steps: tuple[ExecutionStep.line(), ...]`; a form must know of what kind they are
        found.entered = cls
        return found


def _line_model(cls: type[Line]) -> type[Message]:
    base = _input_model(cls, "Line")
    return create_model(
        f"{cls.__name__}Input", __base__=base, __module__=cls.__module__, id=(UUID | None, Field(None))
    )
