"""Handing a customer over to another colleague; making one of several."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis import merging
from chassis.audit import plain
from chassis.entities import answer, find_class
from chassis.work import Work
from contracts.customer import HandOverCustomer
from contracts.errors import FieldProblem, Invalid
from contracts.merging import MergeOf, UnmergeOf
from services.customer import model
from services.customer.actions.dealing import figure
from services.customer.actions.pool import give
from services.customer.model import group
from services.customer.rules import Figures

FIGURES = tuple(Figures.__dataclass_fields__)


def hand_over_customer(work: Work, message: HandOverCustomer) -> dict[str, Any]:
    """Another colleague looks after the customer: the file, its people and what is planned go to her.

    What was done stays with who did it, and is shown to her; the change log tells who looked after the customer when.
    """
    customer = work.get(model.Customer, message.id, message.ver)
    if message.owner_id != customer.owner_id:
        customer.with_opportunities, customer.with_contracts = (
            message.with_opportunities,
            message.with_contracts,
        )
        give(work, customer, message)
        work.session.flush()
    return answer(work, customer)


def merge(work: Work, message: MergeOf) -> dict[str, Any]:
    """One of several; what was told of all of them is told of the kept one."""
    answered = merging.merge(work, _beside_its_parents(work, message))
    _figure_anew(work, answered)
    return answered


def _beside_its_parents(work: Work, message: MergeOf) -> MergeOf:
    """Merged with one that stood above it, the kept one takes the place of the highest of those: no circle comes of it.

    Raises Invalid where what was chosen to stand above it will stand below it.
    """
    if find_class(work, message.entity, "merge") is not model.Customer:
        return message
    same = {message.kept_id, *message.gone_ids}
    with work.everything():
        over = group.above(work.session, message.kept_id)
    merged = [at for at, id in enumerate(over) if id in same]
    chosen = _id(message.values.get("parent_id"))
    if chosen is not None and chosen not in over:
        with work.everything():
            if same.intersection(group.above(work.session, chosen)):
                raise Invalid(FieldProblem("parent_id", "below_itself"))
    if not merged and chosen not in same:
        return message
    place = over[merged[-1] + 1 :] if merged else over
    parent = chosen if chosen is not None and chosen not in (*same, *over) else next(iter(place), None)
    return message.model_copy(update={"values": {**message.values, "parent_id": parent and str(parent)}})


def _id(value: Any) -> UUID | None:
    """What was chosen, if it is an id; what is none is refused where values are read."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def unmerge(work: Work, message: UnmergeOf) -> dict[str, Any]:
    """Several again, each with its own figures."""
    found = work.session.get(merging.Merge, message.merge_id)
    answered = merging.unmerge(work, message)
    _figure_anew(work, answered, *(found.gone_ids if found is not None else ()))
    return answered


def _figure_anew(work: Work, answered: dict[str, Any], *more: str) -> None:
    ids = [UUID(id) for id in (answered["row"]["id"], *more)]
    if work.session.get(model.Customer, ids[0]) is None:  # leads and people have no figures
        return
    figure(work, *ids)
    kept = work.session.get(model.Customer, ids[0])
    answered["row"] |= {name: plain(getattr(kept, name)) for name in FIGURES}
