"""One line of the table: what was measured, what the same machine can do at best, and what was promised."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """`ratio` is ours against the floor; the budget is on the ratio where there is one, else on the value."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    budget: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": None if self.ratio is None else round(self.ratio, 2)}


def at_most(what: str, value: float, unit: str, limit: float, floor: float | None = None) -> Row:
    """Better when smaller: at most `limit` times the floor, or at most `limit` when there is none."""
    reached = value / floor if floor else value
    return Row(what, value, unit, floor, f"≤ {limit:g}{' ×' if floor else ''}", reached <= limit)


def at_least(what: str, value: float, unit: str, limit: float, floor: float | None = None) -> Row:
    """Better when larger: at least `limit` times the floor, or at least `limit` when there is none."""
    reached = value / floor if floor else value
    return Row(what, value, unit, floor, f"≥ {limit:g}{' ×' if floor else ''}", reached >= limit)
