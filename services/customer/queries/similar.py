"""Do we have this company, or this person, already? Asked while somebody types."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import search
from chassis.duplicates import different_from, told
from chassis.work import Work
from contracts.customer import SimilarTo
from services.customer import model, rules

MOST = 5
KINDS: tuple[Any, ...] = (model.Customer, model.Lead)
Past = set[UUID]
"""What is not named: the one being changed, and what somebody said to be different from it."""


def similar(work: Work, message: SimilarTo) -> dict[str, Any]:
    """Customers and leads, or people, that are, or may be, the one being entered.

    The same name (without legal form), phone, mail or tax number is told whoever has it, so that nobody enters it twice; of a
    row outside one's rights only name, number and whom to ask. Names that merely contain the fragment, and the same domain or
    web site, only within one's rights. What somebody said to be different is not named again.
    """
    kinds = KINDS if message.about == "company" else (model.Contact,)
    past = different_from(work, message.except_id) | {id for id in (message.except_id,) if id is not None}
    found: dict[UUID, tuple[Any, str]] = {}
    for row, reason in (*_same(work, message, kinds, past), *_near(work, message, kinds, past)):
        found.setdefault(row.id, (row, reason))  # the surest reason comes first
    shown = list(found.values())[: 2 * MOST]
    known = told(work, [row for row, _ in shown])
    return {"similar": [{**known[row.id], "reason": reason} for row, reason in shown]}


def _same(work: Work, message: SimilarTo, kinds: tuple[Any, ...], past: Past) -> list[tuple[Any, str]]:
    found: list[tuple[Any, str]] = []
    reach = [key for key in _reach(message) if _is_sure(key)]
    with work.everything():
        for cls in kinds:
            for condition, reason in _names(cls, message):
                found += [(row, reason) for row in _few(work, cls, condition, past)]
            for row in _few(work, cls, cls.reach.overlap(reach), past) if reach else ():
                found.append((row, _shared(row, reach)))
    return found


def _names(cls: Any, message: SimilarTo) -> list[tuple[Any, str]]:
    if cls is model.Contact:
        name = (message.name or "").strip()
        known = name and message.customer_id
        return [((cls.customer_id == message.customer_id) & (cls.name == name), "name")] if known else []
    found = []
    if message.name:
        found.append((cls.name_key == rules.name_key(message.name), "name"))
    if cls is model.Customer and (key := rules.tax_key(message.tax_number)):
        found.append((cls.tax_key == key, "tax_number"))
    return found


def _few(work: Work, cls: Any, condition: Any, past: Past) -> list[Any]:
    wanted = select(cls).where(condition, cls.archived_at.is_(None), cls.id.not_in(past))
    return list(work.session.scalars(wanted.limit(MOST)))


def _reach(message: SimilarTo) -> list[str]:
    is_company = message.about == "company"
    return rules.reach_keys(
        phones=[message.mobile, message.phone], email=message.email, domain=message.email if is_company else None,
        website=message.website if is_company else None,
    )  # fmt: skip


def _is_sure(key: str) -> bool:
    return key.partition(" ")[0] in model.Customer.alone_by


def _shared(row: Any, keys: list[str]) -> str:
    """The kind of the key that it shares with what is entered."""
    return next(key for key in keys if key in row.reach).partition(" ")[0]


def _near(work: Work, message: SimilarTo, kinds: tuple[Any, ...], past: Past) -> list[tuple[Any, str]]:
    """What one may see and may be it."""
    if message.about != "company":
        return []
    loose = [key for key in _reach(message) if not _is_sure(key)]
    part = rules.name_key(message.name) if message.name else ""
    seen = [cls for cls in kinds if work.actor.may(f"{cls.record.entity()}.read")]
    found = [
        (row, _shared(row, loose))
        for cls in seen if loose for row in _few(work, cls, cls.reach.overlap(loose), past)
    ]  # fmt: skip
    for cls in seen if len(part) >= 2 else ():
        found += [(row, "contains") for row in _few(work, cls, search.matches(cls, part), past)]
    return found
