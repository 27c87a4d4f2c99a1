"""Other programs are told of what happened: signed, each event once in their books, again until they have heard it (users 20)."""

from __future__ import annotations

import json
import socket
import typing
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from standardwebhooks.webhooks import Webhook as StandardWebhook
from standardwebhooks.webhooks import WebhookVerificationError

from chassis import registry
from contracts.changes import ChangedRecord
from contracts.customer import CustomerRecordsChanged, LeadDropped
from contracts.errors import Forbidden, Invalid
from contracts.message import Listed
from contracts.notification import CHANGES, Told, WebhookListed
from services.notification import calling, model, rules
from services.notification.courier import Courier
from tests.cast import ALICE_ID
from tests.conformance import everything
from tests.desk import Desk
from tests.factories.notification import ALICE, ROOT
from tests.http_peer import Listener, certificate
from tests.service.notification.conftest import wait_until


def test_it_works(kept: Desk, listener: Listener, courier, webhook):
    secret = kept.ask(ROOT, "show_webhook_secret", webhook_id=webhook())["secret"]
    kept.hear(LeadDropped(lead_id=ALICE_ID, owner_id=ALICE_ID))
    deliver(courier())
    ((headers, body),) = listener.told
    read = StandardWebhook(secret).verify(body, headers)
    assert (read["type"], read["data"]["lead_id"]) == ("customer.lead_dropped", str(ALICE_ID))
    assert headers["webhook-id"] == read["id"]
    (row,) = kept.rows(model.WebhookDelivery)
    assert (row.state, row.code, row.attempts) == ("sent", 204, 1)


def test_with_another_secret_the_signature_is_refused(kept: Desk, listener: Listener, courier, webhook):
    id = webhook()
    old = kept.ask(ROOT, "show_webhook_secret", webhook_id=id)["secret"]
    new = kept.ask(ROOT, "renew_webhook_secret", webhook_id=id)["secret"]
    kept.hear(LeadDropped(lead_id=ALICE_ID))
    deliver(courier())
    ((headers, body),) = listener.told
    assert StandardWebhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        StandardWebhook(old).verify(body, headers)


def test_it_is_told_only_of_what_it_asked_for_and_only_while_it_is_active(
    kept: Desk, listener, courier, webhook
):
    wanted = webhook(events=["lead_dropped"])
    webhook(is_active=False)
    kept.hear(LeadDropped(lead_id=ALICE_ID))
    kept.hear(LeadDropped(lead_id=ROOT.id))
    deliver(courier())
    assert {str(row.webhook_id) for row in kept.rows(model.WebhookDelivery)} == {wanted}
    assert len(listener.told) == 2


def test_changes_of_records_come_only_to_whoever_asked_for_them(kept: Desk, listener, courier, webhook):
    """One that is told of everything that happens is not told of each changed phone number as well."""
    webhook()
    wanted = webhook(events=["customer_records_changed"])
    record = ChangedRecord(id=ALICE_ID, ver=7, fields=("phone",))
    kept.hear(CustomerRecordsChanged(changes_id=ROOT.id, entity="customer.customer", records=(record,)))
    deliver(courier())
    ((_, body),) = listener.told
    assert json.loads(body)["data"]["records"] == [{"id": str(ALICE_ID), "ver": 7, "fields": ["phone"]}]
    (row,) = kept.rows(model.WebhookDelivery)
    assert str(row.webhook_id) == wanted
    card = kept.emitted(WebhookListed)[-1]
    assert card.data == {"events": ["customer_records_changed"], "is_active": True}, "by which services know"


def test_what_is_not_heard_is_told_again_later_under_the_same_id(
    kept: Desk, listener: Listener, courier, webhook
):
    webhook()
    listener.answers = [500, 307]
    kept.hear(LeadDropped(lead_id=ALICE_ID))
    one = courier()
    for _ in range(3):
        deliver(one)
        deliver(one)  # nothing is due before its time
        kept.later(seconds=rules.DELAYS[1])
    assert len({headers["webhook-id"] for headers, _ in listener.told}) == 1
    assert [len(listener.told), kept.rows(model.WebhookDelivery)[0].state] == [3, "sent"]


