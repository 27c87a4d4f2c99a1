"""Rules of the customer service."""
