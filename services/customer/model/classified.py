"""What a customer is worth to us and how far up the ladder it stands: by rules, or by hand, each for itself (CUS-05, CUS-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.derived import derived


class Told(NamedTuple):
    """The columns that tell how a customer came by its class or step."""

    rule: str
    by_hand: str
    until: str
    because: str


TOLD = {
    "value_class": Told("value_rule_id", "is_classified_by_hand", "classified_until", "classified_because"),
    "loyalty": Told("loyalty_rule_id", "is_loyalty_by_hand", "loyalty_until", "loyalty_because"),
}


class Classified:
    """Rules decide what no person has decided."""

    value_class: Mapped[str] = mapped_column(String(40), default="potential")
    loyalty: Mapped[str] = mapped_column(String(40), default="target", server_default="target")
    value_rule_id: Mapped[UUID | None] = mapped_column()
    is_classified_by_hand: Mapped[bool] = mapped_column(default=False, server_default="false")
    classified_until: Mapped[date | None] = mapped_column()
    classified_because: Mapped[str | None] = mapped_column(Text)
    loyalty_rule_id: Mapped[UUID | None] = mapped_column()
    is_loyalty_by_hand: Mapped[bool] = mapped_column(default=False, server_default="false")
    loyalty_until: Mapped[date | None] = mapped_column()
    loyalty_because: Mapped[str | None] = mapped_column(Text)
    classified_at: Mapped[datetime | None] = derived()
    """When the rules were last asked; None: they are to be asked again."""

    def classify(self, chosen: Mapping[str, str | None], until: date | None, because: str | None) -> None:
        """By hand, instead of the rules: what was chosen; the other stays as it is."""
        for field, value in chosen.items():
            if value is not None:
                setattr(self, field, value)
                self._say(TOLD[field], True, until, because)

    def declassify(self, fields: Iterable[str]) -> None:
        """The rules decide these again."""
        for field in fields:
            if getattr(self, TOLD[field].by_hand):
                self._say(TOLD[field], False, None, None)

    def _say(self, told: Told, by_hand: bool, until: Any, because: Any) -> None:
        for name, value in zip(told, (None, by_hand, until, because), strict=True):
            setattr(self, name, value)
