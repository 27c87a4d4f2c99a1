"""A mail server for trying Guanxi out: takes every mail, delivers none, shows them in the browser and keeps them on disk.

Mail arrives by SMTP, lies in `.run/mail` (a Maildir, readable by any mail program), and is shown at a small page.
"""

import asyncio
import html
import mailbox
import os
import signal
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.handlers import Mailbox

from . import place

LARGEST = 32 * 1024 * 1024
# Nothing in a mail may run or fetch anything: it is shown to whoever tries the product out.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; sandbox allow-same-origin"
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd}}
pre{{white-space:pre-wrap;background:#f6f6f6;padding:1rem}}iframe{{width:100%;height:30rem;border:1px solid #ddd}}
</style></head><body>{body}</body></html>"""


class MailPage(BaseHTTPRequestHandler):
    """The list of mails, one mail, its HTML part, its source."""

    box: mailbox.Maildir

    def do_GET(self) -> None:
        """`/`, `/<key>`, `/<key>/html`, `/<key>/source`."""
        key, _, part = unquote(urlsplit(self.path).path).strip("/").partition("/")
        if not key:
            return self._answer(_list(self.box))
        try:
            raw = self.box.get_bytes(key)
        except KeyError:
            return self._answer(PAGE.format(title="404", body="There is no such mail."), status=404)
        mail = message_from_bytes(raw, policy=policy.default)
        if part == "html":
            return self._answer(_text(mail, "html") or "")
        if part == "source":
            return self._answer(raw.decode(errors="replace"), kind="text/plain")
        return self._answer(_mail(key, mail))

    def _answer(self, text: str, status: int = 200, kind: str = "text/html") -> None:
        body = text.encode(errors="replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Who reads what is of no interest here."""


def _list(box: mailbox.Maildir) -> str:
    """Newest first. A name in the folder begins with the second of arrival."""
    rows = []
    for key in sorted(box.keys(), reverse=True):
        mail = message_from_bytes(box.get_bytes(key), policy=policy.default)
        cells = [_said(mail, "date"), _said(mail, "to"), _said(mail, "subject") or "(no subject)"]
        link = f'<a href="/{quote(key)}">{cells.pop()}</a>'
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in [*cells, link]) + "</tr>")
    head = f"<h1>{len(rows)} mails</h1><p>Guanxi's mails end here; nobody has received them.</p>"
    table = "<table><tr><th>Sent<th>To<th>Subject</tr>" + "".join(rows) + "</table>"
    return PAGE.format(title="Mails", body=head + table)


def _mail(key: str, mail: EmailMessage) -> str:
    lines = "".join(
        f"<tr><th>{name}</th><td>{_said(mail, name)}</td></tr>"
        for name in ("From", "To", "Cc", "Date", "Subject")
    )
    names = [part.get_filename() or part.get_content_type() for part in mail.iter_attachments()]
    attached = f"<p>Attached: {html.escape(', '.join(names))}</p>" if names else ""
    text = f"<pre>{html.escape(_text(mail, 'plain') or '')}</pre>"
    framed = f'<iframe sandbox src="/{quote(key)}/html"></iframe>' if _text(mail, "html") else ""
    links = f'<p><a href="/">All mails</a> · <a href="/{quote(key)}/source">Source</a></p>'
    return PAGE.format(
        title=_said(mail, "subject"), body=f"{links}<table>{lines}</table>{attached}{text}{framed}"
    )


def _said(mail: EmailMessage, header: str) -> str:
    return html.escape(str(mail.get(header, "")))


def _text(mail: EmailMessage, kind: str) -> str | None:
    part = mail.get_body((kind,))
    if part is None:
        return None
    try:
        return str(part.get_content())
    except LookupError:  # a character set that does not exist
        return str((part.get_payload(decode=True) or b"").decode(errors="replace"))  # type: ignore[union-attr]


def main() -> None:
    """Serve both until told to stop."""
    port = urlsplit(os.environ["GUANXI_SMTP_URL"]).port or 25
    folder = place.run_dir() / "mail"
    MailPage.box = mailbox.Maildir(folder)
    host = os.environ.get("GUANXI_HOST", "127.0.0.1")
    page = ThreadingHTTPServer((host, int(os.environ["GUANXI_MAIL_PAGE_PORT"])), MailPage)
    threading.Thread(target=page.serve_forever, daemon=True).start()

    loop = asyncio.new_event_loop()
    smtp = UnthreadedController(
        Mailbox(folder), host, port, loop=loop, data_size_limit=LARGEST, enable_SMTPUTF8=True
    )
    smtp.begin()  # type: ignore[no-untyped-call]
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, loop.stop)
    loop.run_forever()
    smtp.end()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
