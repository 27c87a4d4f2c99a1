"""How the gateway is served: the same under `make up` and in a container."""

import gc
import os
from typing import Any

from prometheus_client import multiprocess

from chassis import collector
from gateway.watch import Watch

bind = f"{os.environ.get('GUANXI_HOST', '127.0.0.1')}:{os.environ.get('GUANXI_PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("GUANXI_GATEWAY_PROCESSES", "1"))  # each keeps one connection to the broker
threads = 24
preload_app = True  # what is set wrong ends all of it with its reason, instead of one worker after the other
timeout = 60
graceful_timeout = 10
worker_tmp_dir = (
    "/dev/shm" if os.path.isdir("/dev/shm") else None
)  # the sign of life must not wait for a disk
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """What was loaded is here to stay: no collector need write to its pages."""
    gc.collect()
    gc.freeze()
    collector.look_seldom()


def post_worker_init(worker: Any) -> None:
    """Each worker keeps an eye on the whole, and writes the files that take long."""
    Watch(worker.wsgi).start()
    worker.wsgi.extensions["guanxi-exporter"].start()
    worker.wsgi.extensions["guanxi-stager"].start()


def child_exit(server: Any, worker: Any) -> None:
    """What a worker had under way went with it."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
