"""Statements whose text is made once, with places (`bindparam`s without a value) that are filled when they are asked.

To build a statement, to look it up among those compiled before and to fill it costs a service more than the database takes for a
small one. Constants stand in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect
from sqlalchemy.orm import Session


class _Compiler(PGCompiler):
    """Writes constants into the statement, and places as its dialect has them."""

    dialect: Numbered | Named

    def visit_bindparam(self, bindparam: Any, *given: Any, **more: Any) -> str:
        if bindparam.required:
            kind = self.dialect.type_compiler_instance.process(bindparam.type)
            return self.dialect.place(bindparam.key, kind)
        more["literal_binds"] = True
        return str(super().visit_bindparam(bindparam, *given, **more))  # type: ignore[no-untyped-call]


class Numbered(PGDialect):
    """Places as PREPARE numbers them; remembers them in their order, with the type of each."""

    statement_compiler = _Compiler
    supports_statement_cache = False

    def __init__(self) -> None:
        super().__init__(paramstyle="named")  # type: ignore[no-untyped-call]
        self.places: dict[str, str] = {}

    def place(self, name: str, kind: str) -> str:
        """How a place is written."""
        self.places.setdefault(name, kind)
        return f"${list(self.places).index(name) + 1}"


class Named(PGDialect):
    """Places as psycopg2 fills them: the database sees their values, and plans with them."""

    statement_compiler = _Compiler
    supports_statement_cache = False

    def __init__(self) -> None:
        super().__init__(paramstyle="pyformat")  # type: ignore[no-untyped-call]

    def place(self, name: str, kind: str) -> str:
        """How a place is written."""
        return f"CAST(%({name})s AS {kind})"


NAMED = Named()


def written(statement: Any) -> str:
    """The text of a statement with named places."""
    return str(statement.compile(dialect=NAMED))


def ask(session: Session, text: str, values: Mapping[str, Any]) -> Row[Any]:
    """The one row that answers a text with named places filled so."""
    if session.autoflush:  # as before any other statement
        session.flush()
    filled = {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}
    return session.connection().exec_driver_sql(text, filled).one()
