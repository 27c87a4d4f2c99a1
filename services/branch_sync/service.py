"""The doors of branch sync."""

from chassis.service import Service, query, reaction
from contracts.organization import BranchListed, StaffListed
from services.branch_sync import model, queries, reactions


class BranchSync(Service):
    """Branches and headquarters: who they are, and how this copy stands with headquarters."""

    name = "branch_sync"
    entities = (model.Site,)
    follows = (BranchListed, StaffListed)

    sites = query(queries.sites)
    link = query(queries.link, permission=None)

    keep_site = reaction(reactions.keep_site)
