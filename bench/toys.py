"""The toy services of the tests, as something to measure."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.__main__ import make_keys
from deploy import rabbitmq, servers
from tests.chassis.world import World


@contextmanager
def world() -> Iterator[World]:
    """The toy services of the tests, on a virtual host and databases of their own."""
    name = f"bench-{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder:
        make_keys(Path(folder))
        made = World(
            rabbitmq.add_vhost(name), servers.addresses()["DATABASE_URL"], f"bench_{os.getpid()}_", Path(folder),
            log_level="warning",
        )  # fmt: skip
        try:
            yield made
        finally:
            made.close()
            rabbitmq.delete_vhost(name)
