"""The list of processes that make up a running Guanxi."""

import sys
from dataclasses import dataclass, field

from . import place, servers, settings

# A relay and a gateway do not belong to one service; everything else is found by its folder.
SERVERS_FIRST, THEN_APPS = "servers", "apps"


@dataclass(frozen=True)
class Program:
    """One process that is kept running."""

    name: str
    command: tuple[str, ...]
    group: str = THEN_APPS
    stop_signal: str = "TERM"
    at_once: bool = False
    """whether it may start before the databases are prepared"""
    patience: int = 20
    """seconds it may take to end after the stop signal"""
    environment: dict[str, str] = field(default_factory=dict)
    """settings for this process alone"""


def services() -> list[str]:
    """Names of all services: the folders of services/ that have a service.py."""
    return sorted(path.parent.name for path in place.ROOT.glob("services/*/service.py"))


def private_servers() -> list[Program]:
    """PostgreSQL and RabbitMQ, unless somebody else runs them."""
    return [
        Program(
            name,
            (sys.executable, "-m", "deploy.servers", "run", name, "--with-parent"),
            group=SERVERS_FIRST,
            at_once=True,
            stop_signal=servers.STOP_SIGNAL[name].name.removeprefix("SIG"),
            patience=60,
        )
        for name in servers.private()
    ]


def applications() -> list[Program]:
    """Every service, the relay, the gateway and the mail catcher."""
    python = (sys.executable, "-m")
    return [
        Program("services", (*python, "deploy.nursery", *services()), at_once=True, patience=30),
        Program("relay", (*python, "chassis", "relay", *services())),
        Program(
            "gateway",
            (*python, "gunicorn", "-c", "deploy/gunicorn.conf.py", "gateway.app:create_app()"),
            at_once=True,
            environment=settings.signing(),
        ),
        Program("mail", (*python, "deploy.mail_catcher"), at_once=True),
    ]
