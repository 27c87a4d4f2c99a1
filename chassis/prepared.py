"""Questions of several parts that go to the database as one statement, read and planned once for each connection.

To plan a look-up takes the server longer than to do it, and every round trip costs a service as much again. So a door that
needs many small look-ups says them beforehand, as selects with places (`bindparam`s without a value), and asks them all at
once. Row rights hold in each part as in any other statement.

Only for look-ups by key: the plan is made without knowing what the places will be filled with (docs/decisions/0046).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    DateTime,
    FromClause,
    Numeric,
    Select,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
    table,
    union_all,
)

from chassis import called, scope, tabular
from chassis.places import Numbered
from chassis.replicas import Replica
from chassis.work import Work

MOST = 200
"""Statements that a connection keeps. Another kind of rights makes another one, and the old ones are not asked again."""
NAMES = "names of "
CARDS = "cards"
"""Stands for all kinds of records of which we have cards only."""

Rows = list[dict[str, Any]]
Selected = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Part:
    """One look-up. `is_shown`: its rows are answered; else only other parts build on them. `is_for_all`: past row rights."""

    rows: Selected
    is_shown: bool = True
    is_for_all: bool = False


def for_all(parts: Mapping[str, Part]) -> dict[str, Part]:
    """The same, past row rights."""
    return {name: replace(part, is_for_all=True) for name, part in parts.items()}


def rows_of(part: str, *columns: Any) -> FromClause:
    """The rows that an earlier part of the question finds, for those behind it: these columns of them."""
    return table(f"_{part}", *(column(c) if isinstance(c, str) else c for c in columns))


def told_ids(place: str) -> Selected:
    """Ids that are told when it is asked."""
    return select(func.unnest(bindparam(place, type_=scope.IDS)))


class Found:
    """What was found: the rows of each part as they travel, and the names behind their references."""

    def __init__(self, parts: dict[str, Rows], labels: dict[str, dict[str, Any]]) -> None:
        self._parts, self.labels = parts, labels

    def __getitem__(self, part: str) -> Rows:
        return self._parts[part]

    def first(self, part: str) -> dict[str, Any] | None:
        """The first row of a part, where there is one."""
        return next(iter(self._parts[part]), None)


class Prepared:
    """A question: its parts by name, and the ids whose names are wanted with the answer, by kind of record."""

    def __init__(
        self,
        parts: Mapping[str, Part],
        names: Mapping[str, Iterable[Selected]],
        own: Mapping[str, type[Any]],
    ) -> None:
        self._asked, self._wanted, self._own = parts, names, own
        self._statements: dict[tuple[Any, ...], Statement] = {}

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {**self._asked, **_names(self._wanted, self._own)}

    @cached_property
    def _permissions(self) -> list[str]:
        """What it depends on which rows are seen."""
        restricted = [part.rows for part in self._parts.values() if not part.is_for_all]
        owned = {cls for rows in restricted for cls in scope.owned_in(rows)}
        return sorted({permission for cls in owned for permission in scope.deciding(cls)})

    def ask(self, work: Work, **filled: Any) -> Found:
        """All parts at once, within the actor's rights, their places filled so."""
        found = self._statement(work).run(work, {**scope.told(work.actor), **filled})
        named: dict[str, dict[str, Any]] = {}
        for part in [part for part in found if part.startswith(NAMES)]:
            read = called.reader(self._own.get(part.removeprefix(NAMES), Replica))
            named |= {values["id"]: read(values) for values in found.pop(part)}
        return Found(found, named)

    def _statement(self, work: Work) -> Statement:
        """Whoever has the same scopes is asked for by the same statement."""
        actor = None if work.sees_everything else work.actor
        scopes = () if actor is None else ("", *map(actor.scope, self._permissions))
        known = self._statements.get(scopes)
        return known or self._statements.setdefault(scopes, Statement(self._parts, actor))


def _names(names: Mapping[str, Iterable[Selected]], own: Mapping[str, type[Any]]) -> dict[str, Part]:
    """A part for each of our own kinds of records, and one for all cards."""
    wanted: dict[str, list[Selected]] = {}
    for entity, ids in names.items():
        wanted.setdefault(entity if entity in own else CARDS, []).extend(ids)
    found = {}
    for entity, selects in wanted.items():
        one_of = union_all(*selects).subquery()
        cls: Any = own.get(entity, Replica)
        # as one value, so that each is found by its key: a join might walk through the table
        key = cast(select(func.array_agg(one_of.c[0])).scalar_subquery(), scope.IDS)
        rows = select(*called.columns(cls).asked).where(cls.id == any_(key))
        found[NAMES + entity] = Part(rows, is_for_all=True)
    return found


class Statement:
    """The text of a question for one kind of rights, and what stands in its places."""

    def __init__(self, parts: Mapping[str, Part], actor: Any) -> None:
        dialect = Numbered()
        found, shown = [], []
        self._moments: dict[str, list[str]] = {}
        for name, part in parts.items():
            rows, columns = part.rows, part.rows.subquery().c
            if actor is not None and not part.is_for_all:
                rows = scope.restricted(rows, actor, scope.PLACES)
            found.append(f'"_{name}" AS ({rows.compile(dialect=dialect)})')
            if part.is_shown:
                self._moments[name] = [c.key for c in columns if isinstance(c.type, DateTime)]
                told = ", ".join(map(_told, columns))
                shown.append(
                    f"""(SELECT coalesce(json_agg(r), '[]') FROM (SELECT {told} FROM "_{name}") r)"""
                )
        text = f"WITH {', '.join(found)} SELECT json_build_array({', '.join(shown)})::text"
        self.name = "q" + hashlib.sha256(text.encode()).hexdigest()[:20]
        self.prepare = f"PREPARE {self.name}{_listed(dialect.places.values())} AS {text}"
        self.execute = f"EXECUTE {self.name}{_listed('%s' for _ in dialect.places)}"
        self._places = tuple(dialect.places)

    def run(self, work: Work, filled: Mapping[str, Any]) -> dict[str, Rows]:
        """The rows of each part."""
        if work.session.autoflush:  # as before any other statement
            work.session.flush()
        connection = work.session.connection()
        known = connection.info.setdefault("prepared", set())
        if self.name not in known:
            if len(known) >= MOST:
                connection.exec_driver_sql("DEALLOCATE ALL")
                known.clear()
            connection.exec_driver_sql(self.prepare, execution_options={"no_parameters": True})
            known.add(self.name)
        values = tuple(_filled(filled[place]) for place in self._places)
        text = connection.exec_driver_sql(self.execute, values).scalar_one()
        found = dict(zip(self._moments, orjson.loads(text), strict=True))
        for name, moments in self._moments.items():
            for row in found[name]:
                for moment in moments:
                    row[moment] = tabular.moment(row[moment])
        return found


def _listed(words: Iterable[str]) -> str:
    found = ", ".join(words)
    return f" ({found})" if found else ""


def _told(column: Any) -> str:
    """A column as it travels: amounts as text."""
    name = f'"{column.key}"'
    return f"{name}::text AS {name}" if isinstance(column.type, Numeric) else name


def _filled(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value) if isinstance(value, UUID) else value
