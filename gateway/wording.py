"""Words for what contracts name: fields, verbs, states, choices, problems; in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from contracts import periods
from contracts.actor import SYSTEM_ID, Actor
from contracts.errors import FIELD_PATTERNS, FieldProblem, Problem
from contracts.language import N_
from contracts.message import Attr, Record
from gateway.languages import gettext, language, translations
from gateway.registry import Registry


def spoken(word: str) -> str:
    """`in_progress` → `In progress`: the English source text of a state, verb or choice."""
    return word.replace("_", " ").strip().capitalize()


def in_context(context: str, source: str, tongue: str = "") -> str:
    """A word whose translation depends on where it stands; in the reader's language unless told."""
    return str(translations(tongue or language()).pgettext(context, source))


def word(kind: str, value: Any, entity: str = "", tongue: str = "") -> str:
    """A state, verb or choice: the entity's own wording where the catalogue has one, else the common one."""
    source = spoken(str(value))
    if entity:
        own = in_context(f"{kind} of {entity}", source, tongue)
        if own != source:
            return own
    return in_context(kind, source, tongue)


SIMILAR = ("name", "phone", "email", "mail_domain", "website", "tax_number", "contains")
"""Why a company or a person may be the one being entered."""
BATCH = (
    "picked", "checked", "done", "taken_back", "good", "same", "bad", "left", "undone", "kept",
)  # fmt: skip
"""States of something that is done to many, and of each of those."""
PERIOD_FORMS = {
    "last_n_days": N_("last %(n)s days"), "next_n_days": N_("next %(n)s days"), "n_days_ago": N_("%(n)s days ago"),
    "in_n_days": N_("in %(n)s days"),
}  # fmt: skip
TURNS = (
    "commented", "opportunity_moved", "payment_reversed", "customer_handed_over", "lead_taken_over", "quote_drafted",
    "ticket_noted", "notice_told",
)  # fmt: skip
"""Turns in a customer's timeline that are neither a fact nor a state."""
SPECIFIC = (
    ("state of sales.opportunity", "Open"),
    ("choice of customer.customer", "Family"),
    ("state of receivables.receivable", "Open"),
    ("state of receivables.instalment", "Open"),
    ("state of receivables.contract", "Cancelled"),
    ("state of receivables.receivable", "Cancelled"),
    ("state of receivables.instalment", "Cancelled"),
    ("state of service_desk.deal_handover", "Open"),
    ("state of service_desk.deal_handover", "Accepted"),
    ("verb of receivables.contract", "Cancel"),
    ("verb of customer.activity", "Assign"),
    ("verb of customer.activity", "Move"),
    ("verb of customer.lead", "Reopen"),
    ("verb of service_desk.article", "Withdraw"),
    ("verb of service_desk.deal_handover", "Accept"),
)
"""Words that one entity says differently in some language; `python -m gateway.messages` gathers them."""


def verb(name: str, entity: str = "") -> str:
    """The text of a button."""
    return word("verb", name, entity)


def state(name: Any, entity: str = "") -> str:
    """The text of a badge."""
    return word("state", name, entity)


def choice(value: Any, entity: str = "") -> str:
    """The text of one value of a choice field."""
    return word("choice", value, entity)


def period(value: str) -> str:
    """Days in words: «this month», «the last 90 days»."""
    of_days = periods.counted(value)
    if of_days is None:
        return word("period", value)
    form, number = of_days
    return period_form(form) % {"n": number}


def period_form(form: str, blank: Any = None) -> str:
    """What a form of counted days reads like; with `blank` in the place of the number."""
    source = gettext(PERIOD_FORMS[form])
    return source if blank is None else source % {"n": blank}


def field_label(attr: Attr) -> str:
    """The title of a field or column."""
    return gettext(attr.label) if attr.label else spoken(attr.name)


def entity_label(record: type[Record]) -> str:
    """One of them: «Customer»."""
    return gettext(record.label) if record.label else spoken(record.noun())


def entity_plural(record: type[Record]) -> str:
    """All of them: «Customers»."""
    return gettext(record.plural) if record.plural else entity_label(record)


def those_by(record: type[Record], attr: Attr) -> str:
    """All that refer to something by this field, as the field says it of them."""
    return gettext(attr.listed_as) if attr.listed_as else entity_plural(record)


def new_one(record: type[Record]) -> str:
    """The text of a button or heading: «New quote»."""
    return gettext("New %(what)s", what=entity_label(record).lower())


def singular_of(entity: str) -> str:
    """One of them, by the name of the entity; as `plural_of`."""
    record = current_app.extensions["guanxi-registry"].record(entity)
    return entity_label(record) if record is not None else spoken(entity.rpartition(".")[2])


def plural_of(entity: str) -> str:
    """All of them, by the name of the entity; an entity without pages keeps its name."""
    record = current_app.extensions["guanxi-registry"].record(entity)
    return entity_plural(record) if record is not None else spoken(entity.rpartition(".")[2])


