"""The doors of the customer service."""

from chassis.service import Service
from contracts.organization import BranchListed, ChoiceListed, DepartmentListed, StaffListed
from services.customer import model


class CustomerService(Service):
    """Leads and customers, the people there, and what we do with them, from the first call to the hand-over."""

    name = "customer"
    entities = (model.Lead, model.Customer, model.Contact, model.Activity, model.Comment)
    follows = (BranchListed, DepartmentListed, StaffListed, ChoiceListed)
