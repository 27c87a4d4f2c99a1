"""The mail server is down: nothing is lost, nothing is doubled, the pages say so, and it ends by itself (architecture §8)."""

from chassis.work import Work
from contracts.actor import Actor
from services.notification import model
from services.notification.actions import letter as letters
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, DAN_ID, FRANK_ID, ROOT_ID
from tests.desk import Desk
from tests.factories.notification import ALICE, ROOT, fell_due
from tests.service.notification.conftest import deliver
from tests.smtp_peer import Peer

PEOPLE = (ALICE_ID, BOB_ID, CAROL_ID, DAN_ID, FRANK_ID)


def run(kept: Desk, office, seconds: int, step: int = 5) -> None:
    """So much time goes by, and the post office looks every few seconds."""
    for _ in range(0, seconds, step):
        deliver(office)
        kept.later(seconds=step)


def test_for_ten_minutes(kept: Desk, peer: Peer, office):
    """Five reps are told of three instalments each while nobody takes mail; then somebody does."""
    mine = office()
    kept.hear(fell_due())
    deliver(mine)
    assert len(peer.taken) == 1
    peer.stop()
    for owner_id in PEOPLE:
        for number in range(3):
            kept.hear(fell_due(owner_id, contract_number=f"HT-{number}"))
    run(kept, mine, seconds=600)
    waiting = kept.rows(model.Letter, state="queued")
    assert len(waiting) == 15
    assert all("ConnectionRefusedError" in letter.error for letter in waiting)
    assert 5 <= max(letter.attempts for letter in waiting) <= 8, "it asks less and less often"
    state = kept.ask(ROOT, "mail_state")
    assert (state["queued"], state["stuck"], state["uncertain"]) == (15, 0, 0)
    assert "ConnectionRefusedError" in state["error"]
    assert kept.ask(ALICE, "bell")["count"] == 4, "the bell does not need mail"
    peer.start()
    run(kept, mine, seconds=600)
    assert {letter.state for letter in kept.rows(model.Letter)} == {"sent"}
    ids = [message["Message-ID"] for message in peer.letters()]
    assert len(ids) == len(set(ids)) == 16
    assert kept.ask(ROOT, "mail_state")["day"] == {"sent": 16}


def test_while_it_is_down_the_administrator_hears_of_it_once_a_day(kept: Desk, peer: Peer, office):
    peer.stop()
    mine = office()
    kept.hear(fell_due())
    for hours in (0, 1, 1, 1):
        kept.later(hours=hours)
        deliver(mine)
        _warn(kept)
    (told,) = kept.rows(model.Notice, owner_id=ROOT_ID)
    assert (told.kind, told.way) == ("mail_stuck", "bell")
    assert "有 1 封邮件" in told.subject
    assert "ConnectionRefusedError" in told.text
    assert kept.ask(ROOT, "mail_state")["stuck"] == 1
    kept.later(days=1)
    _warn(kept)
    assert len(kept.rows(model.Notice, owner_id=ROOT_ID)) == 2


def test_when_mail_gets_out_nobody_is_warned(kept: Desk, peer: Peer, office):
    kept.hear(fell_due())
    deliver(office())
    kept.later(hours=5)
    _warn(kept)
    assert kept.rows(model.Notice, owner_id=ROOT_ID) == []


def _warn(kept: Desk) -> None:
    """As the clock would, every ten minutes."""
    with kept.house.sessions.begin() as session:
        letters.warn_of_stuck_mail(
            Work(session, Actor.system("clock"), kept.house, door="warn_of_stuck_mail")
        )
