"""What colleagues remarked."""

from __future__ import annotations

from typing import Any

from chassis import comments
from contracts import customer as messages
from contracts.message import Event
from services.customer.model.activity import Activity
from services.customer.model.base import Base


class Comment(comments.Comment, Base):
    """A remark on a record of this service."""

    record = messages.Comment
    announces = messages.RecordCommented

    def news(self, row: Any, **said: Any) -> Event:
        """One on an activity is told by what that was about."""
        if isinstance(row, Activity):
            return messages.ActivityCommented(activity_id=row.id, subject=row.subject, **said)
        return super().news(row, **said)
