"""What a permission lets people do, in words: for whoever reads what a role may do."""

from __future__ import annotations

from flask import Flask

from contracts.language import N_
from contracts.message import Record
from gateway import wording
from gateway.frame import menu_title, registry
from gateway.languages import gettext as _

EVERYTHING = N_("everything")
ACTIONS = {
    "*": EVERYTHING, "read": N_("see"), "create": N_("make new ones"), "update": N_("change"), "archive": N_("archive"),
    "import": N_("import"), "export": N_("export"), "merge": N_("merge"),
}  # fmt: skip


def permission_words(permission: str) -> str:
    """Which records and what may be done with them, or the page that it opens; nothing where only programs have a word for it."""
    service, _dot, rest = permission.partition(".")
    noun, _dot, action = rest.rpartition(".")
    if rest == "*":
        return _phrase(wording.service(service), _(EVERYTHING))
    if noun:
        record = _of(service, noun)
        return (
            _phrase(wording.entity_plural(record), _(ACTIONS[action])) if record and action in ACTIONS else ""
        )
    return _step(service, rest) or menu_title(permission)


def _step(service: str, door: str) -> str:
    """A verb of a document: `assign_lead`, or all of them, `*_lead`."""
    for record in registry().records.values():
        verb = door.removesuffix(f"_{record.noun()}")
        if record.service() != service or verb == door:
            continue
        if verb == "*":
            return _phrase(wording.entity_plural(record), _("all steps"))
        if verb in record.all_verbs():
            return _phrase(wording.entity_plural(record), wording.verb(verb, record.entity()))
    return ""


def _of(service: str, noun: str) -> type[Record] | None:
    """The record, or where every service keeps such ones, any of them."""
    if service != "*":
        return registry().record(f"{service}.{noun}")
    return next((record for record in registry().records.values() if record.noun() == noun), None)


def _phrase(whose: str, what: str) -> str:
    return _("%(field)s: %(what)s", field=whose, what=what)


def install(app: Flask) -> None:
    """Offer the words to templates."""
    app.jinja_env.globals["permission_words"] = permission_words
