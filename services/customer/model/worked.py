"""What somebody works, or the pool has: what goes to whoever gets it, and who hears of that."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from sqlalchemy import inspect

from chassis.audit import changed
from contracts import customer as messages
from services.customer.model.pool_rule import check_load


class Worked:
    """A lead or a customer. Whichever way it gets another owner (a verb, its form, many at once, a file), the same follows."""

    told: ClassVar[type[messages.LeadAssigned | messages.CustomerHandedOver]]
    """What is announced when somebody is given it."""

    beyond_limit = cast("str | None", None)
    """Why its new owner is to have more than the rules let her; said by whoever gives it to her."""
    idle_days = cast("int | None", None)
    """For want of how many days' follow-up it goes into the pool."""

    def check_owner(self, work: Any) -> None:
        """Its owner may hold one more; what is planned goes to her, what was done is shown to her, and it is told (CUS-01).

        Raises Invalid where she holds enough.
        """
        row: Any = self
        check_load(work, row)
        if row.ver is None or not changed(row, "owner_id"):
            return
        (before,) = inspect(row).attrs.owner_id.history.deleted or (None,)
        work.entities["activity"].go_along(work, row, before)
        self._tell(work, row, before)

    def _tell(self, work: Any, row: Any, before: Any) -> None:
        if row.owner_id is None:
            about = {"about": row.record.entity(), "record_id": row.id}
            work.emit(messages.WentToPool.of(row, from_id=before, idle_days=self.idle_days, **about))
        elif before is not None or row.owner_id != work.actor.id:  # who takes it out of the pool knows
            note = work.note if work.note != self.beyond_limit else None
            work.emit(self.told.of(row, from_id=before, to_id=row.owner_id, note=note))
