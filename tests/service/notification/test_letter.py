"""The letter as mail programs read it: headers once each, both languages, plain text beside HTML, a link (style: RFC 5322)."""

import subprocess
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from services.notification import model
from services.notification.channels import DeliveryFailed, Parcel
from services.notification.channels.email.channel import Email
from services.notification.channels.email.message import letter
from services.notification.channels.email.settings import EmailSettings
from tests.cast import ALICE_ID, BOB_ID
from tests.desk import Desk
from tests.factories.notification import fell_due, staff
from tests.service.notification.conftest import PUBLIC_URL, SENDER, SHORT, deliver
from tests.smtp_peer import Peer

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")


def parcel(**values) -> Parcel:
    return Parcel(
        **{
            "id": "<1@guanxi.example>", "address": "alice@example.com", "recipient": "陈爱丽", "language": "zh_CN",
            "subject": "应收款已逾期：HT-HQ-2026-00001", "text": "请尽快联系客户。\n.一行以点开头\nFrom 开头", "link": "/a/b",
            "greeting": "陈爱丽，您好：", "open": "打开查看", "footer": "请勿直接回复。", "written_at": NOON,
        } | values
    )  # fmt: skip


def test_a_letter_has_every_header_once_and_reads_as_it_was_meant(kept: Desk, peer: Peer, office):
    event = fell_due()
    kept.hear(event)
    deliver(office())
    (message,) = peer.letters()
    assert message.defects == []
    assert [len(message.get_all(name)) for name in ONCE] == [1] * len(ONCE)
    assert message["From"].addresses[0].addr_spec == SENDER
    (to,) = message["To"].addresses
    assert (to.display_name, to.addr_spec) == ("陈爱丽", "alice@example.com")
    assert message["Subject"] == "应收款已逾期：HT-HQ-2026-00001，¥1,234.50"
    assert message["Date"].datetime == NOON
    assert message["Message-ID"] == kept.rows(model.Letter)[0].message_id
    assert message["Message-ID"].endswith("@guanxi.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    link = f"{PUBLIC_URL}/receivables/receivable/{event.receivable_id}"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert (message.get_content_type(), text.get_content_charset(), html.get_content_charset()) == (
        "multipart/alternative",
        "utf-8",
        "utf-8",
    )
    assert "上海泰微" in text.get_content()
    assert f"打开查看: {link}" in text.get_content()
    assert f'<a href="{link}">打开查看</a>' in html.get_content()
    assert '<html lang="zh-CN">' in html.get_content()


def test_the_english_letter_is_english_throughout(kept: Desk, peer: Peer, office):
    kept.hear(fell_due(BOB_ID))
    deliver(office())
    (message,) = peer.letters()
    text = message.get_body(("plain",)).get_content()
    assert text.startswith("Dear Bob,")
    assert "Shanghai Taiwei" in text
    assert text.isascii() or "¥" in text
    assert message["Content-Language"] == "en"


def test_the_bytes_are_plain_ascii_in_short_lines_ended_as_mail_wants_it():
    raw = letter(parcel(subject="长" * 300, text="行" * 5000), SENDER, PUBLIC_URL)
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == "长" * 300


@pytest.mark.parametrize(
    "wicked",
    [
        {"subject": "x\r\nBcc: everybody@example.com"}, {"recipient": 'A"\r\nBcc: e@example.com, <x@y.z>'},
        {"recipient": "逗号, 引号\" <b@example.com>"},
    ],
)  # fmt: skip
def test_no_value_becomes_a_header_or_another_recipient(wicked: dict):
    message = message_from_bytes(letter(parcel(**wicked), SENDER, PUBLIC_URL), policy=policy.default)
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["alice@example.com"]
    assert message.defects == []


def test_no_value_becomes_markup():
    message = message_from_bytes(
        letter(parcel(text="<script>alert(1)</script> & $subject", subject="<b>$footer"), SENDER, PUBLIC_URL),
        policy=policy.default,
    )
    html = message.get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; $subject" in html
    assert "<h1>&lt;b&gt;$footer</h1>" in html


def test_a_line_that_begins_with_a_dot_arrives_whole(kept: Desk, peer: Peer, office):
    with Email(EmailSettings.of(peer.url, SENDER, PUBLIC_URL, SHORT)).open() as line:
        line.offer(parcel())
        line.finish()
    text = peer.letters()[0].get_body(("plain",)).get_content()
    assert ".一行以点开头\r\nFrom 开头" in text


