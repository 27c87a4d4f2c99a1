"""Human numbers: per branch and year, never reused; gaps are allowed after a rollback of a bulk block."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.database import ChassisBase


class NumberSequence(ChassisBase):
    """The last number given out under a pattern with its branch and year filled in."""

    __tablename__ = "number_sequence"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def draw(session: Session, pattern: str, branch: str, on: date, count: int = 1) -> list[str]:
    """The next `count` numbers. The branch is the copy that draws them, so two branches can never draw the same."""
    key = pattern.split("{seq", maxsplit=1)[0].format(branch=branch, year=on.year, month=on.month)
    statement = insert(NumberSequence).values(key=key, last=count)
    last = session.execute(
        statement.on_conflict_do_update(
            index_elements=[NumberSequence.key], set_={"last": NumberSequence.last + count}
        ).returning(NumberSequence.last)
    ).scalar_one()
    return [
        pattern.format(branch=branch, year=on.year, month=on.month, seq=seq)
        for seq in range(last - count + 1, last + 1)
    ]
