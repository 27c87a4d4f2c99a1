"""Knowledge articles."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Owned, Searchable, Tagged
from chassis.lifecycle import Lives
from contracts import service_desk as messages
from services.service_desk.model.base import Base


class Article(Searchable, Tagged, Owned, Lives, Kept, Base):
    """Something worth knowing, found by any two characters of its title or text once it is published."""

    __table_args__ = (Index("ix_article_published_at", "state", "published_at"),)

    record = messages.Article
    numbered = "ZS-{branch}-{year}-{seq:05}"
    longest_search: ClassVar[int] = 60_000

    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    category_id: Mapped[UUID | None] = mapped_column()
    problem_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"), index=True)
    product_class_id: Mapped[UUID | None] = mapped_column()
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column()

    def publish(self, at: datetime) -> None:
        """From now on colleagues find it."""
        self.move("publish", at)
        self.published_at = at

    def withdraw(self, at: datetime) -> None:
        """Nobody finds it any more; it may be written anew."""
        self.move("withdraw", at)
        self.published_at = None
