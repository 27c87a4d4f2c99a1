"""The tables of branch sync."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import Kept, Searchable, Tables, tables
from contracts import branch_sync as messages


class Base(Tables, DeclarativeBase):
    """A table of branch sync."""

    __abstract__ = True
    metadata = tables()


class Site(Searchable, Kept, Base):
    """A branch as a place that may run a copy of its own; its id is the branch's."""

    record = messages.Site

    code: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    is_headquarters: Mapped[bool] = mapped_column(default=False)
