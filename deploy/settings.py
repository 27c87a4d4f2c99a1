"""The settings that every process of this copy gets, and a way to run one command with them.

    python -m deploy.settings COMMAND …

Private servers that are not running are started for the command and stopped after it.
"""

import os
import subprocess
import sys

from . import place, ports, servers

# A password's hash takes 19 MiB for a moment. Left alone, glibc keeps that much for each thread that ever made one:
# 400 MiB after 28 people were hired. Large pieces from the kernel are given back at once.
GIVE_MEMORY_BACK = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "4194304"}
MAIL_PORTS = ("mail_smtp", "mail_page")


def told() -> dict[str, str]:
    """What every process is told. Whatever the environment says already stays."""
    chosen = ports.remembered()
    port = os.environ.get("GUANXI_PORT", "8000")
    place.folder("secrets", 0o700)
    place.secret("metrics")
    told = {
        **servers.addresses(),
        "GUANXI_PUBLIC_KEY_FILE": str(place.run_dir() / "secrets" / "actor.public.pem"),
        "GUANXI_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "GUANXI_SMTP_URL": f"smtp://127.0.0.1:{chosen['mail_smtp']}",
        "GUANXI_MAIL_PAGE_PORT": str(chosen["mail_page"]),
        "PYTHONUNBUFFERED": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(place.folder("metrics")),
        "GUANXI_METRICS_TOKEN_FILE": str(place.run_dir() / "secrets" / "metrics"),
        **GIVE_MEMORY_BACK,
    }
    return told | {key: os.environ[key] for key in told if os.environ.get(key)}


def signing() -> dict[str, str]:
    """Where the keys are with which one speaks for people: for the gateway, and for who may use this machine."""
    secrets = place.folder("secrets", 0o700)
    return {
        "GUANXI_PRIVATE_KEY_FILE": str(secrets / "actor.private.pem"),
        "GUANXI_SECRET_KEY_FILE": str(secrets / "cookie"),
    }


def main() -> int:
    """Run the command; its exit code is ours."""
    if "mail_smtp" not in ports.remembered():
        ports.claim(*MAIL_PORTS)
    started = servers.start()
    try:
        return subprocess.run(sys.argv[1:], env=os.environ | told() | signing()).returncode
    finally:
        for name in started:
            servers.stop(name)


if __name__ == "__main__":
    sys.exit(main())
