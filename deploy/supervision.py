"""Keeps programs running with the package `supervisor`: starts again what dies, stops all of it together.

Runs in the foreground and becomes the parent of every program. Each program is told by the kernel to
end when this parent is gone (`setpriv --pdeathsig`), so that even `kill -9` leaves nothing behind.
"""

import contextlib
import os
import shlex
import signal
import sys
import xmlrpc.client
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from supervisor import events
from supervisor.medusa.asyncore_25 import ExitNow
from supervisor.options import ServerOptions
from supervisor.supervisord import Supervisor

from . import place, ports, processes, servers
from .programs import Program

GROUP_ORDER = {"servers": 10, "apps": 20}  # stopped in the opposite order
CONTROL = "supervisor"
REPORTED = 3
"""deaths of one program that are told of on the terminal"""


class Watch(Supervisor):  # type: ignore[misc]
    """The package's supervisor, saying on the terminal what a person wants to know."""

    when_terminal_closes: Any
    deaths: Counter[str]

    def runforever(self) -> None:
        """Listen to what happens from the moment the package has emptied its list of listeners."""
        events.subscribe(events.ProcessStateRunningEvent, self._note_process)
        events.subscribe(events.ProcessStateExitedEvent, self._report_death)
        events.subscribe(events.SupervisorStoppingEvent, lambda event: say("stopping …"))
        # A closed terminal ends Guanxi, unless nohup asked for the opposite; the package would read its settings again.
        signal.signal(signal.SIGHUP, self.when_terminal_closes)
        super().runforever()

    def _note_process(self, event: Any) -> None:
        processes.remember(event.process.config.name, event.process.pid)

    def _report_death(self, event: Any) -> None:
        name = event.process.config.name
        self.deaths[name] += 1
        if event.expected or self.stopping or self.deaths[name] > REPORTED:
            return
        say(f"{name} has ended and is started again; its last words are in {log_of(name)}")
        if self.deaths[name] == REPORTED:
            say(f"{name} keeps ending; nothing more is said about it here")


def _end_ourselves(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def say(line: str) -> None:
    """One line for the person at the terminal, if there still is one."""
    with contextlib.suppress(OSError):
        print(f"· {line}", flush=True)


def log_of(name: str) -> Path:
    """Where a program's output goes."""
    return place.folder("log") / f"{name}.log"


def supervise(programs: Sequence[Program]) -> None:
    """Run them until a signal says stop; comes back when all have ended."""
    settings = place.folder("supervisor", 0o700) / "supervisor.conf"
    place.write_secret(settings, _settings(programs).encode())
    options = ServerOptions()
    options.realize(["--nodaemon", "--configuration", str(settings)])
    options.first, options.test = True, False  # as the package's own start does
    watch = Watch(options)
    told_to_stay = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    watch.deaths = Counter()
    watch.when_terminal_closes = signal.SIG_IGN if told_to_stay else _end_ourselves
    with contextlib.suppress(ExitNow):
        watch.main()
    options.close_httpservers()
    options.close_logger()


def control() -> Any:
    """The supervisor's remote control, for another process of ours."""
    server = f"http://guanxi:{place.secret(CONTROL)}@127.0.0.1:{ports.remembered()[CONTROL]}/RPC2"
    return xmlrpc.client.ServerProxy(server).supervisor


def when_there(seconds: float = 30) -> Any:
    """The remote control, once the supervisor listens to it."""
    remote = control()

    def there() -> bool:
        try:
            return bool(remote.getState()["statename"] == "RUNNING")
        except OSError:
            return False

    if not processes.wait_until(there, seconds):
        raise TimeoutError("The supervisor did not start.")
    return remote


def clear_up() -> list[str]:
    """End what an earlier run left behind; answers its names. Usually it is ending by itself already."""
    left = [name for name in processes.remembered() if processes.find(name)]
    if left:
        processes.wait_until(lambda: not any(processes.find(name) for name in left), 5)
    for name in sorted(left, key=lambda name: name in servers.SERVERS):
        if name in servers.SERVERS:
            servers.stop(name)
        else:
            processes.stop(name, patience=3)
    return left


def _settings(programs: Sequence[Program]) -> str:
    """The package's settings file. Programs inherit our environment, so only what differs stands here."""
    folder = _relative(place.folder("supervisor", 0o700))
    sections = {
        "supervisord": {
            "logfile": f"{folder}/supervisor.log",
            "pidfile": f"{folder}/supervisor.pid",
            "childlogdir": folder,
            "silent": "true",
            "nocleanup": "true",
        },
        "inet_http_server": {
            "port": f"127.0.0.1:{ports.remembered()[CONTROL]}",
            "username": "guanxi",
            "password": place.secret(CONTROL),
        },
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
    }
    for group, priority in GROUP_ORDER.items():
        members = [program for program in programs if program.group == group]
        if members:
            names = ",".join(program.name for program in members)
            sections[f"group:{group}"] = {"programs": names, "priority": str(priority)}
        sections |= {f"program:{program.name}": _section(program) for program in members}
    lines = []
    for title, pairs in sections.items():
        lines += [f"[{title}]", *(f"{key} = {value.replace('%', '%%')}" for key, value in pairs.items()), ""]
    return "\n".join(lines)


def _section(program: Program) -> dict[str, str]:
    alone = (
        ["env", *(f"{key}={value}" for key, value in program.environment.items())]
        if program.environment
        else []
    )
    ends_with_us = ["setpriv", "--pdeathsig", program.stop_signal]
    command = [
        *ends_with_us,
        *alone,
        *(_relative(Path(word)) if word == sys.executable else word for word in program.command),
    ]
    return {
        "command": shlex.join(command),
        "autostart": str(program.at_once).lower(),
        "autorestart": "true",
        "startretries": "1000000",  # each try waits a second longer; a database that is back is found again
        "startsecs": "1",
        "stopsignal": program.stop_signal,
        "stopwaitsecs": str(program.patience),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _relative(log_of(program.name)),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "2",
    }


def _relative(path: Path) -> str:
    """Seen from the project's folder, where the supervisor works: a folder's name may hold what its file cannot."""
    return os.path.relpath(path, place.ROOT) if path.is_relative_to(place.ROOT) else str(path)
