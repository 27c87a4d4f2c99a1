"""The tables of notification."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import Kept, Owned, Searchable, Tables, tables
from chassis.lifecycle import Lives
from chassis.work import Work
from contracts import notification as messages
from contracts.errors import FieldProblem, Invalid
from services.notification import rules

IN_HAND = ("connecting", "sending")
"""States of a letter that some process is busy with."""


class Base(Tables, DeclarativeBase):
    """A table of notification."""

    __abstract__ = True
    metadata = tables()


class Notice(Searchable, Owned, Kept, Base):
    """Something one person is told; the constraint keeps her from being told twice for one reason."""

    __table_args__ = (
        UniqueConstraint("owner_id", "reason"),
        Index("ix_notice_customer_id", "customer_id", "created_at"),
        Index(
            "ix_notice_unread",
            "owner_id",
            text("created_at desc"),
            postgresql_where=text("read_at is null"),
        ),
    )

    record = messages.Notice

    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(300))
    customer_id: Mapped[UUID | None] = mapped_column()
    reason: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(10))
    read_at: Mapped[datetime | None] = mapped_column()


class Letter(Searchable, Owned, Lives, Kept, Base):
    """The mail for one notice. Its Message-ID is given before the first attempt and never changes."""

    __table_args__ = (
        Index("ix_letter_due", "next_attempt_at", "id", postgresql_where=text("state = 'queued'")),
        Index("ix_letter_in_hand", "worker", postgresql_where=text("state in ('connecting', 'sending')")),
        Index("ix_letter_state_created_at", "state", "created_at"),
    )

    record = messages.Letter
    part_of = ("notice_id",)

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), unique=True)
    subject: Mapped[str] = mapped_column(String(300))
    address: Mapped[str | None] = mapped_column(String(200))
    message_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column()
    sent_at: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(Text)
    worker: Mapped[int | None] = mapped_column()
    """The process that has it in hand."""

    def is_with(self, worker: int, attempt: int) -> bool:
        """Whether this process is still the one to say what became of this attempt."""
        return (self.worker, self.attempts) == (worker, attempt)


class Attempt(Owned, Kept, Base):
    """One try at handing a letter to the mail server."""

    __table_args__ = (
        Index("ix_attempt_letter_id", "letter_id", "turn"),
        Index("ix_attempt_began_at", text("began_at desc")),
    )

    record = messages.Attempt
    part_of = ("letter_id",)

    letter_id: Mapped[UUID] = mapped_column(ForeignKey("letter.id"))
    turn: Mapped[int] = mapped_column()
    address: Mapped[str | None] = mapped_column(String(200))
    began_at: Mapped[datetime] = mapped_column()
    seconds: Mapped[Decimal | None] = mapped_column()
    outcome: Mapped[str] = mapped_column(String(20))
    step: Mapped[str] = mapped_column(String(20))
    code: Mapped[int | None] = mapped_column()
    answer: Mapped[str | None] = mapped_column(Text)


class Template(Kept, Base):
    """Words of a company's own for one kind of notice in one language."""

    __table_args__ = (
        Index(
            "uq_template_kind_language",
            "kind",
            "language",
            unique=True,
            postgresql_where=text("archived_at is null"),
        ),
    )

    record = messages.Template

    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)

    def check(self, work: Work) -> None:
        """Words may mention only what this kind of notice can tell. Raises Invalid."""
        wrong = [
            FieldProblem(field, "wrong", value=", ".join(sorted(unknown)))
            for field in ("subject", "body")
            if (unknown := rules.unknown_words(getattr(self, field), self.kind))
        ]
        if wrong:
            raise Invalid(*wrong)


class Preference(Owned, Kept, Base):
    """How one person wants to be told of one kind of thing."""

    __table_args__ = (UniqueConstraint("owner_id", "kind"),)

    record = messages.Preference

    kind: Mapped[str] = mapped_column(String(40))
    way: Mapped[str] = mapped_column(String(10))


class Webhook(Searchable, Kept, Base):
    """Where another program listens, and the secret that shows it that we speak."""

    record = messages.Webhook
    listed = messages.WebhookListed

    name: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(500))
    events: Mapped[list[str]] = mapped_column(default=list)
    is_active: Mapped[bool] = mapped_column(default=True)

    def check(self, work: Work) -> None:
        """Its address can be called. Raises Invalid."""
        if not rules.is_callable(self.url):
            raise Invalid(FieldProblem("url", "wrong", value=self.url))

    def wants(self, event: str) -> bool:
        """Whether it is to be told of this event."""
        return event in self.events or not (self.events or event in messages.CHANGES)


class WebhookSecret(Base):
    """The secret of one webhook; apart from it, so that no list, change log or file ever tells it."""

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(100))


class WebhookDelivery(Kept, Base):
    """One event on its way to one webhook: at most once in the books, told until it is heard."""

    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index(
            "ix_webhook_delivery_due",
            "next_attempt_at",
            "id",
            postgresql_where=text("state in ('queued', 'sending')"),
        ),
    )

    record = messages.WebhookDelivery

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"))
    event: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[UUID] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column()
    """When it is due; of one that is being sent: when its sender is given up."""
    sent_at: Mapped[datetime | None] = mapped_column()
    code: Mapped[int | None] = mapped_column()
    answer: Mapped[str | None] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column()
