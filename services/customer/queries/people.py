"""How well we know who decides (users, leap 8), and what customers wish, for whoever is dealing with them (NTF-03)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import labels, replicas
from chassis.entities import by_entity, values
from chassis.replicas import Replica
from chassis.work import Work
from contracts.customer import BuyingCentre, BuyingCentres, BuyingCentresOf, Subject, Wish, WishesAbout
from services.customer import model, rules

ROLES = "buying_role"
DECIDER = "decider"
"""The code of the role, in the list of roles."""
MOST_WISHES = 12


def buying_centres(work: Work, message: BuyingCentresOf) -> BuyingCentres:
    """Coverage and stance for each opportunity the actor may see; whom it is about she need not see."""
    cards = [card for card in replicas.several(work.session, message.opportunity_ids) if work.may_see(card)]
    customers = {card.id: card.customer_id for card in cards if card.entity == "sales.opportunity"}
    known = select(Replica).where(
        Replica.entity == "organization.choice",
        Replica.data["list"].astext == ROLES,
        Replica.archived.is_(False),
    )
    roles = sorted(work.session.scalars(known), key=lambda card: (card.data.get("position") or 0, card.label))
    deciding = {card.id for card in roles if card.data.get("code") == DECIDER}
    with work.everything():
        parts = _parts(work, set(customers.values()))
        met = _met(
            work, {part.contact_id for found in parts.values() for part in found if part.role_id in deciding}
        )
        centres = [
            _centre(id, [p for p in parts[customer] if p.opportunity_id in (None, id)], [card.id for card in roles], deciding, met)
            for id, customer in customers.items()
        ]  # fmt: skip
    named = labels.named(work, {"organization.choice": {card.id for card in roles}}, by_entity(work))
    return BuyingCentres(centres=tuple(centres), labels=named)


def _parts(work: Work, customer_ids: set[UUID]) -> dict[UUID, list[rules.Part]]:
    """Customer → who plays which part there: as said for an opportunity or for all, or on the contact itself."""
    one, person = model.Stakeholder, model.Contact
    there = (person.customer_id.in_(customer_ids), person.archived_at.is_(None))
    said: Any = (
        select(person.customer_id, person.id, one.role_id, one.opportunity_id, one.stance, one.influence)
        .join(person, person.id == one.contact_id)
        .where(*there, one.archived_at.is_(None))
    )
    plain: Any = select(person.customer_id, person.id, person.buying_role_id).where(
        *there, person.buying_role_id.is_not(None)
    )
    found: dict[UUID, list[rules.Part]] = defaultdict(list)
    for customer_id, *part in work.session.execute(said):
        found[customer_id].append(rules.Part(*part))
    for customer_id, contact_id, role_id in work.session.execute(plain):
        found[customer_id].append(rules.Part(contact_id, role_id))
    return found


def _met(work: Work, contact_ids: set[UUID]) -> set[UUID]:
    one = model.Activity
    done = select(one.contact_id).where(
        one.contact_id.in_(contact_ids), one.state == "done", one.archived_at.is_(None)
    )
    return {id for id in work.session.scalars(done.distinct()) if id is not None}


def _centre(
    id: UUID, parts: list[rules.Part], roles: list[UUID], deciding: set[UUID], met: set[UUID]
) -> BuyingCentre:
    people = {role: len({part.contact_id for part in parts if part.role_id == role}) for role in roles}
    deciders = {part.contact_id for part in parts if part.role_id in deciding}
    stances, influence = rules.stances(parts)
    return BuyingCentre(
        opportunity_id=id, roles={str(role): count for role, count in people.items()},
        decider="unknown" if not deciders else "met" if deciders & met else "never_met",
        stances=stances, influence=influence,
    )  # fmt: skip


def wishes_about(work: Work, message: WishesAbout) -> dict[str, Any]:
    """What to avoid first, then the newest; only what the actor may see."""
    customers, contacts = _whom(work, message.about)
    one, person = model.Wish, model.Contact.__table__  # whom it is about she need not see
    there = select(person.c.id).where(person.c.customer_id.in_(customers), person.c.archived_at.is_(None))
    personal = one.contact_id.in_(contacts or there)
    of_company = one.customer_id.in_(customers) & one.contact_id.is_(None)
    wanted = select(one).where(of_company | personal, one.archived_at.is_(None))
    wanted = wanted.order_by(one.kind != "taboo", one.created_at.desc(), one.id).limit(MOST_WISHES)
    rows = list(work.session.scalars(wanted))
    shown = {
        name: a
        for name, a in Wish.attrs().items()
        if name in ("id", "text", "kind", "contact_id", "customer_id", "channel_id")
    }
    found = labels.behind_fields(work, rows, shown, by_entity(work))
    return {
        "rows": [values(row, shown) for row in rows],
        "labels": {id: label.as_json() for id, label in found.items()},
    }


def _whom(work: Work, about: tuple[Subject, ...]) -> tuple[set[UUID], set[UUID]]:
    """The customers behind records of ours and of others, and the contacts among them; what is not to be seen tells nothing."""
    customers: set[UUID] = set()
    contacts: set[UUID] = set()
    own = by_entity(work)
    for one in about:
        cls = own.get(one.entity)
        if cls is model.Customer:
            customers.add(one.id)
        elif cls is not None:
            row = work.session.scalars(select(cls).where(cls.id == one.id)).first()
            customers.add(getattr(row, "customer_id", None))  # type: ignore[arg-type]
            contacts.add(one.id if cls is model.Contact else getattr(row, "contact_id", None))  # type: ignore[arg-type]
        else:
            cards = [card for card in replicas.several(work.session, [one.id]) if work.may_see(card)]
            customers |= {UUID(card.data["customer_id"]) for card in cards if card.data.get("customer_id")}
    return customers - {None}, contacts - {None}
