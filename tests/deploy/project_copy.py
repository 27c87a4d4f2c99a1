"""A copy of the deploy folder that starts programs of no meaning, to see how it keeps them."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from deploy import place, processes


class Copy:
    """A project folder of its own with a start script: `deploy.up.run` over the given programs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.run_dir = root / ".run"
        self.started: list[subprocess.Popen[str]] = []
        shutil.copytree(place.ROOT / "deploy", root / "deploy", ignore=shutil.ignore_patterns("__pycache__"))

    def environment(self, **more: str) -> dict[str, str]:
        """No private servers unless a test wants them, and no trace of the machine's own copy."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GUANXI_")}
        clean |= {"DATABASE_URL": "postgresql://nobody@nowhere", "AMQP_URL": "amqp://nobody@nowhere"}
        return {key: value for key, value in (clean | more).items() if value}

    def python(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run Python in this copy to its end."""
        command = [sys.executable, *words]
        return subprocess.run(
            command,
            cwd=self.root,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def up(self, programs: str, start: str = "", **more: str) -> subprocess.Popen[str]:
        """Start to supervise; without a terminal, its words go into the file `said`."""
        script = textwrap.dedent(
            f"""
            import sys
            from deploy import servers, supervision, up
            from deploy.programs import Program
            PROGRAMS = [{programs}]
            def start(own):
                supervision.control().startProcessGroup("apps", True)
                {start or "pass"}
                up.say("ready")
            try:
                sys.exit(up.run(lambda: PROGRAMS, start))
            except up.NotUp as trouble:
                sys.exit(f"✗ {{trouble}}")
            """
        )
        with (self.root / "said").open("a") as said:
            process = subprocess.Popen(
                [sys.executable, "-c", script],
                cwd=self.root,
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                text=True,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def said(self) -> str:
        return (self.root / "said").read_text()

    def wait_said(self, words: str, times: int = 1) -> None:
        def settled() -> bool:
            return self.said().count(words) >= times or self.started[-1].poll() is not None

        assert processes.wait_until(settled, 60), self.said()
        assert self.said().count(words) >= times, self.said()

    def pid(self, name: str) -> int | None:
        """The number of a supervised program, once it runs."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GUANXI_RUN_DIR", str(self.run_dir))
            return processes.find(name)

    def wait_pid(self, name: str, other_than: int | None = None) -> int:
        assert processes.wait_until(lambda: self.pid(name) not in (None, other_than), 30), self.said()
        return self.pid(name) or 0


def strays(root: Path) -> list[str]:
    """Command lines of living processes that work in this folder or name it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words and ((entry / "cwd").resolve().is_relative_to(root) or str(root) in words):
                found.append(words)
        except OSError:
            continue
    return found