def test_whoever_is_gone_is_told_nothing_more_and_administrators_hear_of_it(
    kept: Desk, listener, courier, webhook
):
    id = webhook()
    listener.answers = [410]
    kept.hear(LeadDropped(lead_id=ALICE_ID))
    deliver(courier())
    kept.hear(LeadDropped(lead_id=ROOT.id))
    deliver(courier())
    assert len(listener.told) == 1
    assert kept.ask(ROOT, "get", entity="notification.webhook", id=id)["row"]["is_active"] is False
    assert [row.state for row in kept.rows(model.WebhookDelivery)] == ["failed"]


def test_after_some_days_it_is_given_up_and_a_person_may_send_it_again(
    kept: Desk, listener, courier, webhook
):
    webhook()
    listener.answers = [503, 503]
    kept.hear(LeadDropped(lead_id=ALICE_ID))
    deliver(courier())
    kept.later(days=4)
    deliver(courier())
    (row,) = kept.rows(model.WebhookDelivery)
    assert row.state == "failed"
    kept.ask(ROOT, "resend_webhook_delivery", id=str(row.id))
    deliver(courier())
    assert kept.rows(model.WebhookDelivery)[0].state == "sent"


def test_what_a_dead_process_had_in_hand_is_told_by_another(kept: Desk, listener: Listener, courier, webhook):
    webhook()
    listener.silent.set()
    kept.hear(LeadDropped(lead_id=ALICE_ID))
    courier().run_due()  # it hangs, as dead as can be
    wait_until(lambda: listener.told)
    listener.silent.clear()
    other = courier()
    deliver(other)
    assert len(listener.told) == 1, "taken from a process that may still be at work"
    kept.later(minutes=3)
    deliver(other)
    assert len(listener.told) == 2
    assert kept.rows(model.WebhookDelivery)[0].state == "sent"


def test_a_slow_program_does_not_hold_up_another(kept: Desk, listener: Listener, courier, webhook):
    quick = Listener()
    try:
        webhook()
        webhook(url=quick.url)
        listener.silent.set()
        for _ in range(10):
            kept.hear(LeadDropped(lead_id=ALICE_ID))
        one = courier()
        wait_until(lambda: one.run_due() and len(quick.told) == 10)
        assert len(listener.told) == 4
    finally:
        quick.close()


def test_this_machine_is_not_called_unless_that_is_allowed(kept: Desk, listener: Listener, courier, webhook):
    webhook()
    kept.hear(LeadDropped(lead_id=ALICE_ID))
    deliver(courier(own_machine=False))
    (row,) = kept.rows(model.WebhookDelivery)
    assert (listener.told, row.state, row.code) == ([], "queued", None)
    assert "may be called" in row.answer


def lead(monkeypatch, *addresses: str) -> list[str]:
    """Let names lead to these addresses, one after the other; gives which names were looked up."""
    asked, real = [], socket.getaddrinfo
    waiting = list(addresses)

    def led(host, port, *more, **named):
        if str(host).endswith(".example"):
            asked.append(host)
            host = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return real(host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", led)
    return asked


def test_what_was_looked_at_is_what_is_called(
    kept: Desk, listener: Listener, courier, webhook, monkeypatch, tmp_path
):
    """Whoever answers for a name cannot lead us elsewhere afterwards; nor does what stands in this machine's surroundings."""
    port = urlsplit(listener.url).port
    asked = lead(monkeypatch, "127.0.0.1", "127.0.0.2")
    (tmp_path / "netrc").write_text("machine xn--i8s974k.example login root password hunter2\n")
    for name, value in (("HTTP_PROXY", "http://127.0.0.1:9"), ("http_proxy", "http://127.0.0.1:9"), ("NETRC", str(tmp_path / "netrc"))):  # fmt: skip
        monkeypatch.setenv(name, value)
    webhook(url=f"http://钩子.example:{port}/收?a=1")
    kept.hear(LeadDropped(lead_id=ALICE_ID))
    deliver(courier())
    ((headers, _),) = listener.told
    assert (headers["host"], "authorization" in headers) == (f"xn--i8s974k.example:{port}", False)
    assert asked == ["xn--i8s974k.example"]


def test_with_tls_the_certificate_is_that_of_the_name(kept: Desk, courier, webhook, monkeypatch, tmp_path):
    """The name is what is trusted, not the address that it leads to."""
    listener = Listener(certificate("hooks.example", tmp_path))
    lead(monkeypatch, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "hooks.example.pem"))
    calling._trusted.cache_clear()
    try:
        port = urlsplit(listener.url).port
        for name in ("hooks", "other"):
            webhook(url=f"https://{name}.example:{port}/", name=name)
        kept.hear(LeadDropped(lead_id=ALICE_ID))
        deliver(courier())
    finally:
        listener.close()
        calling._trusted.cache_clear()
    ((headers, _),) = listener.told
    assert headers["host"].startswith("hooks.example")
    refused = next(row for row in kept.rows(model.WebhookDelivery) if row.state == "queued")
    assert "other.example" in refused.answer


