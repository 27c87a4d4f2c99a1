"""A whole Guanxi for the tests, started as `make up` starts it, on databases and a virtual host of its own."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import psutil
import requests

ROOT = Path(__file__).resolve().parents[2]
Found = TypeVar("Found")


def wait_for(what: str, look: Callable[[], Found], seconds: float = 60) -> Found:
    """Ask until the answer is yes. Raises with the last answer when the deadline passes."""
    deadline = time.monotonic() + seconds
    pause = 0.02
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}; last answer: {found!r}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)


class System:
    """One running Guanxi: where it is, who may sign in, its mail, and its processes to be ill-treated."""

    start = "deploy.up"
    """The module that starts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._clients: dict[str, Client] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of whoever runs the tests: servers, keys and data of its own, as after `git clone`."""
        foreign = ("GUANXI_", "DATABASE_URL", "AMQP_URL", "PYTHONDONTWRITEBYTECODE")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {
            **clean,
            "GUANXI_RUN_DIR": str(self.folder),
            "GUANXI_PORT": str(self.port),
            "GUANXI_RETRY_DELAYS": "0.2,0.5,1,2,4,8,16",
            "GUANXI_WEBHOOK_OWN_MACHINE": "yes",
        }

    def up(self) -> None:
        """`make up`, once the machine is prepared; comes back when it says that it is ready."""
        output = self.folder / "up.txt"
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.start], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=file, stderr=subprocess.STDOUT,
            )  # fmt: skip

        def ready() -> bool:
            said = output.read_text()
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"the start failed:\n{said}\n{self.last_words()}")
            return "Guanxi is ready" in said

        wait_for("Guanxi to be ready", ready, 400)

    def last_words(self) -> str:
        """How the log of each part ends."""
        logs = sorted((self.folder / "log").glob("*"))
        return "\n".join(
            f"— {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs if log.is_file()
        )

    def stop(self) -> None:
        """Ctrl-C."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(90)
            self.process = None

    def is_healthy(self) -> bool:
        """Whether every part answers."""
        try:
            return requests.get(f"{self.url}/healthz", timeout=10).status_code == 200
        except requests.RequestException:
            return False

    def client(self, login: str) -> Client:
        """Somebody signed in, who stays signed in."""
        if login not in self._clients:
            self._clients[login] = Client(self.url, login, password_of(login))
        return self._clients[login]

    def database(self, service: str) -> str:
        """Address of one service's database, for SQLAlchemy."""
        said = subprocess.run(
            [sys.executable, "-m", "deploy.servers", "env"], cwd=ROOT, env=self.environment, text=True,
            capture_output=True, check=True,
        ).stdout  # fmt: skip
        found = re.search(r"DATABASE_URL='?(postgresql://[^'\s]+)", said)
        assert found, said
        return f"{found[1].replace('postgresql://', 'postgresql+psycopg2://', 1)}/guanxi_{service}"

    def own_processes(self) -> list[int]:
        """The supervisor and everything below it, without PostgreSQL and RabbitMQ."""
        assert self.process is not None
        top = psutil.Process(self.process.pid)
        servers = {self.pid("postgres"), self.pid("rabbitmq")}
        found = [top]
        for process in found:
            found += [child for child in process.children() if child.pid not in servers]
        return [process.pid for process in found]

    def pid(self, name: str) -> int:
        """The process of one part (`gateway`, `rabbitmq`, `relay` …), as the supervisor knows it now."""
        return int(json.loads((self.folder / "processes" / f"{name}.json").read_text())["pid"])

    def pid_of_service(self, name: str) -> int:
        """The process that serves one service, by its title or command."""
        assert self.process is not None
        for process in psutil.Process(self.process.pid).children(recursive=True):
            title = " ".join(process.cmdline())
            if re.search(rf"\b{name}\b", title) and "relay" not in title:
                return process.pid
        raise AssertionError(f"nobody serves {name}")

    def mails(self, to: str = "") -> list[EmailMessage]:
        """What the mail catcher has, oldest first."""
        folder = self.folder / "mail"
        files = sorted(
            (p for p in folder.rglob("*") if p.is_file() and p.parent.name in ("new", "cur")),
            key=lambda p: p.name,
        )
        found = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in files]
        return [mail for mail in found if to in str(mail["to"])]  # type: ignore[misc]


def password_of(login: str) -> str:
    """The demo password of a login."""
    from deploy.demo import LOGINS

    return next(password for *_, found, password in LOGINS if found == login)


class Client:
    """A person (or her program) who speaks JSON."""

    def __init__(self, url: str, login: str, password: str) -> None:
        self.url, self.login = url, login
        self.asked: set[tuple[str, str]] = set()
        """What a program asked in her name."""
        self.http = requests.Session()
        self.http.headers["Accept"] = "application/json"
        answer = self.http.post(f"{url}/sign-in", json={"login": login, "password": password}, timeout=20)
        answer.raise_for_status()
        self.actor = answer.json()["actor"]
        self.http.headers["Authorization"] = f"Bearer {answer.json()['session']}"

    def ask(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        headers_also: dict[str, str] | None = None,
        **more: Any,
    ) -> requests.Response:
        """Any request, answered with whatever comes."""
        headers = {**({"Idempotency-Key": key} if key else {}), **(headers_also or {})}
        if "html" not in headers.get("Accept", ""):
            self.asked.add((method, path))
        return self.http.request(method, self.url + path, headers=headers, timeout=60, **more)

    def get(self, path: str, **params: Any) -> Any:
        """An answer that must be there."""
        return self._good(self.ask("GET", path, params=params))

    def post(self, path: str, key: str | None = None, **body: Any) -> Any:
        """A command that must succeed."""
        return self._good(self.ask("POST", path, json=body, key=key))

    def patch(self, path: str, **body: Any) -> Any:
        """A change by hand that must succeed; of whichever version there is, unless `ver` says of which."""
        seen = {} if "ver" in body else {"If-Match": "*"}
        return self._good(self.ask("PATCH", path, json=body, headers_also=seen))

    def page(self, path: str) -> str:
        """A page as a browser would get it."""
        answer = self.ask("GET", path, headers_also={"Accept": "text/html"})
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def rows(self, entity: str, **params: Any) -> list[dict[str, Any]]:
        """A list's rows: `rows("sales/stage", sort="position")`."""
        found: list[dict[str, Any]] = self.get(f"/{entity}", **params)["rows"]
        return found

    def one(self, entity: str, **params: Any) -> dict[str, Any]:
        """The only row of a list."""
        found = self.rows(entity, **params)
        assert len(found) == 1, f"{entity} {params}: {len(found)} rows"
        return found[0]

    @staticmethod
    def _good(answer: requests.Response) -> Any:
        assert answer.status_code in (200, 201, 202), (
            f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:600]}"
        )
        return answer.json()


@contextlib.contextmanager
def running() -> Iterator[System]:
    """A system for the length of a `with`, in a folder that a server without root's rights can reach."""
    folder = Path(tempfile.mkdtemp(prefix="guanxi-"))
    folder.chmod(0o755)
    system = System(folder)
    try:
        system.up()
        yield system
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)
