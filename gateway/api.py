"""What programs are told of an address: said beside the function that answers there, and read by `/openapi.json`.

Every function behind an address says either what it takes and answers (`described`) or why programs need it not
(`only_page`); its docstring is the summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from contracts.message import Message, Record

View = TypeVar("View", bound=Callable[..., Any])
JSON = "application/json"
FORM = "multipart/form-data"
Parameter = Mapping[str, Any]
Shape = Any
"""What a body or an answer looks like: a message class or any other annotation, the name of a schema, or a schema itself."""


@dataclass(frozen=True)
class Described:
    """What can be done at an address.

    asks     parameters of the query: single ones, or a message class whose fields they are
    fills    fields of what is asked that the page fills in itself when nobody does
    takes    the body: what the address says already, and the entity, is left out of a message class
    answers  what comes back with `status`; nothing said: an object
    media    the kind of content that comes back, and that is sent
    values   parts of the address that are filled in: `{"service": "sales", "noun": "quote"}`
    id       how programs call it; where nothing is said it is named after the function
    each     gives one of these for each thing there is, where they differ: every record, every command
    method   the one described, where a form is sent by another
    is_open  whether strangers may
    """

    asks: tuple[Parameter | type[Message], ...] = ()
    fills: tuple[str, ...] = ()
    takes: Shape = None
    answers: Shape = None
    status: int = 200
    media: str = JSON
    sends: str = JSON
    values: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    summary: str = ""
    tag: str = ""
    each: Callable[[], Iterator[Described]] | None = None
    method: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class OnlyPage:
    """An address that is of use to people only."""

    reason: str


def described(**said: Any) -> Callable[[View], View]:
    """Say what programs find at the address of this function: the fields of `Described`."""
    return _noted(Described(**said))


def only_page(reason: str) -> Callable[[View], View]:
    """Say why programs need this address not: what they use instead, or that there is nothing to be had."""
    return _noted(OnlyPage(reason))


def _noted(what: Described | OnlyPage) -> Callable[[View], View]:
    def note(view: View) -> View:
        view.api = what  # type: ignore[attr-defined]
        return view

    return note


def of(view: Callable[..., Any]) -> Described | OnlyPage | None:
    """What was said of the function behind an address."""
    found: Described | OnlyPage | None = getattr(view, "api", None)
    return found


def of_record(record: type[Record], kind: str, summary: str, **more: Any) -> Described:
    """What can be done with one kind of record: its own address, and a name made of both."""
    service, noun = record.service(), record.noun()
    return Described(
        values={"service": service, "noun": noun}, id=f"{service}_{noun}_{kind}", summary=summary, **more
    )


def schema_of(record: type[Record], form: str = "") -> str:
    """The name of a record's schema; of its `Draft`, `Patch`, `Answer` or `Page`."""
    name = f"{record.service()}.{record.__name__}"
    return f"{name}.{form}" if form else name


def text(name: str, description: str = "", **schema: Any) -> Parameter:
    """A parameter of the query; a text unless its schema says otherwise."""
    found = {"name": name, "in": "query", "required": False, "schema": {"type": "string"} | schema}
    return found | {"description": description} if description else found


def files(name: str, most: int = 1, **beside: Shape) -> Mapping[str, Any]:
    """A body as a browser's form sends it, with one file or several, and plain fields beside."""
    one = {"type": "string", "contentMediaType": "application/octet-stream"}
    sent = {"type": "array", "items": one, "minItems": 1, "maxItems": most} if most > 1 else one
    return {"type": "object", "properties": {name: sent, **beside}, "required": [name]}


def fields(*required: str, **properties: Shape) -> Mapping[str, Any]:
    """An object with these properties."""
    return {"type": "object", "properties": properties, "required": list(required)}


WHICH_ROWS: tuple[Parameter, ...] = (
    text("q", "Fragment of a searched field."),
    text("match", "Whether all conditions must hold, or any.", enum=["all", "any"]),
    text("archived", "Archived rows instead.", enum=["1"]),
    text("starred", "Only those with a star of yours.", enum=["1"]),
)
"""Which rows of a list; besides, any of its filters, as the list itself has them."""
PAGED: tuple[Parameter, ...] = (
    text("sort", "A field, «-» in front for descending."),
    text("after", "`next` of the page before."),
    text("limit", "Rows on the page.", type="integer", minimum=1, maximum=500, default=50),
)
