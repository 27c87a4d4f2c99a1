"""Who may import whom (.importlinter): gateway and services stand on the chassis, the chassis on the messages."""

from __future__ import annotations

import subprocess
import sys

from tests.conformance import everything


def test_the_import_contracts_hold():
    run = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=everything.ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
