"""Leads, customers, their people, and the schedule kept with them."""
