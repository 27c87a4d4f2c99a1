"""The private servers, PostgreSQL and RabbitMQ: start, stop, and where to find them.

    python -m deploy.servers start [--throwaway]    start what is not running, wait until both answer
    python -m deploy.servers stop
    python -m deploy.servers status
    python -m deploy.servers env                    DATABASE_URL and AMQP_URL as lines for a shell
    python -m deploy.servers vhost add|delete NAME  a virtual host of one's own; `add` prints its address
    python -m deploy.servers run NAME               become that server, in the foreground (for a supervisor)

They keep everything under `.run/` (or $GUANXI_RUN_DIR), on ports of their own that a later start finds again.
Whoever sets DATABASE_URL or AMQP_URL has a server already: that one is not started.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time
from types import ModuleType

from . import place, ports, postgres, processes, rabbitmq

SERVERS: dict[str, ModuleType] = {postgres.NAME: postgres, rabbitmq.NAME: rabbitmq}
GIVEN_AS = {postgres.NAME: "DATABASE_URL", rabbitmq.NAME: "AMQP_URL"}
# PostgreSQL takes SIGTERM for «when the last client has left»; SIGINT is its orderly «now».
STOP_SIGNAL = {postgres.NAME: signal.SIGINT, rabbitmq.NAME: signal.SIGTERM}


class NotReady(Exception):
    """A server was started and did not answer in time."""


def private() -> list[str]:
    """Names of the servers that nobody gave us, so that we run our own."""
    return [name for name in SERVERS if not os.environ.get(GIVEN_AS[name])]


def addresses() -> dict[str, str]:
    """Where both servers are: the given ones or our own."""
    return {
        GIVEN_AS[name]: os.environ.get(GIVEN_AS[name]) or str(server.url())
        for name, server in SERVERS.items()
    }


def is_running(name: str) -> bool:
    """Our own process lives and answers."""
    return processes.find(name) is not None and bool(SERVERS[name].is_ready())


def start(throwaway: bool = False, patience: float = 120) -> list[str]:
    """Start our servers in the background; answers the names of those that were not running."""
    missing = [name for name in private() if not is_running(name)]
    for name in missing:
        stop(name)
        SERVERS[name].prepare()
        _start_in_background(name, throwaway)
    for name in missing:
        wait_ready(name, patience)
    return missing


def wait_ready(name: str, patience: float) -> None:
    """Until the server answers; a server that died is not waited for."""
    grace = time.monotonic() + 10  # it writes itself down a moment after it was started

    def decided() -> bool:
        return is_running(name) or (processes.find(name) is None and time.monotonic() > grace)

    processes.wait_until(decided, patience, pause=0.2)
    if not is_running(name):
        log = place.folder("log") / f"{name}.log"
        last = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        raise NotReady("\n".join([f"{name} did not start. The end of {log}:", *last]))


def stop(name: str) -> bool:
    """Stop one of our servers, whoever started it; false if it was not running."""
    return processes.stop(name, STOP_SIGNAL[name])


def run(name: str, with_parent: bool, throwaway: bool) -> None:
    """Become the server. It keeps this process number, which is written down for later starts."""
    server = SERVERS[name]
    other = processes.find(name)
    if other is not None and other != os.getpid():
        stop(name)  # left over from a supervisor that was killed
    processes.wait_until(lambda: ports.is_free(ports.remembered()[name]), 10)
    server.configure()
    command: list[str] = server.command(throwaway, with_parent)
    environment = os.environ.copy()
    if server is rabbitmq:
        rabbitmq.start_port_mapper()
        environment = rabbitmq.environment()
    processes.remember(name, os.getpid())
    os.chdir(place.folder(name))
    os.execvpe(command[0], command, environment)


def _start_in_background(name: str, throwaway: bool) -> None:
    log = place.folder("log") / f"{name}.log"
    with log.open("ab") as out:
        subprocess.Popen(
            [sys.executable, "-m", "deploy.servers", "run", name, *(["--throwaway"] if throwaway else [])],
            cwd=place.ROOT,
            env=os.environ | {"GUANXI_RUN_DIR": str(place.run_dir())},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


def main() -> int:
    """The commands above."""
    parser = argparse.ArgumentParser(prog="python -m deploy.servers", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("start", "run"):
        commands.add_parser(name).add_argument("--throwaway", action="store_true")
    commands.choices["run"].add_argument("name", choices=SERVERS)
    commands.choices["run"].add_argument(
        "--with-parent", action="store_true", help="end when the parent ends"
    )
    for name in ("stop", "status", "env"):
        commands.add_parser(name)
    vhost = commands.add_parser("vhost")
    vhost.add_argument("what", choices=["add", "delete"])
    vhost.add_argument("name")
    given = parser.parse_args()

    match given.command:
        case "start":
            print("started:", ", ".join(start(given.throwaway)) or "nothing, all were running")
        case "stop":
            print(
                "stopped:", ", ".join([name for name in SERVERS if stop(name)]) or "nothing, none was running"
            )
        case "status":
            for name in SERVERS:
                print(f"{name}: {'running' if is_running(name) else 'not running'}")
        case "env":
            for key, value in addresses().items():
                print(f"export {key}={shlex.quote(value)}")
        case "vhost" if given.what == "add":
            print(rabbitmq.add_vhost(given.name))
        case "vhost":
            rabbitmq.delete_vhost(given.name)
        case "run":
            run(given.name, given.with_parent, given.throwaway)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (
        NotReady,
        postgres.PostgresUnusable,
        rabbitmq.RabbitmqUnusable,
        processes.StillRunning,
    ) as trouble:
        sys.exit(f"✗ {trouble}")
