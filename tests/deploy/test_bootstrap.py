"""Preparing a machine: what is there is left alone, what is missing comes, what cannot come is said once."""

import json
import os
import shutil
import subprocess
import sys

from deploy import postgres
from tests.deploy.project_copy import Copy

NOTHING_LOCKED = {
    "name": "empty",
    "lockfileVersion": 3,
    "requires": True,
    "packages": {"": {"name": "empty"}},
}


def test_the_second_preparation_has_nothing_to_do_and_a_lost_part_is_made_again(copy: Copy) -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        (copy.root / name).write_text("")
    (copy.root / "package.json").write_text('{"name": "empty", "private": true}')
    (copy.root / "package-lock.json").write_text(json.dumps(NOTHING_LOCKED))
    first = copy.python("-m", "deploy.bootstrap", "up")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "making the Python environment" in first.stdout
    assert (copy.root / ".venv/bin/python").exists()
    assert copy.python("-m", "deploy.bootstrap", "up").stdout == ""

    (copy.root / "requirements.txt").write_text("# a newer list\n")
    second = copy.python("-m", "deploy.bootstrap", "up").stdout
    assert "installing the Python packages" in second
    assert "page components" not in second
    shutil.rmtree(copy.root / "node_modules")
    assert "page components" in copy.python("-m", "deploy.bootstrap", "up").stdout


def test_without_rights_to_install_one_message_names_the_choices(copy: Copy) -> None:
    environment = copy.environment(
        AMQP_URL="",
        GUANXI_RABBITMQ_PROGRAMS="/nowhere",
        GUANXI_RUN_DIR=str(copy.root / "open"),
        PATH="/nowhere",
    )
    setpriv = shutil.which("setpriv") or ""
    (copy.root / "open").mkdir(mode=0o777)
    (copy.root / "open").chmod(0o777)
    as_nobody = [setpriv, *postgres.as_its_user()[1:]] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_nobody, sys.executable, "-m", "deploy.bootstrap", "up"],
        cwd=copy.root, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    for choice in (
        "ask an administrator",
        "apt-get install",
        "rabbitmq-server",
        "docker compose up",
        "AMQP_URL=amqp://",
    ):
        assert choice in done.stderr
    assert "Traceback" not in done.stderr


def test_an_old_python_is_named(copy: Copy) -> None:
    bootstrap = copy.root / "deploy/bootstrap.py"
    bootstrap.write_text(bootstrap.read_text().replace("OLDEST_PYTHON = (3, 11)", "OLDEST_PYTHON = (4, 0)"))
    done = copy.python("-m", "deploy.bootstrap", "up")
    assert done.returncode == 1
    assert "Guanxi needs Python 4.0 or newer" in done.stderr
