"""Branches and headquarters: who they are, and what this copy knows of its line to headquarters.

Permissions: `branch_sync.site.read`; doors `branch_sync.sites`. `branch_sync.link` is open to everybody signed in.
"""

from __future__ import annotations

from typing import Literal

from contracts.language import N_
from contracts.message import Question, Record, attr

LinkState = Literal["headquarters", "not_linked"]
"""headquarters: this copy is the headquarters; not_linked: a branch's copy that was told no headquarters."""


class Site(Record):
    """A branch as a place that may run a copy of its own."""

    label = N_("Site")
    plural = N_("Sites")
    icon = "building"
    title = ("code", "name")
    sort = "code"
    creatable = False
    editable = False

    code: str = attr(N_("Code"), readonly=True, in_list=True, search=True, max_length=20)
    name: str = attr(N_("Name"), readonly=True, in_list=True, search=True)
    name_en: str | None = attr(N_("English name"), None, readonly=True, in_list=True, search=True)
    is_headquarters: bool = attr(N_("Headquarters"), False, readonly=True, in_list=True, filter=True)


class Sites(Question):
    """Every site, and which of them this copy is."""


class Link(Question):
    """How this copy stands with headquarters, for the top bar: facts, never a guess from the broker's state."""
