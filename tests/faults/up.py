"""Starts a whole Guanxi that can be ill-treated: `make up`, with what the tests add to it.

The servers, the supervisor, the nursery, the relay and the gateway are those of `make up`. Between the programs and the two
servers stand proxies of ours; letters go to a mail server of ours; the witness runs beside the services.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from deploy import place, ports, prepare, programs, servers, settings, up
from deploy.demo import people
from deploy.demo.asking import Desk
from deploy.programs import Program

REAL = "servers.json"
"""File in the run folder that says where the servers really are, for the proxies and for whoever checks."""
HEARTBEAT = 4


def main() -> int:
    """Supervise until told to stop."""
    begun = time.monotonic()

    # what a killed process leaves in the system's cache is there: not waiting for the disk makes nothing less true
    programs.private_servers = _quick(programs.private_servers)

    def everything() -> list[Program]:
        ports.claim(*settings.MAIL_PORTS)
        real = servers.addresses()
        os.environ["AMQP_URL"] = _by_way_of(real["AMQP_URL"], "FAULTS_AMQP_PORT") + f"?heartbeat={HEARTBEAT}"
        os.environ["DATABASE_URL"] = _by_way_of(real["DATABASE_URL"], "FAULTS_DATABASE_PORT")
        os.environ.update(settings.told())
        up.make_keys()
        prepare.mark().unlink(missing_ok=True)
        (place.run_dir() / REAL).write_text(json.dumps(real))
        inside = (sys.executable, "-m", "tests.faults.inside")
        found = [p for p in programs.applications() if p.name != "mail"]
        found = [p if p.name == "gateway" else replace(p, command=(*inside, *p.command[2:])) for p in found]
        return [*found, Program("witness", (*inside, "tests.faults.witness"))]

    def start(own: list[Program]) -> None:
        up.start_guanxi(own)
        os.environ.update(settings.signing())
        people.load(Desk.from_environment(), date.today())
        up.say_where(time.monotonic() - begun)

    return up.run(everything, start)


def _quick(servers_: Callable[[], list[Program]]) -> Callable[[], list[Program]]:
    return lambda: [replace(server, command=(*server.command, "--throwaway")) for server in servers_()]


def _by_way_of(url: str, variable: str) -> str:
    """The same server through one of our proxies."""
    parts = urlsplit(url)
    place_ = f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{os.environ[variable]}"
    return urlunsplit(parts._replace(netloc=place_))


if __name__ == "__main__":
    sys.exit(main())
