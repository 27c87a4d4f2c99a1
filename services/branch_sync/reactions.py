"""What branch sync does when others announce something."""

from __future__ import annotations

from chassis import replicas
from chassis.work import Work
from contracts.organization import BranchListed
from services.branch_sync import model


def keep_site(work: Work, event: BranchListed) -> None:
    """A branch is a site, under the name and code of its newest card."""
    cards = replicas.several(work.session, [event.record_id])
    card = cards[0] if cards and (cards[0].epoch, cards[0].ver) >= (event.epoch, event.ver) else event
    site = work.find(model.Site, id=event.record_id)
    if site is None:
        site = work.add(model.Site(id=event.record_id))
    site.code = card.data["code"]
    site.name, site.name_en = card.label, card.label_en
    site.is_headquarters = bool(card.data["is_headquarters"])
    site.archived_at = (site.archived_at or work.now) if card.archived else None