@pytest.mark.parametrize(
    ("addresses", "within"),
    [(["93.184.216.34"], True), (["10.1.2.3"], True), (["127.0.0.1"], False), (["169.254.169.254"], False),
     (["::ffff:127.0.0.1"], False), (["fe80::1%eth0"], False), (["8.8.8.8", "127.0.0.1"], False), ([], False)],
)  # fmt: skip
def test_where_we_may_be_led(addresses: list[str], within: bool):
    assert rules.is_within_reach(addresses, own_machine=False) is within


@pytest.mark.parametrize(
    "url", ["ftp://example.com/x", "https://", "http://me:secret@example.com/", "not an address"]
)
def test_an_address_that_cannot_be_called_is_refused_by_name(kept: Desk, url: str):
    with pytest.raises(Invalid) as refused:
        kept.create(ROOT, "notification.webhook", name="x", url=url)
    assert [problem.field for problem in refused.value.fields] == ["url"]


def test_only_whoever_runs_the_system_has_to_do_with_webhooks(kept: Desk, webhook):
    id = webhook()
    for door, values in (
        ("show_webhook_secret", {"webhook_id": id}), ("ping_webhook", {"id": id}),
        ("list", {"entity": "notification.webhook"}), ("list", {"entity": "notification.webhook_delivery"}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            kept.ask(ALICE, door, values)


def test_the_secret_stands_nowhere_else(kept: Desk, webhook):
    id = webhook()
    secret = kept.ask(ROOT, "show_webhook_secret", webhook_id=id)["secret"]
    kept.ask(ROOT, "update", entity="notification.webhook", id=id, values={"name": "Neu"})
    shown = [kept.ask(ROOT, door, entity="notification.webhook", id=id) for door in ("get", "history")]
    assert secret not in json.dumps(shown)


def test_every_event_can_be_told():
    """Whoever adds an event adds it here too, or it stays unknown to other programs."""
    news = {
        event.noun() for event in registry.events().values()
        if not issubclass(event, Listed) and event.service() != "notification"
    }  # fmt: skip
    assert news <= set(typing.get_args(Told))
    told_by = {cls.tells_changes_by for cls in everything.services().values()} - {None}
    assert {event.noun() for event in told_by} == set(CHANGES)
    doors = everything.services()["notification"].reactions()
    assert {f"tell_programs_of_{name}" for name in typing.get_args(Told)} <= doors.keys()


def deliver(courier: Courier) -> None:
    """Everything that is due now gets its attempt."""
    courier.run_due()
    assert courier.wait(30.0), "a delivery never came to an end"


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture
def courier(kept: Desk) -> Iterator[Callable[..., Courier]]:
    """`courier()`: as another process would have one."""
    made: list[Courier] = []

    def at(**options) -> Courier:
        made.append(Courier(kept.house, **{"own_machine": True, **options}))
        return made[-1]

    yield at
    for each in made:
        each.close(patience=0.0)


@pytest.fixture
def webhook(kept: Desk, listener: Listener) -> Callable[..., str]:
    """`webhook(events=[…])`: one that the listener stands behind; gives its id."""

    def made(**values) -> str:
        asked = {"name": "BI", "url": listener.url, **values}
        return kept.create(ROOT, "notification.webhook", **asked)["id"]

    return made
