"""The tables of this service."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from chassis.database import Tables, tables


class Base(Tables, DeclarativeBase):
    """Everything the service organization keeps."""

    metadata = tables()
