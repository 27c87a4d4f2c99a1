"""`make` alone lists every command with a word on what it does."""

import re
import subprocess

from deploy import place


def test_make_alone_lists_every_command() -> None:
    done = subprocess.run(["make"], cwd=place.ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""  # a target written twice, for one
    listed = done.stdout
    targets = set(re.findall(r"^([a-z]+):", (place.ROOT / "Makefile").read_text(), re.MULTILINE))
    assert targets == set(re.findall(r"^  make ([a-z]+) +\S", listed, re.MULTILINE))
    assert {"up", "down", "test", "check"} <= targets
