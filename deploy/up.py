"""`make up`: starts everything, waits until it is healthy, says where it is, and stays until Ctrl-C.

One process supervises; a child of it goes through the steps of the start and then leaves.
"""

import ctypes
import fcntl
import json
import mmap
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from . import (
    place,
    ports,
    postgres,
    prepare,
    processes,
    programs,
    rabbitmq,
    refusals,
    servers,
    settings,
    supervision,
)
from .programs import Program
from .supervision import say

PORT = 8000
PR_SET_PDEATHSIG = 1


class NotUp(Exception):
    """The start failed; the text says why and what to do."""


def main() -> int:
    """Bring Guanxi up with everything it has."""
    begun = time.monotonic()

    def start(own: list[Program]) -> None:
        start_guanxi(own)
        say_where(time.monotonic() - begun)

    def everything() -> list[Program]:
        os.environ["GUANXI_PORT"] = str(gateway_port())
        ports.claim(*settings.MAIL_PORTS)
        os.environ.update(settings.told())
        make_keys()
        forget_counts()
        prepare.mark().unlink(missing_ok=True)
        return programs.applications()

    return run(everything, start)


def run(applications: Callable[[], list[Program]], start: Callable[[list[Program]], None]) -> int:
    """Supervise the private servers and these applications; `start` is told the servers."""
    os.chdir(place.ROOT)
    place.run_dir().mkdir(parents=True, exist_ok=True)
    with (place.run_dir() / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotUp("Guanxi is running from this folder already. `make down` stops it.") from None
        left = supervision.clear_up()
        if left:
            say(f"ended what an earlier run had left behind: {', '.join(left)}")
        ports.claim(supervision.CONTROL)
        own = programs.private_servers()
        for server in own:
            servers.SERVERS[server.name].prepare()
        apps = applications()
        processes.remember("up", os.getpid())
        failed = mmap.mmap(-1, 1)
        if os.fork() == 0:
            _go_through(own, start, failed)
        supervision.supervise([*own, *apps])
        say("stopped; nothing is lost, `make up` continues")
        return failed[0]


def _go_through(own: list[Program], start: Callable[[list[Program]], None], failed: mmap.mmap) -> None:
    """The child's life. It ends with the supervisor, and a failed start ends the supervisor."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        supervision.when_there()
        start(own)
    except Exception as trouble:
        failed[0] = 1
        known = (NotUp, servers.NotReady)
        print(f"✗ {trouble if isinstance(trouble, known) else repr(trouble)}", file=sys.stderr, flush=True)
        os.kill(os.getppid(), signal.SIGTERM)
    os._exit(0)


def start_guanxi(own: list[Program]) -> None:
    """Databases, applications, demo data: each when the one before is ready."""
    listening = refusals.Refusals(program.name for program in programs.applications())
    begin = subprocess.Popen(
        [sys.executable, "-m", "deploy.prepare", *(server.name for server in own)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    say("starting " + ", ".join([*(server.name for server in own), "the services and the gateway"]))
    wait_for(own)
    say("bringing the databases to this version")
    said = finish(begin, listening.said)
    if begin.returncode:
        raise NotUp(refusals.in_text(said) or f"The databases could not be prepared:\n{said.strip()}")
    start_the_rest()
    address = f"http://127.0.0.1:{os.environ['GUANXI_PORT']}/healthz"
    wait_healthy(address, lambda: listening.said() or listening.ending())
    load_demo()


def finish(begun: subprocess.Popen[str], hopeless: Callable[[], str | None]) -> str:
    """What it said until its end. Raises NotUp as soon as waiting for it is of no use."""
    while True:
        try:
            return begun.communicate(timeout=0.3)[0]
        except subprocess.TimeoutExpired:
            if (why := hopeless()) is not None:
                begun.kill()
                raise NotUp(why) from None


def wait_for(own: list[Program]) -> None:
    """Until our own PostgreSQL and RabbitMQ answer."""
    for server in own:
        servers.wait_ready(server.name, 120)


def start_the_rest() -> None:
    """What could not start at once."""
    supervision.control().startProcessGroup(programs.THEN_APPS, False)


def wait_healthy(
    address: str, hopeless: Callable[[], str | None] = lambda: None, patience: float = 120
) -> None:
    """Until the gateway says that every part answers. Raises NotUp; at once when waiting is of no use."""
    last = "no answer yet"

    say("waiting until all parts answer")

    def healthy() -> bool:
        nonlocal last
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as refusal:
            last = _silent(refusal.read())
        except OSError:
            last = "the gateway does not answer"
        if (why := hopeless()) is not None:
            raise NotUp(why)
        return False

    if not processes.wait_until(healthy, patience, pause=0.2):
        raise NotUp(f"Not healthy after {patience:.0f} s: {last}. The logs are in {place.folder('log')}.")


def _silent(body: bytes) -> str:
    """The names of the parts that do not answer, out of what /healthz says. Raises NotUp for what is set wrong."""
    try:
        said = json.loads(body)
        silent = "no answer from " + ", ".join(said["silent"])
    except (ValueError, KeyError, TypeError):
        return body[:300].decode(errors="replace")
    if wrong := said.get("wrong"):
        raise NotUp("\n".join([refusals.MARK, *(f"  {line}" for line in wrong)]))
    return silent


def wants_demo() -> bool:
    """Everybody who tries Guanxi does; `GUANXI_DEMO=no` begins with empty books."""
    return os.environ.get("GUANXI_DEMO", "yes") != "no"


def load_demo() -> None:
    """Demo data, once for each database server: what a person deletes later must not come back."""
    done = place.folder("postgres") / "demo-loaded"
    mark = os.environ["DATABASE_URL"].rpartition("@")[2]
    if not wants_demo() or (done.exists() and done.read_text() == mark):
        return
    say("loading demo data, once")
    command = [sys.executable, "-m", "deploy.demo"]
    if subprocess.run(command, stdin=subprocess.DEVNULL, env=os.environ | settings.signing()).returncode:
        raise NotUp(
            "The demo data could not be loaded whole; see above. To begin anew, remove .run and start again."
        )
    done.write_text(mark)


def say_where(seconds: float) -> None:
    """Address and logins, the last thing a start prints."""
    mail = f"http://127.0.0.1:{os.environ['GUANXI_MAIL_PAGE_PORT']}"
    print(f"\n  Guanxi is ready after {seconds:.0f} s:   {os.environ['GUANXI_PUBLIC_URL']}")
    print(f"  Mail it sends can be read at:  {mail}\n")
    if wants_demo():
        from .demo import LOGINS

        for chinese, english, login, password in LOGINS:
            print(f"    {login:<8} {password:<14} {english} · {chinese}")
    else:
        print("    The first administrator:   make admin LOGIN=root NAME='…'")
    print("\n  Ctrl-C stops everything.", flush=True)


def gateway_port() -> int:
    """The port asked for, which must be free; else 8000 or the next free one."""
    asked = os.environ.get("GUANXI_PORT")
    if asked:
        if not asked.isdigit() or not ports.is_free(int(asked)):
            raise NotUp(f"GUANXI_PORT={asked} is not a free port. Choose another, or leave it out.")
        return int(asked)
    port = next(port for port in range(PORT, PORT + 1000) if ports.is_free(port))
    if port != PORT:
        say(f"port {PORT} is taken by another program, so Guanxi answers on {port}; GUANXI_PORT=… chooses")
    return port


def forget_counts() -> None:
    """What the processes of an earlier run counted."""
    for left in place.folder("metrics").glob("*.db"):
        left.unlink()


def make_keys() -> None:
    """The key pair for actors' tokens and the gateway's cookie secret, once."""
    secrets = place.folder("secrets", 0o700)
    place.secret("cookie")
    if not (secrets / "actor.private.pem").exists():
        done = subprocess.run(
            [sys.executable, "-m", "chassis", "keys", str(secrets)], capture_output=True, text=True
        )
        if done.returncode:
            raise NotUp(f"The keys could not be made:\n{done.stderr}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (NotUp, postgres.PostgresUnusable, rabbitmq.RabbitmqUnusable, processes.StillRunning) as trouble:
        sys.exit(f"✗ {trouble}")
