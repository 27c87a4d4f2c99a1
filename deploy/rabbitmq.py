"""The private RabbitMQ node: the system package's programs, data under `.run/rabbitmq`, loopback only.

The wrappers in /usr/sbin change to the system's user, settings and cookie and so cannot serve a
private node; the programs in /usr/lib/rabbitmq/bin run as anyone.
"""

import os
import re
import shutil
import subprocess
import tempfile
import zlib
from pathlib import Path

from . import ports
from .place import folder, secret
from .system_packages import RABBITMQ_PROGRAMS as PROGRAMS

NAME = "rabbitmq"
USER = VHOST = "guanxi"
# The command line tools take a port of their own while they talk to the node.
TOOL_PORTS = tuple(f"rabbitmq_tool_{number}" for number in range(5))


class RabbitmqUnusable(Exception):
    """The private RabbitMQ cannot run here; the text says what to do."""


def url(vhost: str = VHOST) -> str:
    """Address of a virtual host of this node."""
    return f"amqp://{USER}:{secret('rabbitmq')}@127.0.0.1:{ports.remembered()[NAME]}/{vhost}"


def prepare() -> None:
    """Choose the ports. Only while it is not running."""
    if not (PROGRAMS / "rabbitmq-server").exists():
        raise RabbitmqUnusable(f"RabbitMQ is not installed: there is no {PROGRAMS}/rabbitmq-server.")
    ports.claim(NAME, "rabbitmq_peer", "epmd", *TOOL_PORTS)


def configure() -> None:
    """Write the node's settings anew; they take effect when it starts."""
    chosen, home = ports.remembered(), folder(NAME)
    settings = {
        "listeners.tcp.1": f"127.0.0.1:{chosen[NAME]}",
        "default_user": USER,
        "default_pass": secret("rabbitmq"),
        "default_vhost": VHOST,
        "log.file": "false",
        "log.console": "true",
        "log.console.level": "warning",
        "log.console.use_colors": "off",
        "heartbeat": 20,
        "vm_memory_high_watermark.absolute": "512MB",
        "disk_free_limit.absolute": "200MB",
        "raft.wal_max_size_bytes": 16
        * 1024
        * 1024,  # quorum queues keep this much in memory; 512 MB unless said
    }
    config = "".join(f"{key} = {value}\n" for key, value in settings.items())
    texts = {
        "rabbitmq.conf": config,
        "advanced.config": "[].\n",
        "enabled_plugins": "[].\n",
        "environment": "",
    }
    for name, text in texts.items():
        (home / name).touch(mode=0o600)
        (home / name).write_text(text)


def command(throwaway: bool, with_parent: bool) -> list[str]:
    """What to run in the foreground; `environment` belongs to it. Neither choice makes a difference here."""
    return [str(PROGRAMS / "rabbitmq-server")]


def environment() -> dict[str, str]:
    """What the node and its tools must know; the system's own settings must not leak in."""
    home, chosen = folder(NAME), ports.remembered()
    tools = [chosen[name] for name in TOOL_PORTS]
    return (
        os.environ
        | {
            "HOME": str(folder(f"{NAME}/home")),  # the cookie lies here
            "LANG": "C.UTF-8",
            "RABBITMQ_CONF_ENV_FILE": str(home / "environment"),
            "RABBITMQ_NODENAME": "guanxi@localhost",  # no look-up of this machine's name, no trouble when it changes
            "RABBITMQ_MNESIA_BASE": str(plain_name(home) / "mnesia"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(home / "advanced.config"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "generated"),
            "RABBITMQ_PID_FILE": str(home / "node.pid"),
            "RABBITMQ_DIST_PORT": str(chosen["rabbitmq_peer"]),
            "RABBITMQ_CTL_DIST_PORT_MIN": str(min(tools)),
            "RABBITMQ_CTL_DIST_PORT_MAX": str(max(tools)),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the server instead of watching over it
            "ERL_EPMD_PORT": str(chosen["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
    )


def plain_name(path: Path) -> Path:
    """The same folder under a name of plain letters: the node hands it unquoted to `df`, to watch the disk's room."""
    if re.fullmatch(r"[A-Za-z0-9_./-]+", str(path)):
        return path
    link = Path(tempfile.gettempdir()) / f"guanxi-{os.getuid()}-{zlib.crc32(os.fsencode(path)):08x}"
    if not link.is_symlink():
        link.symlink_to(path)
    if link.lstat().st_uid != os.getuid() or link.readlink() != path:
        raise RabbitmqUnusable(f"{link} should lead to {path} and does not; remove it.")
    return link


def start_port_mapper() -> None:
    """Erlang's port mapper, as a child that dies with the node. Left to itself, Erlang starts one that outlives it."""
    epmd = shutil.which("epmd") or "/usr/lib/erlang/bin/epmd"
    port = str(ports.remembered()["epmd"])
    subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", epmd, "-address", "127.0.0.1", "-port", port],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def is_ready() -> bool:
    """Whether it lets us in with our own password."""
    import amqp

    server = f"127.0.0.1:{ports.remembered()[NAME]}"
    try:
        with amqp.Connection(
            server, userid=USER, password=secret("rabbitmq"), virtual_host=VHOST, connect_timeout=5
        ):
            return True
    except (OSError, amqp.AMQPError):
        return False


def control(*words: str) -> str:
    """Run `rabbitmqctl` against the private node. Takes about a second."""
    done = subprocess.run(
        [str(PROGRAMS / "rabbitmqctl"), "--quiet", *words],
        env=environment(),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise RabbitmqUnusable(f"rabbitmqctl {words[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def add_vhost(name: str) -> str:
    """A virtual host of its own, for tests; answers its address."""
    control("add_vhost", name)
    control("set_permissions", "-p", name, USER, ".*", ".*", ".*")
    return url(name)


def delete_vhost(name: str) -> None:
    """Take the virtual host away with everything in it."""
    control("delete_vhost", name)