def sentence(problem: Problem) -> str:
    """What a person reads about a problem; parameters that are states or fields are translated too."""
    return _filled(gettext(problem.pattern), _readable(problem.params))


def said_of(name: str) -> str:
    """What a person reads about a problem of which only the name was kept."""
    return sentence(Problem.from_dict({"code": name or "", "params": {}}))


def field_sentence(problem: FieldProblem) -> str:
    """What stands beside a wrong field."""
    return _filled(gettext(FIELD_PATTERNS.get(problem.code, FIELD_PATTERNS["wrong"])), problem.params)


def _readable(params: dict[str, str]) -> dict[str, str]:
    words = {"state": state, "verb": verb, "service": service}
    return {name: words[name](value) if name in words else value for name, value in params.items()}


ENGINE_DOORS = {
    "create": N_("created it"), "update": N_("changed it"), "archive": N_("archived it"),
    "restore": N_("brought it back"), "run_import": N_("imported it"), "take_back": N_("took it back"),
    "seed": N_("put it in with Guanxi"),
    "change_many": N_("changed several"), "merge": N_("merged it"), "unmerge": N_("took the merge back"),
    "add_comment": N_("remarked"), "correct_comment": N_("corrected the remark"), "remove_comment": N_("took the remark off"),
    "restore_comment": N_("brought the remark back"),
}  # fmt: skip


FOLLOWED = {
    "tell": N_("told people of it"), "ask": N_("asked people about it"), "note": N_("took note of what others announced"),
    "undo": N_("took back what had followed"),
}  # fmt: skip
"""How doors begin at which news is heard that changes little."""
DRIVEN = ("look", "settle", "take")
"""What the post office and the courier of other programs do."""


def door(name: str, entity: str = "") -> str:
    """What somebody did, for a history: an engine's door, a verb of a document, a command, or something that followed."""
    name = name.rpartition(".")[2]
    if name in ENGINE_DOORS:
        return gettext(ENGINE_DOORS[name])
    said = word("door", name)
    if said != spoken(name):
        return said
    known: Registry = current_app.extensions["guanxi-registry"]
    record, short = known.records.get(entity), name.removesuffix(f"_{entity.rpartition('.')[2]}")
    if record is not None and short in record.all_verbs():
        return verb(short, entity)
    begins = name.partition("_")[0]
    is_command = any(command.endswith(f".{name}") for command in known.commands)
    return gettext(FOLLOWED[begins]) if begins in FOLLOWED and not is_command else verb(name)


def service(name: str) -> str:
    """The part of the house, as people call it."""
    return in_context("service", spoken(name))


class _Gaps(dict[str, str]):
    """A parameter that a service did not send leaves its name, not a crash."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _filled(pattern: str, params: dict[str, str]) -> str:
    return pattern.format_map(_Gaps(params))


def name_of(label: dict[str, Any] | None, fallback: Any = "") -> str:
    """The name behind an id, in the reader's language."""
    if not label:
        return str(fallback or "")
    english = label.get("label_en") if language() == "en" else None
    return str(english or label.get("label") or label.get("number") or fallback)


def own_name(actor: Actor) -> str:
    """Whoever is signed in, as she is called in her language."""
    return name_of({"label": actor.name, "label_en": actor.name_en})


def names_of(rows: list[dict[str, Any]], field: str, labels: dict[str, Any]) -> list[str]:
    """The names behind one field of several rows, for a chart."""
    return [name_of(labels.get(row[field])) for row in rows]


TONES = {
    "grey": {"draft", "closed", "cancelled", "archived", "expired", "invalid", "left", "inactive", "withdrawn"},
    "green": {
        "won", "signed", "paid", "settled", "approved", "accepted", "resolved", "converted", "done", "published",
        "completed", "active", "finished", "answered", "ready",
    },
    "red": {"lost", "rejected", "declined", "overdue", "failed", "parked", "bounced", "refused"},
    "amber": {"waiting", "pending", "requested", "on_hold", "partly_paid", "submitted", "running", "paused"},
}  # fmt: skip


def tone(state: str) -> str:
    """The colour of a badge; words say the same, so nobody depends on colour."""
    return next((name for name, states in TONES.items() if state in states), "blue")


def install(app: Flask) -> None:
    """Offer the words to templates."""
    app.jinja_env.filters.update(tone=tone, service_name=service, field_label=field_label)
    app.jinja_env.globals.update(
        word=word, period_form=period_form, plural_of=plural_of, singular_of=singular_of, names_of=names_of, verb_label=verb, door_label=door, state_label=state, choice_label=choice, field_label=field_label, name_of=name_of,
        own_name=own_name, system_id=str(SYSTEM_ID),
        said_of=said_of, entity_label=entity_label, new_one=new_one, entity_plural=entity_plural, service_label=service,
    )  # fmt: skip
