"""The tables of this service."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from chassis.database import Tables, tables


class Base(Tables, DeclarativeBase):
    """What all mapped classes of the service have in common."""

    metadata = tables()
