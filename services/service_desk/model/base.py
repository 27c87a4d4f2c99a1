"""Where the tables of this service are gathered."""

from sqlalchemy.orm import DeclarativeBase

from chassis.database import Tables, tables


class Base(Tables, DeclarativeBase):
    """A table of the service desk."""

    __abstract__ = True
    metadata = tables()
