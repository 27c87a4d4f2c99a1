"""A desk at each service, with samples of anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.desk import Databases, Desk
from tests.factories.samples import Samples


@pytest.fixture(scope="module")
def samples(databases: Databases) -> Iterator[Callable[[str], Samples]]:
    """`samples("sales")`: one desk for each service; the rows of one test are there for the next."""
    made: dict[str, Samples] = {}

    def at(service: str) -> Samples:
        if service not in made:
            made[service] = Samples(Desk.at(databases, service))
        return made[service]

    yield at
    for found in made.values():
        found.desk.close()
