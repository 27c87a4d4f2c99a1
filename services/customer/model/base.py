"""Where the tables of this service are gathered."""

from chassis.database import Tables, tables


class Base(Tables):
    """A table of the customer service."""

    __abstract__ = True
    metadata = tables()
