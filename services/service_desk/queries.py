"""What is asked of the service desk beyond plain lists."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from chassis import entities, filters, labels, scope
from chassis.audit import plain
from chassis.counting import count
from chassis.replicas import Replica
from chassis.work import Work
from contracts import service_desk as messages
from contracts.query import CustomerFile, CustomerFileOf, Happened, ListOf, Query, Related
from contracts.service_desk import FindArticles, MyTickets, PerStaff, ProblemTree
from services.service_desk import model, rules

Ticket, DealHandover, Article = model.Ticket, model.DealHandover, model.Article
TICKET, DEAL_HANDOVER = messages.Ticket.entity(), messages.DealHandover.entity()


def my_tickets(work: Work, message: MyTickets) -> dict[str, Any]:
    """What the actor has to deal with, the most urgent first."""
    where = {"owner_id": work.actor.id, "state__in": ["open", "assigned", "answered"]}
    query = Query(where=where, sort="due_at", limit=message.limit, after=message.after)
    return entities.list_rows(work, ListOf(entity="ticket", query=query))


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """Tickets and deal handovers of one customer, as far as the actor may see them."""
    columns = {
        cls: {name: a for name, a in cls.record.attrs().items() if not a.lines}
        for cls in (Ticket, DealHandover)
    }
    tickets, more_tickets = _newest(work, Ticket, message)
    handovers, more_handovers = _newest(work, DealHandover, message)
    happened = [entry for row in tickets for entry in _of_ticket(row)]
    happened += [entry for row in handovers for entry in _of_handover(row)]
    wanted = labels.Wanted().behind(tickets, columns[Ticket]).behind(handovers, columns[DealHandover])
    wanted.add("organization.staff", (entry.actor_id for entry in happened))
    return CustomerFile(
        figures=_figures(work, message.customer_id),
        related=[
            Related(
                entity=cls.record.entity(),
                count=_count(work, cls, message.customer_id) if more else len(rows),
                rows=[entities.values(row, columns[cls]) for row in rows],
            )
            for cls, rows, more in (
                (Ticket, tickets, more_tickets),
                (DealHandover, handovers, more_handovers),
            )
        ],
        timeline=sorted(happened, key=lambda entry: entry.at, reverse=True),
        labels=labels.named(work, wanted, entities.by_entity(work)),
    )


def _newest(work: Work, cls: type[Any], message: CustomerFileOf) -> tuple[list[Any], bool]:
    """The newest rows, and whether there are more."""
    query = Query(where={"customer_id": message.customer_id}, limit=message.limit)
    rows, after = filters.page(work, cls, query)
    return rows, after is not None


def _count(work: Work, cls: type[Any], customer_id: UUID) -> int:
    theirs = filters.chosen(work, cls, Query(where={"customer_id": customer_id}))
    return count(work.session, cls, theirs)[0]


def _figures(work: Work, customer_id: UUID) -> dict[str, Any]:
    """Open and overdue tickets, complaints, the average rating and the average hours to settle (SVC-05)."""
    of_customer = (Ticket.customer_id == customer_id, Ticket.archived_at.is_(None))
    unsettled = Ticket.state != "closed"
    seconds = func.extract("epoch", Ticket.closed_at - Ticket.opened_at)
    statement = select(
        func.count().filter(unsettled),
        func.count().filter(unsettled, Ticket.due_at < work.now),
        func.count().filter(Ticket.kind == "complaint"),
        func.avg(Ticket.rating),
        func.avg(seconds).filter(Ticket.state == "closed") / 3600,
    )
    count, overdue, complaints, rating, hours = work.session.execute(statement.where(*of_customer)).one()
    return {
        "open_tickets": count,
        "overdue_tickets": overdue,
        "complaints": complaints,
        "rating": _two_places(rating),
        "average_hours": _two_places(hours),
    }


def _two_places(value: Any) -> str | None:
    return None if value is None else str(rules.average([value]))


def _of_ticket(row: model.Ticket) -> list[Happened]:
    title = f"{row.number} {row.subject}"

    def entry(kind: str, at: datetime | None, by: UUID | None, text: str | None) -> Happened:
        return Happened(
            at=plain(at), kind=kind, title=title, text=text, entity=TICKET, id=row.id, actor_id=by
        )

    found = [entry("ticket_opened", row.opened_at, row.created_by, row.text)]
    for reply in row.replies:
        kind = "ticket_answered" if reply.public else "ticket_noted"
        found.append(entry(kind, reply.written_at, reply.author_id, reply.text))
    if row.closed_at is not None:
        found.append(entry("ticket_closed", row.closed_at, row.owner_id, row.solution))
    return found


def _of_handover(row: model.DealHandover) -> list[Happened]:
    title = f"{row.number} {row.contract_number}"
    common = {"title": title, "entity": DEAL_HANDOVER, "id": row.id}
    found = [Happened(at=plain(row.created_at), kind="deal_handover_opened", actor_id=row.from_id, **common)]
    if row.accepted_at is not None:
        found.append(
            Happened(at=plain(row.accepted_at), kind="deal_handover_accepted", actor_id=row.to_id, **common)
        )
    return found


def problem_tree(work: Work, message: ProblemTree) -> dict[str, Any]:
    """The catalogue as a tree; with a product, without what cannot happen with it."""
    statement = select(model.Problem).where(model.Problem.archived_at.is_(None)).order_by(model.Problem.code)
    entries = list(work.session.scalars(statement))
    if message.product_id is not None:
        product = work.known("sales.product", message.product_id, "product_id")
        classes = model.class_line(work, product.class_id)
        entries = [e for e in entries if e.product_class_id is None or e.product_class_id in classes]
    shown = ("id", "code", "name", "name_en", "parent_id", "product_class_id")
    return {"tree": rules.tree([{name: plain(getattr(entry, name)) for name in shown} for entry in entries])}


def find_articles(work: Work, message: FindArticles) -> dict[str, Any]:
    """Published knowledge by fragment of title or text, the latest first; of a text only the lines around the find."""
    where: dict[str, Any] = {"state": "published"}
    if message.problem_id is not None:
        where["problem_id"] = message.problem_id
    query = Query(where=where, text=message.text, sort="-published_at", limit=message.limit)
    rows, _ = filters.page(work, Article, query)
    shown = ("id", "number", "name", "category_id", "problem_id", "published_at", "owner_id")
    found = [
        {**{n: plain(getattr(row, n)) for n in shown}, "excerpt": rules.excerpt(row.body, message.text)}
        for row in rows
    ]
    names = labels.behind(work, rows, messages.Article, entities.by_entity(work))
    return {"rows": found, "labels": {id: label.as_json() for id, label in names.items()}}


def per_staff(work: Work, message: PerStaff) -> dict[str, Any]:
    """How each staff member within the actor's rights served in these days.

    complaint, praise   tickets that came in and name her as what they are about (SVC-06), whoever deals with them
    closed, in_time     tickets she settled, and those of them settled before they were due
    rated, rating       how often customers said what they think of that, and the average
    average_hours       from opening to settlement

    Counted over all tickets, not only those the actor may read: whose figures she sees is decided by the staff member.
    """
    begin, end = _period(work, message.begins_on, message.ends_on)
    staff = {card.id: card for card in _staff(work)}
    figures: dict[UUID, dict[str, Any]] = {
        id: {"complaint": 0, "praise": 0, "closed": 0, "in_time": 0, "rated": 0, "rating": None, "average_hours": None}
        for id in staff
    }  # fmt: skip
    with work.everything():
        for id, kind, count in work.session.execute(_named_in(begin, end)):
            if id in figures:
                figures[id][kind] = count
        for id, closed, in_time, rated, rating, hours in work.session.execute(_settled_in(begin, end)):
            if id in figures:
                figures[id].update(
                    closed=closed, in_time=in_time, rated=rated,
                    rating=_two_places(rating), average_hours=_two_places(hours),
                )  # fmt: skip
    rows = [{"staff_id": str(id), **values} for id, values in figures.items()]
    return {
        "rows": sorted(rows, key=lambda row: (-row["complaint"], -row["closed"], row["staff_id"])),
        "labels": {
            str(card.id): {"entity": card.entity, "label": card.label, "label_en": card.label_en}
            for card in staff.values()
        },
    }


def _period(work: Work, first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(work.actor.timezone)
    return (
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )


def _staff(work: Work) -> list[Replica]:
    """The cards of those whose figures the actor may see."""
    found = work.session.scalars(select(Replica).where(Replica.entity == "organization.staff"))
    return [card for card in found if scope.covers(work.actor, "service_desk.per_staff", _Herself(card))]


class _Herself:
    """A staff member as the owner of her own figures, for the rule of row rights."""

    def __init__(self, card: Replica) -> None:
        self.owner_id = card.id
        self.department_id, self.branch_id = card.department_id, card.branch_id


def _named_in(begin: datetime, end: datetime) -> Any:
    named = select(Ticket.named_staff_id, Ticket.kind, func.count()).where(
        Ticket.named_staff_id.is_not(None),
        Ticket.kind.in_(rules.COUNTED),
        Ticket.archived_at.is_(None),
        Ticket.opened_at >= begin,
        Ticket.opened_at < end,
    )
    return named.group_by(Ticket.named_staff_id, Ticket.kind)


def _settled_in(begin: datetime, end: datetime) -> Any:
    seconds = func.extract("epoch", Ticket.closed_at - Ticket.opened_at)
    settled = select(
        Ticket.owner_id,
        func.count(),
        func.count().filter(Ticket.closed_at <= Ticket.due_at),
        func.count(Ticket.rating),
        func.avg(Ticket.rating),
        func.avg(seconds) / 3600,
    ).where(
        Ticket.state == "closed",
        Ticket.archived_at.is_(None),
        Ticket.closed_at >= begin,
        Ticket.closed_at < end,
    )
    return settled.group_by(Ticket.owner_id)
