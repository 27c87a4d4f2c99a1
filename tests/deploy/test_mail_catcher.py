"""The mail catcher takes a mail by SMTP, keeps it on disk, and shows it without letting it do anything."""

import smtplib
import urllib.request
from email.message import EmailMessage

from deploy import ports, processes
from tests.deploy.project_copy import Copy

CATCHER = 'Program("mail", (sys.executable, "-m", "deploy.mail_catcher"))'


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return str(answer.read().decode())


def test_a_mail_can_be_read_in_the_browser_and_on_disk(copy: Copy) -> None:
    smtp, page = ports._next_free(set()), ports._next_free({ports._next_free(set())})
    copy.up(CATCHER, GUANXI_SMTP_URL=f"smtp://127.0.0.1:{smtp}", GUANXI_MAIL_PAGE_PORT=str(page))
    copy.wait_said("ready")
    assert processes.wait_until(lambda: not ports.is_free(smtp), 20)

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "crm@guanxi.example",
        "lin@guanxi.example",
        "应收款已到期 <b>!</b>",
    )
    mail.set_content("泰微公司的分期款已到期。<script>alert(1)</script>")
    mail.add_alternative("<p>分期款</p><script>alert(2)</script>", subtype="html")
    with smtplib.SMTP("127.0.0.1", smtp, timeout=10) as line:
        line.send_message(mail)

    listed = read(f"http://127.0.0.1:{page}/")
    assert "应收款已到期 &lt;b&gt;" in listed
    key = listed.partition('<a href="/')[2].partition('"')[0]
    shown = read(f"http://127.0.0.1:{page}/{key}")
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>" not in shown
    assert "<iframe sandbox" in shown
    assert "<p>分期款</p>" in read(f"http://127.0.0.1:{page}/{key}/html")
    assert len(list((copy.run_dir / "mail" / "new").iterdir())) == 1
