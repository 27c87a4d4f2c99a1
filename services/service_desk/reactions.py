"""What the service desk does when others announce something."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, union

from chassis import bulk, merging, replicas
from chassis.news import News
from chassis.replicas import Replica
from chassis.work import Work
from contracts.customer import CustomerListed, MergeUndone, RecordsMerged, WishChanged
from contracts.receivables import ContractSigned
from contracts.service_desk import WishConcernsService
from services.service_desk import model
from services.service_desk.actions import deal_handover


def hand_over_deal(work: Work, event: ContractSigned) -> None:
    """Who delivers and looks after must know what was sold."""
    deal_handover.open_deal_handover(work, event)


def show_tickets_to_rep(work: Work, news: Sequence[News[CustomerListed]]) -> None:
    """The customers' present sales reps see all their tickets, former ones no longer."""
    told = [one.event for one in news]
    ids = {event.record_id for event in told}
    tickets = list(
        work.session.scalars(select(model.Ticket).where(bulk.among(model.Ticket.customer_id, ids)))
    )
    if not tickets:  # as of nearly all that a file brings
        return
    latest: dict[UUID, tuple[int, int, str | None]] = {}
    for event in told:
        _note_rep(latest, event.record_id, event)
    for card in replicas.several(work.session, ids.intersection(ticket.customer_id for ticket in tickets)):
        _note_rep(latest, card.id, card)
    for ticket in tickets:
        *_, rep = latest[ticket.customer_id]  # type: ignore[index]
        rep_id = UUID(rep) if rep else None
        if ticket.customer_owner_id != rep_id:
            ticket.belong_to_rep(work, rep_id)


def _note_rep(
    latest: dict[UUID, tuple[int, int, str | None]], id: UUID, card: CustomerListed | Replica
) -> None:
    """Of several cards of one customer the latest tells whose it is."""
    said = (card.epoch, card.ver)
    if id not in latest or said >= latest[id][:2]:
        latest[id] = (*said, card.data.get("owner_id"))


def pass_wish_on(work: Work, event: WishChanged) -> None:
    """Whoever serves the customer serves it as it likes (CUS-21, NTF-03): who has an open ticket, who took over a deal."""
    ticket, deal = model.Ticket, model.DealHandover
    serving = union(
        select(ticket.owner_id).where(
            ticket.customer_id == event.customer_id, ticket.state != "closed", ticket.archived_at.is_(None)
        ),
        select(deal.owner_id).where(deal.customer_id == event.customer_id, deal.state == "accepted"),
    )
    known = {event.owner_id, *event.also_ids}
    staff = tuple(
        sorted(id for id in set(work.session.scalars(serving)) if id is not None and id not in known)
    )
    if staff:
        by = work.cause.actor_id if work.cause is not None else None
        work.emit(
            WishConcernsService(
                wish_id=event.wish_id,
                customer_id=event.customer_id,
                text=event.text,
                staff_ids=staff,
                told_by=by,
            )
        )


def follow_merge(work: Work, event: RecordsMerged) -> None:
    """What referred to a record that went refers to the kept one."""
    for gone_id in event.gone_ids:
        merging.turn(work, event.merge_id, event.entity, gone_id, event.kept_id)
    _show_to_reps(work, event)


def follow_unmerge(work: Work, event: MergeUndone) -> None:
    """What that merge turned refers to where it did before."""
    merging.turn_back(work, event.merge_id)
    _show_to_reps(work, event)


def _show_to_reps(work: Work, event: RecordsMerged | MergeUndone) -> None:
    """Tickets are shown to the rep of the customer they are now of."""
    ids = (event.kept_id, *event.gone_ids)
    reps = {card.id: card.data.get("owner_id") for card in replicas.several(work.session, ids)}
    for ticket in work.session.scalars(select(model.Ticket).where(model.Ticket.customer_id.in_(ids))):
        rep = reps.get(ticket.customer_id) if ticket.customer_id is not None else None
        if rep is not None and ticket.customer_owner_id != UUID(rep):
            ticket.belong_to_rep(work, UUID(rep))
