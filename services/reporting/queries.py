"""The questions that are asked of the facts. Row rights decide whose facts count."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select

from chassis import labels, scope
from chassis.replicas import Replica
from chassis.work import Work
from contracts.reporting import Books, CompanyFigures, Period, StaffFigures
from services.reporting import model
from services.reporting.rules import Sums, figures

Fact = model.Fact
NOTHING = Decimal("0.00")
READ = "reporting.fact.read"
STAFF = "organization.staff"
MOST = 100


def staff_figures(work: Work, message: StaffFigures) -> dict[str, Any]:
    """Each staff member within the asker's rights: what she found, did, sold, brought in (STF-01, STF-02, STF-03)."""
    wanted = set(message.staff_ids)
    by_owner = _grouped(work, _sums(message, Fact.owner_id), wanted)
    for id in _colleagues(work):
        if not wanted or id in wanted:
            by_owner.setdefault(id, [])
    rows = [{"staff_id": str(id), **figures(sums).as_json()} for id, sums in by_owner.items() if id]
    rows.sort(
        key=lambda row: (-Decimal(row["contracts_amount"]), -Decimal(row["won_amount"]), row["staff_id"])
    )
    people = {STAFF: {id for id in by_owner if id}}
    return {
        "from": message.since.isoformat(),
        "to": message.until.isoformat(),
        "rows": rows,
        "total": figures(fact for sums in by_owner.values() for fact in sums).as_json(),
        "labels": {id: label.as_json() for id, label in labels.named(work, people, {}).items()},
    }


def company_figures(work: Work, message: CompanyFigures) -> dict[str, Any]:
    """The sums of all facts within the asker's rights, whole and by month, branch or department."""
    key: Any = {
        "month": func.to_char(Fact.happened_on, literal("YYYY-MM")),
        "branch": Fact.branch_id,
        "department": Fact.department_id,
    }[message.by]
    found = _grouped(work, _sums(message, key.label("key")), set())
    parts = {} if message.by == "month" else {f"organization.{message.by}": {id for id in found if id}}
    return {
        "from": message.since.isoformat(),
        "to": message.until.isoformat(),
        "rows": [
            {"key": str(part) if part else None, **figures(sums).as_json()}
            for part, sums in sorted(found.items(), key=lambda item: str(item[0] or "~"))
        ],
        "total": figures(fact for sums in found.values() for fact in sums).as_json(),
        "labels": {id: label.as_json() for id, label in labels.named(work, parts, {}).items()},
    }


def _sums(message: Period, *group: Any) -> Select[Any]:
    """The facts of a period, by the day they happened on, summed by kind and detail."""
    # only the kinds of activities are told apart
    detail = func.coalesce(Fact.detail, "").label("detail")
    chosen = select(
        *group, Fact.kind, detail, func.sum(Fact.count), func.coalesce(func.sum(Fact.amount), NOTHING),
        func.coalesce(func.sum(Fact.value), 0),
    ).where(Fact.happened_on >= message.since, Fact.happened_on <= message.until)  # fmt: skip
    if message.as_of is not None:
        chosen = chosen.where(Fact.recorded_at <= message.as_of)
    return chosen.group_by(*group, Fact.kind, detail)


def _grouped(work: Work, chosen: Select[Any], owners: Iterable[UUID]) -> dict[Any, list[Sums]]:
    if owners:
        chosen = chosen.where(Fact.owner_id.in_(list(owners)))
    found: dict[Any, list[Sums]] = {}
    for key, *sums in work.session.execute(chosen):
        found.setdefault(key, []).append(Sums(*sums))
    return found


def _colleagues(work: Work) -> list[UUID]:
    """Staff whose facts the asker may see, whether there are any or not: nothing done is a figure as well."""
    if not work.actor.may(READ):
        return []
    cards = work.session.scalars(select(Replica).where(Replica.entity == STAFF, Replica.archived.is_(False)))
    return [
        card.id
        for card in cards
        if card.data.get("state") != "left"
        and scope.covers(
            work.actor, READ,
            SimpleNamespace(owner_id=card.id, department_id=card.department_id, branch_id=card.branch_id),
        )
    ]  # fmt: skip


def books(work: Work, message: Books) -> dict[str, Any]:
    """Σ signed − Σ paid = what must be open, as it was heard here; and every contract whose last word says otherwise."""
    with work.everything():
        signed, paid = (_sum(work, kind) for kind in ("contract_signed", "payment_received"))
        differences = work.session.execute(_differences()).all()
    return {
        "agree": not differences,
        "totals": {"contracts": str(signed), "payments": str(paid), "open": str(signed - paid)},
        "differences": [
            {"contract_id": str(row.about_id), "open": str(row.open), "told": str(row.told)}
            for row in differences
        ],
    }


def _sum(work: Work, kind: str) -> Decimal:
    amounts = select(func.coalesce(func.sum(Fact.amount), NOTHING)).where(Fact.kind == kind)
    return work.session.execute(amounts).scalar_one() or NOTHING


def _differences() -> Select[Any]:
    """Contracts for which signed − paid is not what receivables last said was left."""
    in_books = Fact.kind.in_(("contract_signed", "payment_received"))
    signed = func.coalesce(func.sum(Fact.amount).filter(Fact.kind == "contract_signed"), NOTHING)
    paid = func.coalesce(func.sum(Fact.amount).filter(Fact.kind == "payment_received"), NOTHING)
    made = select(Fact.about_id, (signed - paid).label("open")).where(in_books).group_by(Fact.about_id)
    last = (
        select(Fact.about_id, Fact.remaining.label("told"))
        .where(in_books, Fact.remaining.is_not(None))
        .distinct(Fact.about_id)
        # not by the clock: of two payments at once the one that began first may have waited for the other
        .order_by(Fact.about_id, Fact.sequence.desc(), Fact.recorded_at.desc(), Fact.event_id.desc())
        .subquery()
    )
    entries = made.subquery()
    return (
        select(entries.c.about_id, entries.c.open, last.c.told)
        .outerjoin(last, last.c.about_id == entries.c.about_id)
        .where(entries.c.open.is_distinct_from(last.c.told))
        .limit(MOST)
    )
