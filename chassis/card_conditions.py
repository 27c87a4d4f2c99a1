"""Conditions on what the cards of another service's records say: the industry of a contract's customer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from chassis import own_fields, scope
from chassis.replicas import Replica
from chassis.work import Work
from contracts import cards
from contracts.message import Attr


class Cards:
    """The cards of one kind of record as conditions and rights see a class: its fields are what the cards carry."""

    def __init__(self, entity: str) -> None:
        self._entity, self._carried = entity, cards.carried(entity)
        self.record, self.id = self, Replica.id

    def entity(self) -> str:
        """Whose cards these are."""
        return self._entity

    def attrs(self) -> dict[str, Attr]:
        """What they say."""
        return self._carried

    def __getattr__(self, name: str) -> Any:
        """What a condition on a field works on."""
        a = self.__dict__["_carried"].get(name)
        if a is None:
            raise AttributeError(name)
        kept = Replica.data[name]
        sql_type = own_fields.SQL_TYPE.get(a.kind)
        if a.many:  # as the array it is in its own table, so that the same comparisons hold: its values hold no brackets
            return cast(func.translate(kept.astext, '[]"', "{}"), ARRAY(sql_type or Text))
        return kept.astext if sql_type is None else cast(kept.astext, sql_type)

    def those(self, work: Work, condition: ColumnElement[bool]) -> Select[Any]:
        """The ids of records whose cards fit, as far as the actor may see the records."""
        return select(Replica.id).where(*self._seen(work), condition)

    def on(self, work: Work, id: Any, key: Any) -> Any:
        """What the card of one record says, as far as the actor may see the record; for a statement over rows that name it."""
        return select(key).where(*self._seen(work), Replica.id == id).scalar_subquery()

    def _seen(self, work: Work) -> list[ColumnElement[bool]]:
        visible = None if work.sees_everything else scope.visible(self, work.actor)  # type: ignore[arg-type]
        return [Replica.entity == self._entity, *([visible] if visible is not None else [])]
