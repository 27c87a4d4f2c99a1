"""What was noted on a record in fields of the company's own, told along with the news of what is made out of it."""

from __future__ import annotations

from typing import Any

from contracts.message import Announced


class Noted(Announced):
    """What a record of this kind says in its own fields, by their names; files stay where they are."""

    entity: str
    own: dict[str, Any] = {}
