"""A whole Guanxi between proxies, with a mail server and a witness of ours, to be ill-treated for as long as wanted."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import amqp
import psutil
from sqlalchemy import Engine, create_engine

from chassis.broker import connect
from chassis.wire import RpcClient, sign_actor
from contracts.actor import Actor
from tests.faults.post import Post
from tests.faults.proxy import Proxy
from tests.faults.up import REAL
from tests.journey.system import ROOT, Client, System, wait_for

if TYPE_CHECKING:
    from tests.faults.leaks import Scales

SERVICES = (
    "branch_sync", "customer", "notification", "organization", "receivables", "reporting", "sales", "service_desk",
)  # fmt: skip
LISTENERS = (*SERVICES, "witness")
PASSWORD = "demo guanxi"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Rig(System):
    """The system, and every handle by which it can be hurt and looked into."""

    start = "tests.faults.up"

    def __init__(self, folder: Path, sabotage: bool = False) -> None:
        super().__init__(folder)
        self.sabotage = sabotage
        self.moments = folder / "moments"
        self.moments.mkdir()
        self.amqp = Proxy(free_port(), lambda: self._port("AMQP_URL"))
        self.database_line = Proxy(free_port(), lambda: self._port("DATABASE_URL"))
        self.post = Post()
        self._engines: dict[str, Engine] = {}
        self.guests: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """Servers of its own, through our proxies; empty books; quick retries."""
        return {
            **super().environment,
            "GUANXI_DEMO": "no",
            "GUANXI_RETRY_DELAYS": "0.2,0.4,0.8,1.5",
            "GUANXI_STOP_AT": str(self.moments),
            "GUANXI_SMTP_URL": f"smtp://127.0.0.1:{self.post.port}?tls=off",
            "FAULTS_AMQP_PORT": str(self.amqp.port),
            "FAULTS_DATABASE_PORT": str(self.database_line.port),
            "PYTHONPATH": str(ROOT),
            **({"FAULTS_SABOTAGE": "yes"} if self.sabotage else {}),
        }

    @property
    def real(self) -> dict[str, str]:
        """Where the servers are, past the proxies."""
        found: dict[str, str] = json.loads((self.folder / REAL).read_text())
        return found

    def _port(self, name: str) -> int:
        return urlsplit(self.real[name]).port or 0

    # -- looking into it ----------------------------------------------------------------------------------------

    def engine(self, service: str) -> Engine:
        """One service's database, past the proxy; connections that died are made anew."""
        if service not in self._engines:
            url = self.real["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://", 1)
            self._engines[service] = create_engine(f"{url}/guanxi_{service}", pool_pre_ping=True, pool_size=2)
        return self._engines[service]

    def channel(self) -> contextlib.closing[amqp.Connection]:
        """A connection to the broker, past the proxy."""
        return contextlib.closing(connect(self.real["AMQP_URL"], "nemesis"))

    def control(self, *words: str) -> str:
        """`rabbitmqctl`, on this broker."""
        code = "import sys; from deploy import rabbitmq; print(rabbitmq.control(*sys.argv[1:]))"
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-500:])
        return done.stdout

    @cached_property
    def scales(self) -> Scales:
        """How large its processes were when they were first looked at."""
        from tests.faults.leaks import Scales

        return Scales(self)

    @cached_property
    def rpc(self) -> RpcClient:
        """A line to the services' doors, past gateway and proxy."""
        return RpcClient(self.real["AMQP_URL"], "faults")

    def ask(self, service: str, door: str, message: dict[str, Any] | None = None) -> Any:
        """Ask a service in the system's name."""
        key = (self.folder / "secrets" / "actor.private.pem").read_text()
        return self.rpc.call(service, door, message, token=sign_actor(Actor.system("faults"), key), timeout=5)

    def client(self, login: str) -> Client:
        if login not in self._clients:
            self._clients[login] = Client(self.url, login, PASSWORD)
        return self._clients[login]

    def is_whole(self) -> bool:
        """Whether every part answers, the witness too."""
        try:
            self.ask("witness", "ping")
        except Exception:
            return False
        return self.is_healthy()

    # -- its processes ------------------------------------------------------------------------------------------

    def victim(self, name: str) -> int:
        """The process of a part as it is now; `gateway worker` is the one below the gateway's master."""
        if name == "gateway worker":
            children = psutil.Process(self.pid("gateway")).children()
            return int(children[0].pid) if children else self.pid("gateway")
        return self.pid(name)

    def kill(self, name: str, how: int = signal.SIGKILL) -> bool:
        """A signal for one part; false when it is not there just now."""
        try:
            os.kill(self.victim(name), how)
        except (ProcessLookupError, psutil.NoSuchProcess, FileNotFoundError):
            return False
        return True

    def second(self, *command: str) -> subprocess.Popen[bytes]:
        """One more process of the chassis beside those that run."""
        extra = {
            "AMQP_URL": self.real["AMQP_URL"], "DATABASE_URL": self.real["DATABASE_URL"],
            "GUANXI_PUBLIC_KEY_FILE": str(self.folder / "secrets" / "actor.public.pem"),
        }  # fmt: skip
        with (self.folder / "log" / f"second-{command[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "chassis", *command],
                cwd=ROOT, env=self.environment | extra, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self.guests.append(process)
        return process

    def send_home(self) -> None:
        """End what `second` started."""
        for process in self.guests:
            process.kill()
            process.wait()
        self.guests.clear()

    # -- moments, clocks and sabotage ---------------------------------------------------------------------------

    def arm(self, service: str, moment: str) -> Path:
        """The next process that comes to this moment ends there. The file is gone when it did."""
        file = self.moments / f"{service}.{moment}"
        file.touch()
        return file

    def put_clock(self, service: str, seconds: float) -> None:
        """The clock of one service's process is wrong by so much from now on."""
        draft = self.moments / f"{service}.draft"
        draft.write_text(str(seconds))
        draft.replace(self.moments / f"{service}.clock")

    def break_on_purpose(self, what: str, on: bool = True) -> None:
        """One of the sabotages, while it is on."""
        file = self.moments / f"sabotage.{what}"
        if on:
            file.touch()
        else:
            file.unlink(missing_ok=True)

    def close(self) -> None:
        """Everything ends."""
        self.send_home()
        if "rpc" in self.__dict__:
            self.rpc.close()
        for engine in self._engines.values():
            engine.dispose()
        self.stop()
        self.amqp.close()
        self.database_line.close()
        self.post.close()


@contextlib.contextmanager
def standing(sabotage: bool = False) -> Iterator[Rig]:
    """A rig for the length of a `with`."""
    folder = Path(tempfile.mkdtemp(prefix="guanxi-faults-"))
    folder.chmod(0o755)
    rig = Rig(folder, sabotage)
    begun = time.monotonic()
    try:
        rig.up()
        wait_for("every part to answer", rig.is_whole, 120)
        print(f"· the system stands after {time.monotonic() - begun:.0f} s", flush=True)
        yield rig
    finally:
        rig.close()
        shutil.rmtree(folder, ignore_errors=True)
