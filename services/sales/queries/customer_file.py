"""Our share of the customer page: opportunities, quotes, and what happened to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Numeric, Uuid, bindparam, case, cast, column, func, select, union_all
from sqlalchemy.dialects.postgresql import array

from chassis import flush, related, told_remarks
from chassis.audit import Change
from chassis.prepared import Part, Prepared, rows_of
from chassis.work import Work
from contracts.query import CustomerFile, CustomerFileOf, Happened, happened
from services.sales.model import Comment, Opportunity, Quote, Stage
from services.sales.queries.open_work import worth

TOLD = ("state", "stage_id")
"""A change of one of these is something that happened; others are corrections."""
WHEN = ("closed_at", "stage_since", "sent_at", "answered_at")
"""Where a change says itself when it happened."""
CUSTOMER = bindparam("customer_id", type_=Uuid())
Row = dict[str, Any]


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """What the reader may see of this customer's opportunities and quotes."""
    found = FILE.ask(work, **message.asked)
    changed = {row["id"]: (cls, row) for cls in (Opportunity, Quote) for row in found[cls.record.noun()]}
    told = [told_of(entry, *changed[entry["record_id"]]) for entry in found["turns"]]
    told += map(told_remarks.entry, found["remarks"])
    return {
        "figures": found["figures"][0] if related.may_read(work, Opportunity) else {},
        "related": related.told(work, found, (Opportunity, Quote)),
        "timeline": sorted(told, key=lambda item: item["at"], reverse=True),
        "labels": found.labels,
    }


def _newest(cls: Any) -> dict[str, Part]:
    theirs = cls.customer_id == CUSTOMER, cls.archived_at.is_(None)
    return related.first_rows(cls, *theirs, order=(cls.created_at.desc(), cls.id.desc()))


def _figures() -> Part:
    is_open, is_won = Opportunity.state == "open", Opportunity.state == "won"
    sums = {
        "open_amount": func.sum(Opportunity.expected_amount).filter(is_open),
        "open_weighted": func.sum(worth()).filter(is_open),
        "won_amount": func.sum(Opportunity.won_amount).filter(is_won),
    }
    return Part(
        select(
            func.count(Opportunity.id).filter(is_open).label("open_opportunities"),
            func.count(Opportunity.id).filter(is_won).label("won_opportunities"),
            *(cast(func.coalesce(one, 0), Numeric).label(name) for name, one in sums.items()),
        )
        .select_from(Opportunity)
        .join(Stage, Stage.id == Opportunity.stage_id)
        .where(Opportunity.customer_id == CUSTOMER, Opportunity.archived_at.is_(None))
    )


def _turns() -> Part:
    """Out of the change log: births, steps between stages, changes of state."""
    of: list[Any] = [
        select(column("id")).select_from(rows_of(cls.record.noun())) for cls in (Opportunity, Quote)
    ]
    about = case(
        (Change.changes.has_key("state"), Change.changes[("reason_id", "1")].astext),
        else_=Change.changes[("stage_id", "1")].astext,
    )
    return Part(
        select(
            *(getattr(Change, name) for name in ("record_id", "at", "actor_id", "note", "changes")),
            cast(about, Uuid).label("about_id"),
        )
        .where(Change.record_id.in_(union_all(*of)), Change.changes.has_any(array(TOLD)))
        .order_by(Change.at.desc(), Change.ver.desc())
        .limit(related.LIMIT)
    )


FILE = Prepared(
    {
        **_newest(Opportunity),
        **_newest(Quote),
        "turns": _turns(),
        **told_remarks.on_rows(Comment, "opportunity", "quote"),
        "figures": _figures(),
    },
    related.together(
        related.names(Opportunity, Quote),
        {
            "organization.staff": [related.ids("turns", "actor_id"), *told_remarks.PEOPLE],
            "organization.choice": [related.ids("turns", "about_id")],
            "sales.stage": [related.ids("turns", "about_id")],
        },
    ),
    {cls.record.entity(): cls for cls in (Opportunity, Quote, Stage)},
)


def told_of(entry: Row, cls: Any, row: Row) -> Happened:
    """One entry of the log, in the words of the trade."""
    to = {name: pair[1] for name, pair in entry["changes"].items()}
    moved = "state" not in to
    return happened(
        next((to[name] for name in WHEN if to.get(name)), entry["at"]),
        f"{cls.record.noun()}_{'moved' if moved else _fact(entry)}",
        flush.worded(row[name] for name in cls.record.title),
        (cls.record.entity(), row["id"]),
        entry["actor_id"],
        text=entry["note"],
        about_id=entry["about_id"],
        amount=row["amount"] if cls is Quote else to.get("won_amount"),
    )


def _fact(entry: Row) -> str:
    """A quote that is a draft again was rejected; an opportunity that is open again was reopened."""
    before, after = entry["changes"]["state"]
    if before is None:
        return {"open": "opened", "draft": "drafted"}[after]
    return {"open": "reopened", "draft": "rejected"}.get(after, after)
