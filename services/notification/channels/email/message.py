"""A parcel as a letter: plain text and HTML beside each other, headers as RFC 5322 and 2047 want them."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from services.notification import rules
from services.notification.channels import Parcel

SENDER_NAME = "Guanxi"
LANGUAGE_TAGS = {"zh_CN": "zh-CN", "en": "en"}


def letter(parcel: Parcel, sender: str, public_url: str) -> bytes:
    """The whole letter in the bytes that are sent, the same for the same parcel except where MIME draws its boundary."""
    link = f"{public_url}{parcel.link}" if parcel.link else None
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SENDER_NAME, addr_spec=sender)
    message["To"] = Address(rules.one_line(parcel.recipient), addr_spec=parcel.address)
    message["Subject"] = rules.one_line(parcel.subject)
    message["Date"] = format_datetime(parcel.written_at)
    message["Message-ID"] = parcel.id
    message["Auto-Submitted"] = "auto-generated"
    # base64: short lines of plain ASCII, whatever the text, so that no server on the way has a reason to touch it
    message.set_content(_text(parcel, link), cte="base64")
    message.add_alternative(_html(parcel, link), subtype="html", cte="base64")
    message["Content-Language"] = LANGUAGE_TAGS[parcel.language]
    return message.as_bytes()


def _text(parcel: Parcel, link: str | None) -> str:
    parts = [
        parcel.greeting, parcel.text, *([f"{parcel.open}: {link}"] if link else []), "-- ", parcel.footer,
    ]  # fmt: skip
    return "\n\n".join(parts[:-2]) + "\n\n" + "\n".join(parts[-2:]) + "\n"


def _html(parcel: Parcel, link: str | None) -> str:
    paragraphs = "".join(
        f"<p>{escape(line)}</p>" for line in (parcel.greeting, *parcel.text.splitlines()) if line.strip()
    )
    button = f'<p><a href="{escape(link)}">{escape(parcel.open)}</a></p>' if link else ""
    return _page().substitute(
        language=LANGUAGE_TAGS[parcel.language],
        subject=escape(rules.one_line(parcel.subject)),
        paragraphs=paragraphs,
        button=button,
        footer=escape(parcel.footer),
    )


@cache
def _page() -> Template:
    return Template((Path(__file__).parent / "letter.html").read_text(encoding="utf-8"))
