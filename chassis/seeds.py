"""Rows a service is born with: `services/<name>/seed.py` says which, this puts them in, once.

Run after every migration. What is missing is added; what people changed, renamed or archived stays as they left it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from sqlalchemy import func, select

from chassis.console import working
from chassis.service import Service
from chassis.work import Work
from contracts.shipped import HOME

LOCK = 8402
"""Two processes that seed the same database at once wait for each other (advisory lock)."""


def plant(service: type[Service], branch: str, url: str) -> int:
    """Put in what the service ships and is not there yet; says how many rows that were."""
    name = f"{service.__module__.rpartition('.')[0]}.seed"
    if find_spec(name) is None:
        return 0
    with working(service, branch, url, "seed") as work:
        work.session.execute(select(func.pg_advisory_xact_lock(LOCK)))
        importlib.import_module(name).seed(work)
        work.session.flush()
        return len(work.touched)


def keep(work: Work, cls: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Add the rows whose `id` is not there yet (see `contracts.shipped`); their home is headquarters."""
    wanted = {row["id"]: row for row in rows}
    present = set(work.session.scalars(select(cls.id).where(cls.id.in_(wanted))))
    for id, values in wanted.items():
        if id not in present:
            work.add(cls(**{"home": HOME, **values}))
    work.session.flush()
