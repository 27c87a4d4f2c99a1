"""Rules of the organization service."""
