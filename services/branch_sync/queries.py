"""What is asked of branch sync: the sites, and the line to headquarters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chassis.audit import plain
from chassis.work import Work
from contracts.branch_sync import Link, LinkState, Sites
from services.branch_sync import model


def sites(work: Work, message: Sites) -> dict[str, Any]:
    """Every site by its code, and which one this copy is."""
    found = select(model.Site).where(model.Site.archived_at.is_(None)).order_by(model.Site.code)
    shown = ("id", "code", "name", "name_en", "is_headquarters")
    return {
        "rows": [
            {**{name: plain(getattr(site, name)) for name in shown}, "this_copy": site.code == work.branch}
            for site in work.session.scalars(found)
        ]
    }


def link(work: Work, message: Link) -> dict[str, Any]:
    """How this copy stands with headquarters.

    state         see LinkState
    exchanged_at  when the two last exchanged anything; waiting: changes of ours they have not confirmed yet. Nothing is
                  exchanged where there is nobody to exchange with: None and 0.
    """
    own = work.find(model.Site, code=work.branch, archived_at=None)
    state: LinkState = "headquarters" if own is not None and own.is_headquarters else "not_linked"
    return {
        "branch": work.branch,
        "name": own.name if own is not None else None,
        "name_en": own.name_en if own is not None else None,
        "state": state,
        "exchanged_at": None,
        "waiting": 0,
    }
