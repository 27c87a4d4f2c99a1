"""`make check`, `make test`, `make unit`: the checks in order, the tests against servers of their own.

The tests' PostgreSQL and RabbitMQ live under `.run/test`, so a running `make up` is not touched.
Services run under eventlet, which must be there before anything else is imported, and the gateway must run
without it; so their tests are two runs of pytest. The last line adds them up.
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from . import place, servers

CHECKS = {
    "format": ("-m", "ruff", "format", "--check", "--quiet", "."),
    "lint": ("-m", "ruff", "check", "--quiet", "."),
    "types": ("-m", "mypy", "contracts", "chassis", "deploy", "gateway", "services"),
    "imports": ("-c", "from importlinter.cli import lint_imports_command as run; run()"),
}
UNDER_EVENTLET = {"chassis", "service"}
WITHOUT_SERVERS = {"unit", "contracts"}


def main() -> int:
    """What the first word asks for; without one, everything."""
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    os.chdir(place.ROOT)
    if what == "all" and not check():
        return 1
    if what == "unit":
        return run_tests([sorted(folder for folder in folders() if folder in WITHOUT_SERVERS)])
    return with_servers()


def check() -> bool:
    """Everything short of running the product, stopping at the first that fails."""
    for name, command in CHECKS.items():
        print(f"· {name}", flush=True)
        if subprocess.run([sys.executable, *command], stdin=subprocess.DEVNULL).returncode:
            print(f"✗ {name}", flush=True)
            return False
    return True


def with_servers() -> int:
    """All tests, in as many runs as they need. Servers that were not running are stopped again."""
    os.environ["GUANXI_RUN_DIR"] = str(place.run_dir() / "test")
    print("· starting the tests' own PostgreSQL and RabbitMQ", flush=True)
    started = servers.start(throwaway=True)
    os.environ.update(servers.addresses())
    there = folders()
    green = [folder for folder in there if folder in UNDER_EVENTLET]
    plain = [folder for folder in there if folder not in UNDER_EVENTLET]
    try:
        return run_tests([green, plain])
    finally:
        for name in started:
            servers.stop(name)


def folders() -> list[str]:
    """The folders of tests/ that hold tests."""
    return sorted(path.name for path in Path("tests").iterdir() if any(path.rglob("test_*.py")))


def run_tests(runs: list[list[str]]) -> int:
    """One pytest for each list of folders; a line that adds them up comes last."""
    counted = {"passed": 0, "failed": 0, "skipped": 0}
    worst = 0
    for number, names in enumerate(run for run in runs if run):
        report = place.folder("reports") / f"tests-{number}.xml"
        report.unlink(missing_ok=True)
        paths = [f"tests/{name}" for name in names]
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *paths]
        code = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
        worst = worst or code
        for kind, count in count_of(report).items():
            counted[kind] += count
    print(
        f"\n{counted['passed']} passed, {counted['failed']} failed, {counted['skipped']} skipped", flush=True
    )
    return worst


def count_of(report: Path) -> dict[str, int]:
    """How many tests ended how, out of pytest's report. A run that broke off without one is a failure."""
    if not report.exists():
        return {"failed": 1}
    suite = next(ElementTree.parse(report).iter("testsuite"))
    number = {kind: int(suite.get(kind, 0)) for kind in ("tests", "failures", "errors", "skipped")}
    failed = number["failures"] + number["errors"]
    return {
        "passed": number["tests"] - failed - number["skipped"],
        "failed": failed,
        "skipped": number["skipped"],
    }


if __name__ == "__main__":
    try:
        sys.exit(main())
    except servers.NotReady as trouble:
        sys.exit(f"✗ {trouble}")
