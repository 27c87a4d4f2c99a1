"""What colleagues remarked."""

from __future__ import annotations

from chassis import comments
from contracts import receivables as messages
from services.receivables.model.base import Base


class Comment(comments.Comment, Base):
    """A remark on a record of this service."""

    record = messages.Comment
    announces = messages.RecordCommented
