"""The one Alembic environment of all services: the mechanisms' tables and each service's own."""
