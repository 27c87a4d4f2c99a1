"""Rules of the sales service."""
