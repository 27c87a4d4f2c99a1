"""Hands a letter to a mail server by SMTP, step by step, so that every refusal is known with the step it came at.

What the server says about the letter or its recipient with 5xx is final. What it says before that (greeting, encryption,
password) is about us and the server: it is tried again, and whoever runs the system sees it.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.errors import MessageError
from typing import Any, TypeVar

from chassis.settings import service_settings
from services.notification.channels import DeliveryFailed, Parcel, Taken
from services.notification.channels.email.message import letter
from services.notification.channels.email.settings import EmailSettings

T = TypeVar("T")
NOT_ABOUT_THE_LETTER = frozenset({421, 454, 530, 534, 535, 538})
"""Replies about encryption and passwords or the server's own state, whatever step they come at."""
LAST_WORD_PATIENCE = 5.0
"""Seconds for saying goodbye: nothing depends on it any more."""


class Line:
    """A conversation with the server about one letter."""

    def __init__(self, smtp: smtplib.SMTP, settings: EmailSettings) -> None:
        self._smtp, self._settings = smtp, settings
        self._mid_letter = False
        """Whether whatever we say now is a part of the letter."""

    def offer(self, parcel: Parcel) -> None:
        """Sender, recipient, and the letter without its end."""
        try:
            content = letter(parcel, self._settings.sender, self._settings.public_url)
            address, options = self._envelope(parcel.address)
        except (ValueError, IndexError, MessageError) as error:
            raise DeliveryFailed("to", f"not an address: {error}", permanent=True) from None
        self._asked("from", lambda: self._smtp.mail(self._settings.sender, options))
        self._asked("to", lambda: self._smtp.rcpt(address))
        self._asked("data", lambda: self._smtp.docmd("DATA"), wanted=(354,))
        self._mid_letter = True
        _attempted("body", lambda: self._smtp.send(_stuffed(content)))

    def finish(self) -> Taken:
        """The dot that ends the letter. From here on only an answer tells whether it was taken."""
        self.wait(self._settings.patience.taken)
        try:
            self._smtp.send(b".\r\n")
            code, said = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryFailed("end", _said(error), uncertain=True) from None
        self._mid_letter = False
        if 200 <= code < 300:
            return Taken("end", code, _text(said))
        if 400 <= code < 600:
            raise _refused("end", code, said)
        raise DeliveryFailed("end", _text(said), code=code, uncertain=True)

    def cut(self) -> None:
        """Hang up, whoever is waiting at this line."""
        with contextlib.suppress(OSError, AttributeError):
            self._smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    def _envelope(self, address: str) -> tuple[str, list[str]]:
        """The address as the server is told it; a name beyond ASCII needs a server that takes such names."""
        name, _, domain = address.rpartition("@")
        address = f"{name}@{domain.encode('idna').decode()}"
        if address.isascii():
            return address, []
        if not self._smtp.has_extn("smtputf8"):
            raise DeliveryFailed(
                "to", "the mail server takes no addresses beyond ASCII", code=553, permanent=True
            )
        self._smtp.command_encoding = "utf-8"
        return address, ["SMTPUTF8", "BODY=8BITMIME"]

    def _asked(
        self, step: str, ask: Callable[[], tuple[int, bytes]], wanted: tuple[int, ...] = (250, 251, 252)
    ) -> None:
        code, said = _attempted(step, ask)
        if code not in wanted:
            raise _refused(step, code, said)

    def wait(self, seconds: float) -> None:
        """How long to wait for the server's next word."""
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def hang_up(self) -> None:
        """Say goodbye, without waiting long for an answer; in the middle of a letter without a word."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if not self._mid_letter:
                self.wait(LAST_WORD_PATIENCE)
                self._smtp.quit()
        with contextlib.suppress(OSError):
            self._smtp.close()


class Email:
    """Letters to one mail server."""

    name = "email"

    def __init__(self, settings: EmailSettings) -> None:
        self.settings = settings

    @classmethod
    def from_settings(cls) -> Email:
        """As the environment says. Raises ValueError when GUANXI_SMTP_URL cannot be read."""
        given = service_settings()
        return cls(EmailSettings.of(given.smtp_url, given.mail_from, given.public_url))

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.settings.sender.rpartition("@")[2]

    @contextmanager
    def open(self) -> Iterator[Line]:
        """A line on which the server has greeted us, encrypted and signed in as the settings want it."""
        smtp = _attempted("connect", self._connect)
        line = Line(smtp, self.settings)
        try:
            line.wait(self.settings.patience.answer)
            self._introduce(smtp)
            yield line
        finally:
            line.hang_up()

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        # the name we greet with is said, not looked up: a look-up of one's own name may take longer than the letter
        options: dict[str, Any] = {
            "host": settings.host, "port": settings.port, "timeout": settings.patience.connect,
            "local_hostname": self.domain,
        }  # fmt: skip
        if settings.implicit_tls:
            return smtplib.SMTP_SSL(**options, context=self._trust())
        return smtplib.SMTP(**options)

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        settings = self.settings
        _attempted("connect", smtp.ehlo_or_helo_if_needed)
        if not settings.implicit_tls and settings.tls != "off":
            if smtp.has_extn("starttls"):
                code, said = _attempted("tls", lambda: smtp.starttls(context=self._trust()))
                if code != 220:
                    raise DeliveryFailed("tls", _text(said), code=code)
                _attempted("tls", smtp.ehlo_or_helo_if_needed)
            elif settings.is_certain:
                raise DeliveryFailed("tls", "the mail server offers no encryption")
        if settings.user is not None:
            _attempted("auth", lambda: smtp.login(settings.user or "", settings.password or ""))

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.settings.ca)
        if not (self.settings.is_certain or self.settings.implicit_tls or self.settings.ca):
            # encryption that is taken because it is offered protects from listeners, not from impostors
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context


def _attempted(step: str, act: Callable[[], T]) -> T:
    """What the server answers; whatever goes wrong is a delivery that may be tried again."""
    try:
        return act()
    except smtplib.SMTPResponseException as error:
        raise DeliveryFailed(step, _text(error.smtp_error), code=error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(step, _said(error)) from None


def _refused(step: str, code: int, said: bytes) -> DeliveryFailed:
    final = 500 <= code < 600 and code not in NOT_ABOUT_THE_LETTER
    return DeliveryFailed(step, _text(said), code=code, permanent=final)


def _stuffed(content: bytes) -> bytes:
    """A letter as it is sent: lines end in CRLF, a dot at the beginning of one is doubled."""
    lines = re.sub(rb"\r\n|\n|\r", b"\r\n", content)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:1000]


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000] if str(error) else type(error).__name__


CHANNEL = Email
