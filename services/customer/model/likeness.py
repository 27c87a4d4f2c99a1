"""What is, or may be, the same company or person: by name, tax number, and by how it is reached."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true

from chassis import search
from chassis.duplicates import different_from, told
from chassis.filters import picked
from chassis.work import Work
from contracts.customer import SimilarTo
from services.customer import rules
from services.customer.model.customer import Contact, Customer
from services.customer.model.lead import Lead

MOST = 5
KINDS: tuple[Any, ...] = (Customer, Lead, Contact)
Past = set[UUID]
"""What is not named: the one being changed, and what somebody said to be different from it."""


def like(work: Work, message: SimilarTo) -> list[dict[str, Any]]:
    """Customers, leads and people that are, or may be, the one being entered.

    The same name (without legal form), phone, mail or tax number is told whoever has it, so that nobody enters it twice; of a
    row outside one's rights only name, number and whom to ask. Names that merely contain the fragment, and the same domain or
    web site, only within one's rights. What somebody said to be different is not named again, nor what is known to belong
    together: a company and its people, a lead and what it became.
    """
    return _told(work, [*_same(work, message), *_near(work, message)])


def what_a_lead_may_be(work: Work, lead: Lead) -> list[dict[str, Any]]:
    """Customers, and people at customers, that are or may be the company this lead is about."""
    said = _said_by(lead)
    return _told(work, _without_leads([*_same(work, said), *_near(work, said)]))


def what_a_lead_is(work: Work, lead: Lead) -> list[dict[str, Any]]:
    """Of these only those that by name, phone or mail are that company, whosever they are."""
    return _told(work, _without_leads(_same(work, _said_by(lead))))


def _without_leads(found: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [one for one in found if not isinstance(one[0], Lead)]


def _said_by(lead: Lead) -> SimilarTo:
    """What a lead says of itself, as if it were typed."""
    said = {name: getattr(lead, name) for name in ("name", "phone", "mobile", "email", "website")}
    return SimilarTo(**said, except_id=lead.id)


def _told(work: Work, found: list[tuple[Any, str]]) -> list[dict[str, Any]]:
    """Each once, for the surest reason, which comes first; of somebody whom one sees also where she works."""
    reasons: dict[UUID, tuple[Any, str]] = {}
    for row, reason in found:
        reasons.setdefault(row.id, (row, reason))
    shown = list(reasons.values())[: 2 * MOST]
    known = told(work, [row for row, _ in shown])
    people = [row for row, _ in shown if isinstance(row, Contact) and known[row.id]["id"] is not None]
    at = _seen_companies(work, {row.customer_id for row in people})
    works_at = {row.id: row.customer_id for row in people if row.customer_id in at}
    return [
        {**known[row.id], "reason": reason}
        | (
            {"customer_id": str(works_at[row.id]), "customer": at[works_at[row.id]]}
            if row.id in works_at
            else {}
        )
        for row, reason in shown
    ]


def _seen_companies(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    if not ids or not work.actor.may("customer.customer.read"):
        return {}
    wanted = select(Customer.id, Customer.name).where(Customer.id.in_(ids))
    return dict(work.session.execute(wanted).tuples().all())


def _past(work: Work, message: SimilarTo) -> Past:
    return different_from(work, message.except_id) | {id for id in (message.except_id,) if id is not None}


def _same(work: Work, message: SimilarTo) -> list[tuple[Any, str]]:
    found: list[tuple[Any, str]] = []
    reach, past = [key for key in _reach(message) if _is_sure(key)], _past(work, message)
    with work.everything():
        for cls in KINDS if message.about == "company" else reversed(KINDS):
            for condition, reason in _names(cls, message):
                found += [(row, reason) for row in _few(work, cls, condition, message, past)]
            for row in _few(work, cls, cls.reach.overlap(reach), message, past) if reach else ():
                found.append((row, _shared(row, reach)))
    return found


def _names(cls: Any, message: SimilarTo) -> list[tuple[Any, str]]:
    if (cls is Contact) != (message.about == "person"):
        return []  # a company is not called as somebody is
    if cls is Contact:
        name = (message.name or "").strip()
        known = name and message.customer_id
        return [((cls.customer_id == message.customer_id) & (cls.name == name), "name")] if known else []
    found = []
    if message.name:
        found.append((cls.name_key == rules.name_key(message.name), "name"))
    if cls is Customer and (key := rules.tax_key(message.tax_number)):
        found.append((cls.tax_key == key, "tax_number"))
    return found


def _few(work: Work, cls: Any, condition: Any, message: SimilarTo, past: Past) -> list[Any]:
    found = picked(cls, select(cls).where(condition, cls.archived_at.is_(None)))
    wanted = found.where(cls.id.not_in(past), _apart(cls, message))
    return list(work.session.scalars(wanted.limit(MOST)))


def _apart(cls: Any, message: SimilarTo) -> ColumnElement[bool]:
    """Not known to belong to the one that is entered: the company of a person, the people of a company, what a lead became."""
    is_person, me = message.about == "person", message.except_id
    company = message.customer_id if is_person else me
    apart: list[ColumnElement[bool]] = []
    if cls is Customer and company is not None:
        apart.append(cls.id != company)
    if cls is Customer and me is not None:
        apart.append(cls.contact_id.is_distinct_from(me))
    if cls is Lead and company is not None:
        apart.append(cls.customer_id.is_distinct_from(company))
    if cls is Contact and not is_person and me is not None:
        herself = select(Customer.contact_id).where(Customer.id == me)
        became = select(Lead.customer_id).where(Lead.id == me)
        apart += [cls.customer_id != me]
        apart += [cls.id.not_in(herself.where(Customer.contact_id.is_not(None)))]
        apart += [cls.customer_id.not_in(became.where(Lead.customer_id.is_not(None)))]
    return and_(true(), *apart)


def _reach(message: SimilarTo) -> list[str]:
    is_company = message.about == "company"
    return rules.reach_keys(
        phones=[message.mobile, message.phone], email=message.email, domain=message.email if is_company else None,
        website=message.website if is_company else None,
    )  # fmt: skip


def _is_sure(key: str) -> bool:
    return key.partition(" ")[0] in Customer.alone_by


def _shared(row: Any, keys: list[str]) -> str:
    """The kind of the key that it shares with what is entered."""
    return next(key for key in keys if key in row.reach).partition(" ")[0]


def _near(work: Work, message: SimilarTo) -> list[tuple[Any, str]]:
    """What one may see and may be it: companies only."""
    if message.about != "company":
        return []
    loose, past = [key for key in _reach(message) if not _is_sure(key)], _past(work, message)
    part = rules.name_key(message.name) if message.name else ""
    kinds = (Customer, Lead)
    seen = [cls for cls in kinds if work.actor.may(f"{cls.record.entity()}.read")]
    found: list[tuple[Any, str]] = [
        (row, _shared(row, loose))
        for cls in seen if loose for row in _few(work, cls, cls.reach.overlap(loose), message, past)
    ]  # fmt: skip
    for cls in seen if len(part) >= 2 else ():
        found += [(row, "contains") for row in _few(work, cls, search.matches(cls, part), message, past)]
    return found
