"""Branches, departments, staff, roles, base data, and who is signed in."""
