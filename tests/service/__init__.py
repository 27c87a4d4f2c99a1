"""Use cases of the services, each at its own doors and on its own database."""
