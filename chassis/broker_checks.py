"""Whether RabbitMQ can be used as we are told to: what is wrong is said with the setting that names it.

Needs no database, so that the gateway can ask too.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Iterable

import amqp
from amqp import spec
from amqp.exceptions import AccessRefused, NotAllowed

from chassis.broker import LINK_ERRORS, Address, connect

OLDEST_RABBITMQ = (3, 10)
CLOCK_TOLERANCE = 300.0
"""Seconds that clocks of two machines may be apart: as much as a token's time may be wrong."""
PROBE = "check"
"""A routing key to which nothing is bound: what is sent with it reaches nobody."""

Check = Callable[[], str | None]
"""Says what is wrong, or None. Raises NotYet when that cannot be known now."""


class NotYet(Exception):
    """It does not answer; perhaps it is only starting."""


def patiently(check: Check, deadline: float, waits: Callable[[str], None] = lambda why: None) -> list[str]:
    """What is wrong, waiting until the deadline for what does not answer yet; `waits` hears once what for."""
    told = False
    while True:
        try:
            found = check()
        except NotYet as error:
            if time.monotonic() > deadline:
                return [str(error)]
            if not told:
                waits(str(error))
                told = True
            time.sleep(0.5)
        else:
            return [found] if found else []


def broker_problem(url: str, exchanges: Iterable[str] = ()) -> str | None:
    """Why RabbitMQ cannot be used, or why we may not publish to these exchanges. Raises NotYet when it does not answer."""
    address = Address.of(url)
    try:
        with contextlib.closing(connect(url, "check")) as connection:
            version = str(connection.server_properties.get("version", "0.0"))
            if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_RABBITMQ:
                return f"AMQP_URL: RabbitMQ at {address.host} is {version}; 3.10 or newer is needed"
            for exchange in exchanges:
                if (refused := _refused(connection, exchange)) is not None:
                    return refusal(address, refused)
    except AccessRefused:
        return f"AMQP_URL: RabbitMQ at {address.host} refuses the user or the password"
    except NotAllowed:
        return f"AMQP_URL: there is no virtual host {address.vhost} at {address.host}, or we may not use it"
    except socket.gaierror as error:
        return f"AMQP_URL: there is no machine called {address.host.rsplit(':', 1)[0]} ({error.strerror})"
    except ssl.SSLCertVerificationError as error:
        return f"AMQP_URL: the certificate of {address.host} is not right ({error.verify_message})"
    except LINK_ERRORS as error:
        raise NotYet(f"AMQP_URL: RabbitMQ does not answer at {address.host} ({error})") from None
    return None


def refusal(address: Address, refused: AccessRefused) -> str:
    """Which right is missing, as RabbitMQ says it."""
    said = str(refused.reply_text or refused).removeprefix("ACCESS_REFUSED - ")
    return f"AMQP_URL: RabbitMQ at {address.host} does not let us work: {said} (rabbitmqctl set_permissions)"


def _refused(connection: amqp.Connection, exchange: str) -> AccessRefused | None:
    """Declare an exchange and publish to it what reaches nobody: the refusal, if there is one."""
    try:
        with contextlib.closing(connection.channel()) as channel:
            if exchange:  # the one without a name is there always
                channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
            arguments = (0, exchange, PROBE, False, False)
            channel.send_method(spec.Basic.Publish, "Bssbb", arguments, amqp.Message(b""))
            channel.basic_qos(0, 1, False)  # is answered after what was published, or not at all
    except AccessRefused as error:
        return error
    return None
