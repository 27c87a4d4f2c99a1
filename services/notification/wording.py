"""The words of a notice in its recipient's language: the company's own template, else the one that comes with Guanxi."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

from chassis import replicas
from chassis.replicas import Replica
from chassis.work import Work
from contracts.money import HOME_CURRENCY
from services.notification import model, rules

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = tuple(sorted(path.stem for path in LOCALE.glob("*.toml")))
FALLBACK = "zh_CN"


@dataclass(frozen=True)
class Worded:
    """What a notice says."""

    language: str
    subject: str
    text: str


@cache
def shipped(language: str) -> dict[str, dict[str, str]]:
    """The words that come with Guanxi in one language."""
    return tomllib.loads((LOCALE / f"{language}.toml").read_text(encoding="utf-8"))


def language_of(staff: Replica) -> str:
    """The language a person is written to in."""
    wanted = str(staff.data.get("language") or FALLBACK)
    return wanted if wanted in LANGUAGES else FALLBACK


def word(work: Work, kind: str, staff: Replica, values: dict[str, Any]) -> Worded:
    """A kind of notice to this person, with its values as she reads them. Values that are ids stand for names."""
    language = language_of(staff)
    own = work.find(model.Template, kind=kind, language=language, archived_at=None)
    subject, body = (
        (own.subject, own.body)
        if own is not None
        else (shipped(language)[kind]["subject"], shipped(language)[kind]["body"])
    )
    written = _written(work, values, language, _zone(work, staff))
    lines = rules.filled(body.strip(), written).splitlines()
    return Worded(
        language, rules.one_line(rules.filled(subject, written)), "\n".join(lines).strip() or subject
    )


def _written(work: Work, values: dict[str, Any], language: str, zone: ZoneInfo) -> dict[str, str]:
    ids = [value for value in values.values() if isinstance(value, UUID)]
    cards = {card.id: card for card in replicas.several(work.session, ids)} if ids else {}
    nothing = shipped(language)["letter"]["nothing"]
    found = {}
    for name, value in values.items():
        if isinstance(value, UUID):
            value = called(cards.get(value), language)
        # a note that was not written leaves no dash behind
        found[name] = _said(value, language, zone) if value is not None else "" if name == "note" else nothing
    return found


def called(card: Replica | None, language: str) -> str | None:
    """What somebody or something is called in a language."""
    if card is None:
        return None
    return (card.label_en if language == "en" else None) or card.label


def _said(value: Any, language: str, zone: ZoneInfo) -> str:
    if isinstance(value, Decimal):
        return str(format_currency(value, HOME_CURRENCY, locale=language))
    if isinstance(value, datetime):
        return str(format_datetime(value.astimezone(zone), "medium", locale=language))
    if isinstance(value, date):
        return str(format_date(value, "long", locale=language))
    return str(value)


def _zone(work: Work, staff: Replica) -> ZoneInfo:
    branches = replicas.several(work.session, [staff.branch_id]) if staff.data.get("branch_id") else []
    name = branches[0].data.get("timezone") if branches else None
    return ZoneInfo(str(name or "Asia/Shanghai"))
