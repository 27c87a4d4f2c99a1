"""What is asked of the service desk beyond plain lists."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Numeric, Uuid, bindparam, cast, column, func, select

from chassis import comments, entities, filters, labels, related, scope, told_remarks
from chassis.audit import plain
from chassis.prepared import Part, Prepared, rows_of
from chassis.replicas import Replica
from chassis.work import Work
from contracts import service_desk as messages
from contracts.query import (
    CustomerFile,
    CustomerFileOf,
    Happened,
    ListOf,
    Query,
    StaffTrail,
    StaffTrailOf,
    happened,
)
from contracts.service_desk import FindArticles, MyTickets, PerStaff, ProblemTree
from services.service_desk import model, rules

Ticket, Reply, DealHandover, Article = model.Ticket, model.Reply, model.DealHandover, model.Article
TICKET, DEAL_HANDOVER = messages.Ticket.entity(), messages.DealHandover.entity()


def my_tickets(work: Work, message: MyTickets) -> dict[str, Any]:
    """What the actor has to deal with, the most urgent first."""
    where = {"owner_id": work.actor.id, "state__in": ["open", "assigned", "answered"]}
    query = Query(where=where, sort="due_at", limit=message.limit, after=message.after)
    return entities.list_rows(work, ListOf(entity="ticket", query=query))


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """Tickets and deal handovers of one customer, as far as the actor may see them."""
    found = FILE.ask(work, **message.asked, now=work.now)
    said: dict[str, list[dict[str, Any]]] = {}
    for reply in found["replies"]:
        said.setdefault(reply["ticket_id"], []).append(reply)
    told = [entry for row in found["ticket"] for entry in _of_ticket(row, said.get(row["id"], []))]
    told += [entry for row in found["deal_handover"] for entry in _of_handover(row)]
    told += map(told_remarks.entry, found["remarks"])
    return {
        "figures": found["figures"][0] if related.may_read(work, Ticket) else {},
        "related": related.told(work, found, (Ticket, DealHandover)),
        "timeline": sorted(told, key=lambda entry: entry["at"], reverse=True),
        "labels": found.labels,
    }


CUSTOMER, NOW = bindparam("customer_id", type_=Uuid()), bindparam("now", type_=DateTime(timezone=True))


def _newest(cls: Any, *also: str) -> dict[str, Part]:
    theirs = cls.customer_id == CUSTOMER, cls.archived_at.is_(None)
    return related.first_rows(cls, *theirs, order=(cls.created_at.desc(), cls.id.desc()), also=also)


def _figures() -> Part:
    """Open and overdue tickets, complaints, the average rating and the average hours to settle (SVC-05)."""
    unsettled = Ticket.state != "closed"
    hours = func.extract("epoch", Ticket.closed_at - Ticket.opened_at) / 3600
    return Part(
        select(
            func.count().filter(unsettled).label("open_tickets"),
            func.count().filter(unsettled, Ticket.due_at < NOW).label("overdue_tickets"),
            func.count().filter(Ticket.kind == "complaint").label("complaints"),
            _rounded(func.avg(Ticket.rating)).label("rating"),
            _rounded(func.avg(hours).filter(Ticket.state == "closed")).label("average_hours"),
        ).where(Ticket.customer_id == CUSTOMER, Ticket.archived_at.is_(None))
    )


def _rounded(value: Any) -> Any:
    return cast(value, Numeric(10, 2))


REPLIES = select(Reply.ticket_id, Reply.text, Reply.public, Reply.author_id, Reply.written_at).where(
    Reply.ticket_id.in_(select(column("id")).select_from(rows_of("ticket")))
)
FILE = Prepared(
    {
        **_newest(Ticket, "text", "created_by", "closed_at", "solution"),
        **_newest(DealHandover, "accepted_at"),
        "replies": Part(REPLIES.order_by(Reply.position)),
        **told_remarks.on_rows(model.Comment, "ticket", "deal_handover"),
        "figures": _figures(),
    },
    related.together(
        related.names(Ticket, DealHandover),
        {
            "organization.staff": [
                related.ids("ticket", "created_by"), related.ids("replies", "author_id"), *told_remarks.PEOPLE,
            ]
        },
    ),
    {},
)  # fmt: skip


def _of_ticket(row: dict[str, Any], replies: list[dict[str, Any]]) -> list[Happened]:
    title, of = f"{row['number']} {row['subject']}", (TICKET, row["id"])
    found = [happened(row["opened_at"], "ticket_opened", title, of, row["created_by"], text=row["text"])]
    for reply in replies:
        kind = "ticket_answered" if reply["public"] else "ticket_noted"
        found.append(happened(reply["written_at"], kind, title, of, reply["author_id"], text=reply["text"]))
    if row["closed_at"] is not None:
        found.append(
            happened(row["closed_at"], "ticket_closed", title, of, row["owner_id"], text=row["solution"])
        )
    return found


def _of_handover(row: dict[str, Any]) -> list[Happened]:
    title, of = f"{row['number']} {row['contract_number']}", (DEAL_HANDOVER, row["id"])
    found = [happened(row["created_at"], "deal_handover_opened", title, of, row["from_id"])]
    if row["accepted_at"] is not None:
        found.append(happened(row["accepted_at"], "deal_handover_accepted", title, of, row["to_id"]))
    return found


def staff_trail(work: Work, message: StaffTrailOf) -> StaffTrail:
    """How somebody dealt with her tickets (STF-07), of those the reader may see. Who is not below her does not exist."""
    hers_id, since = (
        work.colleague(message.staff_id).id,
        message.begins(work.today, ZoneInfo(work.actor.timezone)),
    )
    hers = select(Ticket).where(
        Ticket.owner_id == hers_id, Ticket.updated_at >= since, Ticket.archived_at.is_(None)
    )
    tickets = list(work.session.scalars(hers.order_by(Ticket.updated_at.desc()).limit(message.most)))
    told = [entry for ticket in tickets for entry in _of_ticket(*_told(ticket))]
    told = [entry for entry in told if datetime.fromisoformat(entry["at"]) >= since]
    remarks = comments.on(work, [ticket.id for ticket in tickets])
    actors = [UUID(entry["actor_id"]) for entry in told if entry["actor_id"]]
    wanted = labels.Wanted().add("organization.staff", [*actors, *comments.people_in(remarks)])
    named = labels.named(work, wanted, entities.by_entity(work))
    return {
        "timeline": sorted(told, key=lambda entry: entry["at"], reverse=True)[: message.most],
        "remarks": comments.by_record(remarks),
        "labels": {id: label.as_json() for id, label in named.items()},
    }


def _told(ticket: model.Ticket) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """As the question of the customer's page has it."""
    shown = (
        "id", "number", "subject", "text", "opened_at", "created_by", "closed_at", "owner_id", "solution",
    )  # fmt: skip
    said = ("text", "public", "author_id", "written_at")
    return (
        {name: plain(getattr(ticket, name)) for name in shown},
        [{name: plain(getattr(reply, name)) for name in said} for reply in ticket.replies],
    )


def _two_places(value: Any) -> str | None:
    return None if value is None else str(rules.average([value]))


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
