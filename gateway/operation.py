"""How the whole is doing, from facts alone: what waits and for how long, what failed, what ran when. One place decides
what is well; the page, the numbers for Prometheus and the mails to administrators all ask here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from babel.dates import format_timedelta
from flask_babel import gettext

from chassis.wire import Call
from contracts.errors import Problem
from contracts.language import N_
from gateway import wording
from gateway.languages import locale
from gateway.rpc import Wire

PATIENCE = 3.0
"""Seconds that a part may take to tell of itself."""
MAIL, BOOKS = "notification", ("receivables", "prove_books")

Kind = Literal[
    "silent", "outbox_lag", "outbox_refused", "queue_lag", "inbox_lag", "parked", "job_failed", "job_late", "mail_stuck",
    "mail_uncertain", "books_disagree",
]  # fmt: skip
SENTENCES: dict[Kind, str] = {
    "silent": N_("does not answer"),
    "outbox_lag": N_("%(count)s events are not sent yet, the oldest for %(age)s"),
    "outbox_refused": N_("%(count)s events are heard by nobody although somebody should"),
    "queue_lag": N_("%(count)s events have arrived and are not done, the oldest was announced %(age)s ago"),
    "inbox_lag": N_("%(count)s events are tried again and again, the oldest for %(age)s"),
    "parked": N_("%(count)s events could not be done and need somebody"),
    "job_failed": N_("the job %(job)s fails: %(error)s"),
    "job_late": N_("the job %(job)s has not run when it should have"),
    "mail_stuck": N_("%(count)s letters cannot get out, the oldest for %(age)s %(error)s"),
    "mail_uncertain": N_("of %(count)s letters nobody knows whether they arrived"),
    "books_disagree": N_("the books do not agree: %(error)s"),
}


@dataclass(frozen=True)
class Trouble:
    """Something that needs a person, with what its sentence is made of."""

    kind: Kind
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One service with what it told of itself; `facts` and `mail` are None when it did not answer."""

    name: str
    facts: dict[str, Any] | None
    mail: dict[str, Any] | None
    troubles: tuple[Trouble, ...]

    @property
    def is_busy(self) -> bool:
        """Something is on its way, within its time."""
        facts = self.facts or {}
        counts = (facts.get("outbox"), facts.get("queue"), (facts.get("inbox") or {}).get("waiting"))
        return any(found["count"] for found in counts if found)


def ask(
    wire: Wire, services: Sequence[str], token: str, call_id: str, limit: float, *, with_mail: bool = True
) -> list[Part]:
    """What these services tell, asked all at once. `limit`: seconds that anything may wait."""
    calls = [Call(name, "backlog", {}, token, None, call_id) for name in services]
    has_mail = with_mail and MAIL in services
    if has_mail:
        calls.append(Call(MAIL, "mail_state", {}, token, None, call_id))
    answers = [None if isinstance(found, Problem) else found for found in wire.settle(calls, PATIENCE)]
    mail = answers.pop() if has_mail else None
    return [
        Part(name, facts, mail if name == MAIL else None, tuple(_troubles(name, facts, mail, limit)))
        for name, facts in zip(services, answers, strict=True)
    ]


def _troubles(
    name: str, facts: dict[str, Any] | None, mail: dict[str, Any] | None, limit: float
) -> Iterator[Trouble]:
    if facts is None:
        yield Trouble("silent")
        return
    outbox, queue, inbox = facts["outbox"], facts["queue"], facts["inbox"]
    if outbox["failing"]:
        yield Trouble("outbox_refused", {"count": outbox["failing"]})
    late: dict[Kind, Any] = {"outbox_lag": outbox, "queue_lag": queue, "inbox_lag": inbox["waiting"]}
    for kind, found in late.items():
        if found["age"] > limit:
            yield Trouble(kind, {"count": found["count"], "age": found["age"]})
    if inbox["parked"]["count"]:
        yield Trouble("parked", {"count": inbox["parked"]["count"]})
    for job, run in facts["jobs"].items():
        if run["error"]:
            yield Trouble(
                "books_disagree" if (name, job) == BOOKS else "job_failed",
                {"job": job, "error": run["error"]},
            )
        elif run["late"]:
            yield Trouble("job_late", {"job": job})
    if name == MAIL and mail is not None:
        yield from _mail_troubles(mail, limit)


def _mail_troubles(mail: dict[str, Any], limit: float) -> Iterator[Trouble]:
    age = waited(mail.get("oldest_queued_at"))
    if mail["stuck"] or age > max(limit, 60):
        yield Trouble("mail_stuck", {"count": mail["queued"], "age": age, "error": mail.get("error") or ""})
    if mail["uncertain"]:
        yield Trouble("mail_uncertain", {"count": mail["uncertain"]})


def sentence(trouble: Trouble) -> str:
    """What needs a person, in the reader's words."""
    values = {name: str(value) for name, value in trouble.values.items()}
    if "job" in values:
        values["job"] = wording.door(values["job"])
    if "age" in trouble.values:
        values["age"] = format_timedelta(timedelta(seconds=trouble.values["age"]), locale=locale())
    return gettext(SENTENCES[trouble.kind], **values)


def waited(since: str | None) -> float:
    """Seconds since a moment; 0 for none."""
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds()) if since else 0.0
