"""The pool as a list: what lies there, without what only those need who work it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis import filters, labels, scope
from chassis.entities import by_entity, find_class
from chassis.replicas import Replica
from chassis.work import Work
from contracts.customer import KEPT_BACK, Load, Loads, LoadsOf, PoolOf
from contracts.errors import FieldProblem, Invalid
from contracts.organization import role_id
from contracts.own_fields import is_own
from services.customer import rules
from services.customer.model.pool_rule import open_rows, rows_in_reach, written

SELLERS = ("rep", "sales_manager")
"""Roles in which somebody works leads and customers: she may be given some although she holds none yet."""
GIVEN_BY = {"customer.lead": "customer.assign_lead", "customer.customer": "customer.hand_over_customer"}


def pool(work: Work, message: PoolOf) -> dict[str, Any]:
    """Leads or customers that nobody works, as of any list: how many, what they may bring, whose branch they are of (LED-07)."""
    cls = find_class(work, message.entity, "read")
    query = message.query
    shown = {
        n: a for n, a in cls.record.attrs().items() if not a.lines and n not in KEPT_BACK and not is_own(n)
    }
    parts = (query.where, *query.any_of, *(part for groups in query.each_of for part in groups))
    asked = [key.removeprefix("-").partition("__")[0] for part in parts for key in part]
    if unknown := [name for name in asked if name not in shown]:
        raise Invalid(*(FieldProblem(name, "unknown") for name in unknown))
    # the cursor of a page tells what it is ordered by
    if query.sort and query.sort.removeprefix("-") not in shown:
        raise Invalid(FieldProblem("sort", "unknown", value=query.sort))
    within = (cls.owner_id.is_(None), open_rows(cls), rows_in_reach(work, cls))
    with work.everything():
        found = filters.table(work, cls, query, shown, *within)
        totals = filters.totals(work, cls, query, *within) if query.totals else {}
        named = labels.behind_values(work, found.rows, shown, by_entity(work))
    told = [
        {name: row[name] for name in shown} | {"is_seen": _is_seen(work, message.entity, row)}
        for row in found.rows
    ]
    return {
        "rows": told, "labels": named, "next": found.next, "count": found.count, "capped": found.capped,
        "totals": totals,
    }  # fmt: skip


def _is_seen(work: Work, entity: str, row: dict[str, Any]) -> bool:
    """Whether the reader may open it without taking it, as whoever leads the department."""
    ids = {name: row[name] and UUID(str(row[name])) for name in ("owner_id", "department_id", "branch_id")}
    return scope.covers(work.actor, f"{entity}.read", SimpleNamespace(**ids))


def loads(work: Work, message: LoadsOf) -> Loads:
    """Everybody to whom the reader may give some: what she holds, beside what the rules let her hold (LED-08)."""
    cls = find_class(work, message.entity, "read")
    found = written(work, cls)
    own = {rule.staff_id for rule in found} - {None}
    count = select(cls.owner_id, func.count()).where(cls.owner_id.is_not(None), open_rows(cls))
    with work.everything():
        held: dict[UUID, int] = dict(work.session.execute(count.group_by(cls.owner_id)).all())
    by_person = {rule.staff_id: rule for rule in found}
    people = []
    for card in _staff(work, message.entity):
        if card.id in held or card.id in own or card.id in work.actor.reports or _sells(card):
            most = rules.pool(by_person.get(card.id), by_person.get(None)).most_held
            people.append(
                Load(
                    staff_id=card.id,
                    name=card.label,
                    name_en=card.label_en,
                    held=held.get(card.id, 0),
                    most=most,
                )
            )
    people.sort(key=lambda one: (one.most is not None and one.held >= one.most, one.held, one.name))
    return Loads(people=tuple(people))


def _staff(work: Work, entity: str) -> list[Replica]:
    """Whoever works here and may be given something by the reader."""
    cards = select(Replica).where(Replica.entity == "organization.staff", Replica.archived.is_(False))
    found = [card for card in work.session.scalars(cards) if card.data.get("state") != "left"]
    return [
        card
        for card in found
        if card.id in work.actor.reports or scope.covers_colleague(work.actor, GIVEN_BY[entity], card)
    ]


def _sells(card: Replica) -> bool:
    return any(str(role_id(role)) in (card.data.get("roles") or ()) for role in SELLERS)
