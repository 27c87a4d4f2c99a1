"""Human numbers: per branch and year, never reused; what was drawn for something that then failed is left out."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis import database
from chassis.database import ChassisBase


class NumberSequence(ChassisBase):
    """The last number given out under a pattern with its branch and year filled in."""

    __tablename__ = "number_sequence"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


# The commit does not wait for the disk: in a crash the step is lost only together with whatever was written after it,
# the row that has the number included.
_STEP = text("""
    WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO number_sequence (key, last) SELECT :key, :count FROM quick
    ON CONFLICT (key) DO UPDATE SET last = number_sequence.last + :count RETURNING last""")


def draw(session: Session, pattern: str, branch: str, on: date, count: int = 1) -> list[str]:
    """The next `count` numbers. The branch is the copy that draws them, so two branches can never draw the same.

    Drawn beside the session's transaction: held until its end, the sequence would make everybody who enters something wait
    for everybody else who does, and for their disk.
    """
    key = pattern.split("{seq", maxsplit=1)[0].format(branch=branch, year=on.year, month=on.month)
    values = {"key": key, "count": count}
    bind = session.get_bind()
    if isinstance(bind, Engine):
        with database.aside(bind).connect() as connection:
            last: int = connection.execute(_STEP, values).scalar_one()
    else:  # a test's open connection, which never commits
        last = session.connection().execute(_STEP, values).scalar_one()
    return [
        pattern.format(branch=branch, year=on.year, month=on.month, seq=seq)
        for seq in range(last - count + 1, last + 1)
    ]
