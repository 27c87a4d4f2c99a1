"""Use cases of the organization service."""
