"""What is asked of notification: the bell, one's preferences, whether mail gets out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Uuid, bindparam, func, select

from chassis import related
from chassis.audit import plain
from chassis.prepared import Part, Prepared
from chassis.work import Work
from contracts import notification as messages
from contracts.notification import Bell, MailState, Preferences
from contracts.query import CustomerFile, CustomerFileOf, happened
from services.notification import channels, model, recipients, rules

Notice, Letter = model.Notice, model.Letter
NOTICE = messages.Notice.entity()


def bell(work: Work, message: Bell) -> dict[str, Any]:
    """How many wait to be read, and the latest, read ones among them."""
    mine = (Notice.owner_id == work.actor.id, Notice.archived_at.is_(None))
    unread = select(func.count()).select_from(Notice).where(*mine, Notice.read_at.is_(None))
    latest = select(Notice).where(*mine).order_by(Notice.created_at.desc(), Notice.id.desc())
    rows = work.session.scalars(latest.limit(max(1, min(message.limit, 100))))
    return {
        "count": work.session.execute(unread).scalar_one(),
        "messages": [
            {
                "id": str(row.id), "at": plain(row.created_at), "kind": row.kind, "title": row.subject,
                "text": row.text, "address": row.link, "is_read": row.read_at is not None,
            }
            for row in rows
        ],
    }  # fmt: skip


NOTICES = (Notice.customer_id == bindparam("customer_id", type_=Uuid()), Notice.archived_at.is_(None))
TOLD = Prepared(
    {
        "notices": Part(
            select(Notice.id, Notice.created_at, Notice.subject, Notice.owner_id)
            .where(*NOTICES)
            .order_by(Notice.created_at.desc(), Notice.id.desc())
            .limit(related.LIMIT)
        )
    },
    {"organization.staff": [related.ids("notices", "owner_id")]},
    {},
)


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """What people within the actor's rights were told about one customer."""
    found = TOLD.ask(work, **message.asked)
    told = [
        happened(row["created_at"], "notice_told", row["subject"], (NOTICE, row["id"]), row["owner_id"])
        for row in found["notices"]
    ]
    return {"figures": {}, "related": [], "timeline": told, "labels": found.labels}


def preferences(work: Work, message: Preferences) -> dict[str, Any]:
    """Every kind of notice with how I am told of it, how it is usual, and the ways there are."""
    return {
        "ways": [*channels.found(), "bell", "none"],
        "rows": [
            {"kind": kind, "way": recipients.preferred(work, work.actor.id, kind), "usual": told.way}
            for kind, told in rules.KINDS.items()
        ],
    }


def mail_state(work: Work, message: MailState) -> dict[str, Any]:
    """Letters by what became of them, and what whoever runs the system must look at.

    stuck   letters that have waited for more than an hour; `error` is the server's last answer to one of those that wait
    day     letters of the last 24 hours by state
    """
    waiting = (Letter.state == "queued", Letter.archived_at.is_(None))
    late = Letter.created_at < work.now - rules.STUCK
    since = work.now - timedelta(days=1)
    counts = select(
        func.count().filter(*waiting),
        func.count().filter(*waiting, late),
        func.count().filter(Letter.state == "uncertain"),
        func.min(Letter.created_at).filter(*waiting),
        func.max(Letter.sent_at),
    ).select_from(Letter)
    queued, stuck, uncertain, oldest, last_sent = work.session.execute(counts).one()
    error = select(Letter.error).where(*waiting, Letter.error.is_not(None)).order_by(Letter.updated_at.desc())
    day = select(Letter.state, func.count()).where(Letter.created_at >= since).group_by(Letter.state)
    return {
        "queued": queued,
        "stuck": stuck,
        "uncertain": uncertain,
        "oldest_queued_at": plain(oldest),
        "last_sent_at": plain(last_sent),
        "error": work.session.scalars(error.limit(1)).first(),
        "day": dict(work.session.execute(day).tuples().all()),
    }
