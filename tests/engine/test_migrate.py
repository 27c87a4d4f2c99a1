"""Revisions really arrive in the database, however often they are applied."""

import pytest

from chassis import database, migrate, registry


@pytest.mark.parametrize("service", registry.names())
def test_after_the_upgrade_the_database_is_what_the_classes_say(databases, service: str):
    url = databases.url(f"migrated_{service}")
    assert migrate.create_database(url)
    databases.engines[f"migrated_{service}"] = database.connect(url)
    migrate.upgrade(service, url)
    migrate.upgrade(service, url)
    assert migrate.difference(service, url) is None
