"""What a process is told keeps its memory small."""

import os
import subprocess
import sys

from deploy.settings import GIVE_MEMORY_BACK

HASH_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from argon2 import PasswordHasher
with ThreadPoolExecutor(10) as threads:
    list(threads.map(PasswordHasher(memory_cost=19 * 1024, time_cost=1, parallelism=1).hash, "x" * 20))
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")))
"""


def test_what_passwords_took_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HASH_AT_ONCE],
        env=os.environ | GIVE_MEMORY_BACK,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 80 * 1024  # KiB; 200,000 and more without


CHILD = """
import gc, os
from deploy import nursery
nursery.import_all([])
if os.fork() == 0:
    nursery.grow_up()
    print(gc.isenabled(), gc.get_freeze_count() > 10_000, flush=True)
    os._exit(0)
os.wait()
"""


def test_a_service_collects_its_own_garbage_but_not_its_parents() -> None:
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
