"""`make check`, `make test`, `make unit`: the checks in order, the tests against servers of their own.

The tests' PostgreSQL and RabbitMQ live under `.run/test`, so a running `make up` is not touched.
"""

import os
import subprocess
import sys

from . import place, servers

CHECKS = {
    "format": ("-m", "ruff", "format", "--check", "--quiet", "."),
    "lint": ("-m", "ruff", "check", "--quiet", "."),
    "types": ("-m", "mypy", "contracts", "chassis", "deploy", "gateway", "services"),
    "imports": ("-c", "from importlinter.cli import lint_imports_command as run; run()"),
}
WITHOUT_SERVERS = ("tests/unit",)
HANDS = 4
"""How many run tests at once, at most; more would only wait for PostgreSQL and RabbitMQ. One more than there are cores: much
of what they do is waiting for what they started, killed or sent."""


def main() -> int:
    """What the first word asks for; without one, everything."""
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    os.chdir(place.ROOT)
    if what == "all" and not check():
        return 1
    return pytest(*WITHOUT_SERVERS) if what == "unit" else test()


def check() -> bool:
    """Everything short of running the product, stopping at the first that fails."""
    for name, command in CHECKS.items():
        print(f"· {name}", flush=True)
        if subprocess.run([sys.executable, *command], stdin=subprocess.DEVNULL).returncode:
            print(f"✗ {name}", flush=True)
            return False
    return True


def test() -> int:
    """All tests. Servers that were not running are stopped again; somebody else's are never used."""
    for given in servers.GIVEN_AS.values():
        os.environ.pop(given, None)
    os.environ["GUANXI_RUN_DIR"] = str(place.run_dir() / "test")
    print("· starting the tests' own PostgreSQL and RabbitMQ", flush=True)
    started = servers.start(throwaway=True)
    os.environ.update(servers.addresses())
    try:
        return pytest("-n", str(min((os.cpu_count() or 1) + 1, HANDS)), "tests")
    finally:
        for name in started:
            servers.stop(name)


def pytest(*words: str) -> int:
    """Its own closing line, with the counts, is the last that is printed."""
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *words], stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except servers.NotReady as trouble:
        sys.exit(f"✗ {trouble}")
