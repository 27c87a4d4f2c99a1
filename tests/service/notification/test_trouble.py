"""Administrators are told of what goes wrong in the running of the whole: by mail, once a day for one reason."""

import time

import pytest

from chassis import health
from chassis.broker import Line
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Forbidden
from services.notification import model
from services.notification.actions.trouble import warn_of_silence
from tests.cast import ROOT_ID
from tests.desk import Desk
from tests.factories.notification import ALICE

GATEWAY = Actor.system("gateway")
PARKED = {"kind": "event_parked", "part": "sales", "what": "open_opportunity", "count": 2}


def test_a_parked_event_is_told_to_administrators_by_mail_once(house: Desk):
    house.ask(GATEWAY, "report_trouble", **PARKED)
    house.ask(GATEWAY, "report_trouble", **PARKED | {"count": 3})
    (told,) = house.rows(model.Notice)
    assert (told.owner_id, told.kind, told.way) == (ROOT_ID, "event_parked", "email")
    assert told.link == "/administration/messages"
    assert "open_opportunity" in told.text
    assert len(house.rows(model.Letter)) == 1


def test_another_door_is_another_reason_and_so_is_another_day(house: Desk):
    house.ask(GATEWAY, "report_trouble", **PARKED)
    house.ask(GATEWAY, "report_trouble", **PARKED | {"what": "note_payment"})
    house.later(hours=25)
    house.ask(GATEWAY, "report_trouble", **PARKED)
    assert len(house.rows(model.Notice)) == 3


@pytest.mark.parametrize(
    ("kind", "says"),
    [("events_late", "6 分钟"), ("job_failed", "ValueError"), ("part_silent", "sales 没有应答")],
)
def test_each_kind_has_its_words(house: Desk, kind: str, says: str):
    house.ask(
        GATEWAY,
        "report_trouble",
        kind=kind,
        part="sales",
        what="outbox",
        count=7,
        minutes=6,
        error="ValueError",
    )
    (told,) = house.rows(model.Notice)
    assert says in told.subject + told.text
    assert told.link == "/administration/operation"


def test_nobody_else_may_report(house: Desk):
    with pytest.raises(Forbidden):
        house.ask(ALICE, "report_trouble", **PARKED)


def test_that_the_broker_is_away_is_told_from_here(house: Desk, monkeypatch: pytest.MonkeyPatch):
    line = Line("amqp://u:p@127.0.0.1:9/x", "test", lambda channel: None)
    monkeypatch.setattr(health, "lines", [line])
    for name, value in {
        "AMQP_URL": line.url,
        "DATABASE_URL": "postgresql://x",
        "GUANXI_PUBLIC_KEY": "x",
    }.items():
        monkeypatch.setenv(name, value)
    for down, told in ((10, 0), (400, 1)):
        line.down_since = time.monotonic() - down
        with house.house.sessions.begin() as session:
            warn_of_silence(Work(session, Actor.system("clock"), house.house, door="warn_of_silence"))
        assert len(house.rows(model.Notice)) == told
    assert "RabbitMQ" in house.rows(model.Notice)[0].subject
