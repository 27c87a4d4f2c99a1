"""How well we know who decides (users, leap 8), and what customers wish, for whoever is dealing with them (NTF-03)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import labels, replicas
from chassis.entities import by_entity, values
from chassis.replicas import Replica
from chassis.work import Work
from contracts.customer import (
    BuyingCentre,
    BuyingCentreOf,
    BuyingCentres,
    BuyingCentresOf,
    LinkBetween,
    PartPlayed,
    PersonElsewhere,
    Subject,
    UnitCovered,
    WholeBuyingCentre,
    Wish,
    WishesAbout,
)
from contracts.errors import NotFound
from contracts.query import Label
from services.customer import model, rules

OPPORTUNITY = "sales.opportunity"
CUSTOMER = "customer.customer"
ROLES = "buying_role"
DECIDER = "decider"
"""The code of the role, in the list of roles."""
MOST_WISHES = 12


def buying_centres(work: Work, message: BuyingCentresOf) -> BuyingCentres:
    """Coverage and stance for each opportunity the actor may see; whom it is about she need not see."""
    found = _centres(work, message.opportunity_ids)
    return BuyingCentres(centres=tuple(one.summed() for one in found), labels=_role_names(work, found))


def buying_centre(work: Work, message: BuyingCentreOf) -> WholeBuyingCentre:
    """One of them with its people, as far as the actor may see them. Raises NotFound for an opportunity she may not see."""
    found = _centres(work, (message.opportunity_id,))
    if not found:
        raise NotFound(entity=OPPORTUNITY, id=message.opportunity_id)
    (centre,) = found
    wanted = select(model.Contact).where(model.Contact.id.in_({part.contact_id for part in centre.parts}))
    seen = {person.id: person for person in work.session.scalars(wanted)}
    units = rules.by_unit(centre.parts).items()
    links, elsewhere = _links(work, seen)
    return WholeBuyingCentre(
        **dict(centre.summed()),
        people=tuple(
            _played(part, seen, centre.met) for part in _in_order(centre) if part.contact_id in seen
        ),
        unseen=len({part.contact_id for part in centre.parts} - seen.keys()),
        units=tuple(
            UnitCovered(unit=unit, roles=_told(rules.coverage(parts, centre.roles))) for unit, parts in units
        ),
        elsewhere=tuple(
            PersonElsewhere(contact_id=person.id, name=person.name, customer_id=person.customer_id)
            for person in elsewhere
        ),
        links=links,
        labels=_role_names(work, found) | _companies(work, elsewhere),
    )


@dataclass(frozen=True)
class _Centre:
    """What is known of one opportunity; `roles` in their order, `met`: people with whom something was done."""

    id: UUID
    parts: list[rules.Part]
    roles: list[UUID]
    deciding: set[UUID]
    met: set[UUID]

    def summed(self) -> BuyingCentre:
        """Added up."""
        deciders = {part.contact_id for part in self.parts if part.role_id in self.deciding}
        stances, influence = rules.stances(self.parts)
        return BuyingCentre(
            opportunity_id=self.id, roles=_told(rules.coverage(self.parts, self.roles)),
            decider="unknown" if not deciders else "met" if deciders & self.met else "never_met",
            stances=stances, influence=influence,
        )  # fmt: skip


def _centres(work: Work, ids: tuple[UUID, ...]) -> list[_Centre]:
    """Of the opportunities that the actor may see."""
    cards = [card for card in replicas.several(work.session, ids) if work.may_see(card)]
    customers = {card.id: card.customer_id for card in cards if card.entity == OPPORTUNITY}
    known = select(Replica).where(
        Replica.entity == "organization.choice",
        Replica.data["list"].astext == ROLES,
        Replica.archived.is_(False),
    )
    roles = sorted(work.session.scalars(known), key=lambda card: (card.data.get("position") or 0, card.label))
    deciding = {card.id for card in roles if card.data.get("code") == DECIDER}
    with work.everything():
        parts = _parts(work, customers)
        met = _met(work, {part.contact_id for found in parts.values() for part in found})
    return [_Centre(id, parts[id], [card.id for card in roles], deciding, met) for id in customers]


def _parts(work: Work, customers: dict[UUID, UUID]) -> dict[UUID, list[rules.Part]]:
    """Opportunity → who plays which part there: as said for it, wherever she works; for all of her company's; or on the contact."""
    one, person = model.Stakeholder, model.Contact
    at = person.customer_id.in_(set(customers.values()))
    played = (person.id, one.role_id, one.opportunity_id, one.stance, one.influence, one.unit, one.id)
    said: Any = (
        select(person.customer_id, *played)
        .join(person, person.id == one.contact_id)
        .where(
            one.opportunity_id.in_(customers) | (one.opportunity_id.is_(None) & at),
            one.archived_at.is_(None),
            person.archived_at.is_(None),
        )
    )
    plain: Any = select(person.customer_id, person.id, person.buying_role_id).where(
        at, person.archived_at.is_(None), person.buying_role_id.is_not(None)
    )
    everywhere: dict[UUID, list[rules.Part]] = defaultdict(list)
    here: dict[UUID, list[rules.Part]] = defaultdict(list)
    for customer_id, *part in (*work.session.execute(said), *work.session.execute(plain)):
        read = rules.Part(*part)
        (everywhere[customer_id] if read.opportunity_id is None else here[read.opportunity_id]).append(read)
    return {id: rules.without_repeats([*here[id], *everywhere[at]]) for id, at in customers.items()}