def test_a_domain_beyond_ascii_is_written_as_dns_wants_it(kept: Desk, peer: Peer, office):
    kept.hear(staff(ALICE_ID, "Alice", "alice@例子.cn", ver=2))
    kept.hear(fell_due())
    deliver(office())
    assert [to for to, _ in peer.taken] == ["alice@xn--fsqu00a.cn"]


def test_what_is_no_address_is_refused_without_asking_the_server(peer: Peer):
    with (
        Email(EmailSettings.of(peer.url, SENDER, PUBLIC_URL, SHORT)).open() as line,
        pytest.raises(DeliveryFailed) as raised,
    ):
        line.offer(parcel(address="nobody at all"))
    assert raised.value.permanent
    assert peer.taken == []


# -- encryption and passwords -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for this machine that nobody vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key.pem", "-out",
         folder / "cert.pem", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def guarded(certificate: Path):
    """A mail server that wants encryption and a password."""
    import ssl

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")

    def known(_server, _session, _envelope, _mechanism, said) -> AuthResult:
        right = isinstance(said, LoginPassword) and (said.login, said.password) == (b"crm", b"p@ss/wort")
        return AuthResult(success=right, handled=False)

    peer = Peer()
    peer.start(tls_context=context, require_starttls=True, auth_required=True, authenticator=known)
    yield peer
    peer.stop()


def sent(peer: Peer, user: str, options: str = "") -> None:
    url = f"smtp://{user}127.0.0.1:{peer.port}{options}"
    with Email(EmailSettings.of(url, SENDER, PUBLIC_URL, SHORT)).open() as line:
        line.offer(parcel())
        line.finish()


def test_a_letter_goes_out_encrypted_under_name_and_password(guarded: Peer, certificate: Path):
    sent(guarded, "crm:p%40ss%2Fwort@", f"?ca={certificate}/cert.pem")
    assert len(guarded.taken) == 1


def test_a_wrong_password_is_tried_again_because_it_is_no_fault_of_the_letter(
    guarded: Peer, certificate: Path
):
    with pytest.raises(DeliveryFailed) as raised:
        sent(guarded, "crm:wrong@", f"?ca={certificate}/cert.pem")
    assert (raised.value.step, raised.value.code, raised.value.permanent) == ("auth", 535, False)


def test_no_password_is_said_to_a_server_nobody_vouches_for(guarded: Peer):
    with pytest.raises(DeliveryFailed) as raised:
        sent(guarded, "crm:p%40ss%2Fwort@")
    assert (raised.value.step, "CERTIFICATE" in raised.value.answer) == ("tls", True)


def test_a_server_that_wants_a_password_and_gets_none_is_tried_again(guarded: Peer):
    with pytest.raises(DeliveryFailed) as raised:
        sent(guarded, "")
    assert (raised.value.step, raised.value.code, raised.value.permanent) == ("from", 530, False)


def test_no_password_is_said_without_encryption(peer: Peer):
    with pytest.raises(DeliveryFailed) as raised:
        sent(peer, "crm:secret@")
    assert (raised.value.step, raised.value.answer) == ("tls", "the mail server offers no encryption")


@pytest.mark.parametrize("url", ["http://mail:25", "smtp://", "smtp://mail:25?tls=perhaps", "mail:25"])
def test_an_address_that_makes_no_sense_is_said(url: str):
    with pytest.raises(ValueError, match="GUANXI_SMTP_URL"):
        EmailSettings.of(url, SENDER, PUBLIC_URL)


@pytest.mark.parametrize("sender", ["nobody", "a b@example.com", "", "客户@example.com", "a@"])
def test_a_sender_that_is_none_is_said(sender: str):
    with pytest.raises(ValueError, match="GUANXI_MAIL_FROM"):
        EmailSettings.of("smtp://mail", sender, PUBLIC_URL)


@pytest.mark.parametrize(
    ("url", "port"),
    [("smtp://mail", 25), ("smtp://a:b@mail", 587), ("smtps://mail", 465), ("smtp://mail:2525", 2525)],
)
def test_ports_are_the_usual_ones_unless_told(url: str, port: int):
    assert EmailSettings.of(url, SENDER, PUBLIC_URL).port == port
