"""What we are measured against: an echo by nothing but py-amqp, and stock Nameko's.

python -m bench.contenders raw|nameko AMQP_URL
"""

import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import amqp

BODY = b'{"args": [], "kwargs": {"message": {"text": "hello"}}}'
QUEUE = "bench-echo"


def plain_connection(url: str) -> amqp.Connection:
    """As the library makes it, without anything of ours."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port}", userid=parts.username, password=parts.password,
        virtual_host=parts.path[1:],
    )  # fmt: skip
    connection.connect()
    return connection


def serve_raw(url: str) -> None:
    """Answers each message with itself, by direct reply-to."""
    connection = plain_connection(url)
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=True, auto_delete=True)

    def answer(message: amqp.Message) -> None:
        number = message.properties["correlation_id"]
        channel.basic_publish(
            amqp.Message(message.body, correlation_id=number), "", message.properties["reply_to"]
        )

    channel.basic_consume(QUEUE, no_ack=True, callback=answer)
    while True:
        connection.drain_events()


class RawClient:
    """One thread, one connection, no bookkeeping: the floor."""

    def __init__(self, url: str) -> None:
        self.connection = plain_connection(url)
        self.channel = self.connection.channel()
        self.answers = 0
        self.channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=self._count)

    def _count(self, _message: amqp.Message) -> None:
        self.answers += 1

    def batch(self, count: int) -> None:
        """So many requests in one flight."""
        wanted = self.answers + count
        for number in range(count):
            request = amqp.Message(BODY, correlation_id=str(number), reply_to="amq.rabbitmq.reply-to")
            self.channel.basic_publish(request, "", QUEUE)
        while self.answers < wanted:
            self.connection.drain_events()


def serve_nameko(url: str) -> None:
    """The same by Nameko as it comes."""
    import eventlet

    eventlet.monkey_patch()
    from nameko.rpc import rpc
    from nameko.runners import ServiceRunner

    class Stock:
        name = "bench_stock"

        @rpc  # type: ignore[untyped-decorator]
        def echo(self, message: dict[str, Any]) -> dict[str, Any]:
            return message

    runner = ServiceRunner({"AMQP_URI": url})
    runner.add_service(Stock)
    runner.start()
    runner.wait()


@contextmanager
def nameko_client(url: str) -> Any:
    """`batch(count)` by stock Nameko's standalone proxy."""
    from nameko.standalone.rpc import ClusterRpcProxy

    with ClusterRpcProxy({"AMQP_URI": url}) as proxy:
        echo = proxy.bench_stock.echo

        def batch(count: int) -> None:
            for reply in [echo.call_async(message={"text": "hello"}) for _ in range(count)]:
                reply.result()

        yield batch


def until_it_works(batch: Callable[[int], None], patience: float = 20) -> None:
    """Wait for a server that is only just starting."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return batch(1)
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    {"raw": serve_raw, "nameko": serve_nameko}[sys.argv[1]](sys.argv[2])
