"""Where letters are handed in, read from GUANXI_SMTP_URL.

`smtp://host:port` takes STARTTLS when the server offers it; with a name and password (`smtp://name:password@host:587`)
or `?tls=required` nothing is said without it and the certificate must be right; `?tls=off` for a server of one's own
machine. `smtps://host:465` is encrypted from the first byte. `ca=/path/to/ca.pem` trusts a company's own authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for the server. The last one is long, as RFC 5321 asks: who gives up there does not know whether
    the letter was taken."""

    connect: float = 20.0
    answer: float = 120.0
    taken: float = 600.0


@dataclass(frozen=True)
class EmailSettings:
    """One mail server and who we are there."""

    host: str
    port: int
    sender: str
    public_url: str
    user: str | None = None
    password: str | None = None
    implicit_tls: bool = False
    tls: str = "auto"
    """auto: when offered; required; off."""
    ca: str | None = None
    patience: Patience = Patience()

    @classmethod
    def of(cls, url: str, sender: str, public_url: str, patience: Patience | None = None) -> EmailSettings:
        """Raises ValueError saying how such an address must look."""
        parts = urlsplit(url)
        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        tls = options.get("tls", "required" if parts.username else "auto")
        if (
            parts.scheme not in ("smtp", "smtps")
            or not parts.hostname
            or tls not in ("auto", "required", "off")
        ):
            raise ValueError(
                "GUANXI_SMTP_URL must look like smtp://[name:password@]host:port[?tls=auto|required|off]"
            )
        implicit = parts.scheme == "smtps"
        try:
            name, domain = Address(addr_spec=sender).username, sender.rpartition("@")[2]
            sender = f"{name}@{domain.encode('idna').decode()}"
            sender.encode("ascii")
        except (ValueError, IndexError, MessageError):
            raise ValueError("GUANXI_MAIL_FROM must be an address of mail, such as crm@example.com") from None
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if implicit else 587 if parts.username else 25),
            sender=sender,
            public_url=public_url.rstrip("/"),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or "") if parts.username else None,
            implicit_tls=implicit,
            tls=tls,
            ca=options.get("ca"),
            patience=patience or Patience(),
        )

    @property
    def is_certain(self) -> bool:
        """Whether we insist on talking to the right server: always before a password is said."""
        return self.tls == "required" or self.user is not None
