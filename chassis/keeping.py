"""Many new rows past the ORM: rows, change log and cards, one statement for each table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis import bulk, changes, flush
from chassis.audit import Change, born, entry
from chassis.threads import Pause
from chassis.work import Work


def keep(work: Work, rows: Sequence[Any]) -> None:
    """Write rows that have all that a new row is given (`flush.settle`) and have passed their own check.

    Kind by kind, so that the cards of one kind follow each other and travel together. A class that keeps something beside
    its rows when they are written does so in `written_together`.
    """
    log, pause = [], Pause()
    kinds: dict[Any, list[Any]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row)
    for cls, several in kinds.items():
        columns = []
        for row in several:
            pause()
            row.__dict__["ver"] = 1
            flush.make_findable(row)
            log.append(entry(work, row, 1, born(row)))
            flush.announce(work, row, 1, changed=None)
            columns.append(bulk.columns_of(row))
        bulk.insert(work.session, cls.__table__, columns)
    bulk.insert(work.session, Change.__table__, log)  # type: ignore[arg-type]
    changes.tell(work, log)
    for cls, several in kinds.items():
        if (written := getattr(cls, "written_together", None)) is not None:
            written(work, several)
