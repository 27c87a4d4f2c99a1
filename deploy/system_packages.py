"""What Guanxi needs from the operating system, and how it gets there: with root's or sudo's rights, or a clear word."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

RABBITMQ_PROGRAMS = Path(os.environ.get("GUANXI_RABBITMQ_PROGRAMS", "/usr/lib/rabbitmq/bin"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CJK_FONTS = Path("/usr/share/fonts/opentype/noto")
# Debian starts a service as soon as its package is installed, unless this file answers «no».
START_POLICY = Path("/usr/sbin/policy-rc.d")

NO_RIGHTS = """\
✗ Guanxi needs {what} from the operating system, and this account may not install {it}.
  Choose one:
  · ask an administrator for:   apt-get install {packages}
    and then run the same command again;
  · run everything in containers instead:   make secrets && docker compose up
{rabbitmq}"""
NO_RIGHTS_RABBITMQ = """\
  · use a RabbitMQ that runs elsewhere:   AMQP_URL=amqp://user:password@host:5672/vhost make up
  · unpack RabbitMQ's own archive anywhere (Erlang must be there):
    GUANXI_RABBITMQ_PROGRAMS=/path/to/rabbitmq_server/sbin make up
"""


class NotInstalled(Exception):
    """A system package is missing and cannot be installed from here; the text says what to do."""


def missing(purpose: str) -> list[str]:
    """Names of the Debian packages that are not there. Asks the file system, not dpkg: where from is no matter."""
    needed: dict[str, bool] = {
        "python3-venv": importlib.util.find_spec("ensurepip") is not None,
        "util-linux": shutil.which("setpriv") is not None,
    }
    if purpose == "test" or (purpose == "up" and not os.environ.get("AMQP_URL")):
        needed["rabbitmq-server"] = (RABBITMQ_PROGRAMS / "rabbitmq-server").exists()
    if purpose == "test":
        needed["chromium"] = any(shutil.which(name) for name in BROWSERS)
        needed["fonts-noto-cjk"] = CJK_FONTS.exists()
    return [package for package, there in needed.items() if not there]


def rights_to_install(packages: list[str]) -> list[str]:
    """The words in front of a command that root must run. Raises NotInstalled when there is no way to be root."""
    if shutil.which("apt-get"):
        if os.geteuid() == 0:
            return []
        sudo = shutil.which("sudo")
        if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
            return [sudo, "-n"]
        if sudo and sys.stdin.isatty():
            return [sudo]  # with a terminal, it asks for the password itself
    raise NotInstalled(
        NO_RIGHTS.format(
            what=" and ".join(packages),
            it="it" if len(packages) == 1 else "them",
            packages=" ".join(packages),
            rabbitmq=NO_RIGHTS_RABBITMQ if "rabbitmq-server" in packages else "",
        ).rstrip()
    )


def install(packages: list[str], rights: list[str]) -> None:
    """Install them without a question, and without starting the system's own broker."""
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=180", "-y", "-q"]
    with _nothing_started(rights):
        _run([*rights, *apt, "update"], packages)
        _run([*rights, *apt, "install", "--no-install-recommends", *packages], packages)
    still = [package for package in packages if package in missing("test")]
    if still:
        raise NotInstalled("✗ {} installed, but not found afterwards.".format(", ".join(still)))


@contextmanager
def _nothing_started(rights: list[str]) -> Iterator[None]:
    """The packages' own services stay down: Guanxi runs a private broker, and port 5672 stays as it was."""
    ours = not START_POLICY.exists()
    if ours:
        text = "#!/bin/sh\nexit 101\n"
        subprocess.run(
            [*rights, "tee", str(START_POLICY)], input=text, text=True, stdout=subprocess.DEVNULL, check=True
        )
        subprocess.run([*rights, "chmod", "755", str(START_POLICY)], check=True)
    try:
        yield
    finally:
        if ours:
            subprocess.run([*rights, "rm", "-f", str(START_POLICY)], check=False)
        if Path("/run/systemd/system").exists():
            _quietly([*rights, "systemctl", "disable", "--now", "rabbitmq-server.service"])
        _quietly([*rights, "epmd", "-kill"])  # the package leaves one behind; it stays if anybody uses it


def _quietly(command: list[str]) -> None:
    with suppress(FileNotFoundError):
        subprocess.run(command, capture_output=True, check=False)


def _run(command: list[str], packages: list[str]) -> None:
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-12:])
        raise NotInstalled(
            f"✗ {' '.join(command)}\n{last}\n  Installing {', '.join(packages)} failed; see above."
        )