def _met(work: Work, contact_ids: set[UUID]) -> set[UUID]:
    one = model.Activity
    done = select(one.contact_id).where(
        one.contact_id.in_(contact_ids), one.state == "done", one.archived_at.is_(None)
    )
    return {id for id in work.session.scalars(done.distinct()) if id is not None}


def _in_order(centre: _Centre) -> list[rules.Part]:
    """By their role, the most influential of each first."""
    place = {role: at for at, role in enumerate(centre.roles)}
    return sorted(
        centre.parts,
        key=lambda part: (place.get(part.role_id, len(place)), -part.influence, str(part.contact_id)),
    )


def _played(part: rules.Part, seen: dict[UUID, model.Contact], met: set[UUID]) -> PartPlayed:
    person = seen[part.contact_id]
    return PartPlayed(
        contact_id=person.id, name=person.name, job_title=person.job_title, part_id=part.id, role_id=part.role_id, unit=part.unit,
        stance=part.stance, influence=part.influence, is_met=person.id in met,
    )  # fmt: skip


def _links(
    work: Work, people: Mapping[UUID, model.Contact]
) -> tuple[tuple[LinkBetween, ...], list[model.Contact]]:
    """Those among these people that the actor may see, and those to people of other companies whom she may see; and these."""
    one, person = model.ContactLink, model.Contact
    wanted = select(one).where(
        one.contact_id.in_(people) | one.other_id.in_(people), one.archived_at.is_(None)
    )
    links = list(work.session.scalars(wanted.order_by(one.created_at, one.id)))
    companies: dict[UUID, set[UUID | None]] = defaultdict(set)
    for link in links:
        for id, other in ((link.contact_id, link.other_id), (link.other_id, link.contact_id)):
            if id in people and other not in people:
                companies[other].add(people[id].customer_id)
    strangers = select(person).where(person.id.in_(companies), person.archived_at.is_(None))
    elsewhere = [
        there
        for there in work.session.scalars(strangers.order_by(person.created_at, person.id))
        if there.customer_id not in companies[there.id]
    ]
    drawn = people.keys() | {there.id for there in elsewhere}
    return tuple(
        LinkBetween.of(link) for link in links if {link.contact_id, link.other_id} <= drawn
    ), elsewhere


def _companies(work: Work, people: Iterable[model.Contact]) -> dict[str, Label]:
    return labels.named(work, {CUSTOMER: {person.customer_id for person in people} - {None}}, by_entity(work))


def _told(counts: dict[UUID, int]) -> dict[str, int]:
    return {str(role): count for role, count in counts.items()}


def _role_names(work: Work, centres: list[_Centre]) -> dict[str, Label]:
    ids = {role for centre in centres for role in (*centre.roles, *(part.role_id for part in centre.parts))}
    return labels.named(work, {"organization.choice": ids}, by_entity(work))


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
