"""Letters reach a real mail server: tried again while it is unable, never after it refused, and never twice (NTF-02)."""

import threading
from decimal import Decimal

import pytest

from contracts.notification import LetterFailed
from services.notification import model
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, DAN_ID, ROOT_ID
from tests.desk import Desk
from tests.factories.notification import ROOT, fell_due, staff
from tests.service.notification.conftest import deliver, wait_until
from tests.smtp_peer import Peer


def address(desk: Desk, name: str, owner_id=ALICE_ID, ver: int = 9) -> str:
    """Alice gets this address."""
    desk.hear(staff(owner_id, name, f"{name}@example.com", ver=ver))
    return f"{name}@example.com"


def letter(desk: Desk, **where) -> model.Letter:
    (found,) = desk.rows(model.Letter, **where)
    return found


def log(desk: Desk) -> list[tuple]:
    found = sorted(desk.rows(model.Attempt), key=lambda row: (row.began_at, row.turn))
    return [(row.outcome, row.step, row.code) for row in found]


def test_a_letter_is_sent_once_and_the_log_says_so(kept: Desk, peer: Peer, office):
    kept.hear(fell_due())
    mine = office()
    for _ in range(3):
        deliver(mine)
        kept.later(hours=1)
    assert len(peer.taken) == 1
    sent = letter(kept)
    assert (sent.state, sent.attempts, sent.next_attempt_at, sent.error) == ("sent", 1, None, None)
    assert log(kept) == [("sent", "end", 250)]
    assert kept.rows(model.Attempt)[0].answer == "2.0.0 taken"


def test_greylisted_it_is_tried_again_at_growing_delays_until_it_is_taken(kept: Desk, peer: Peer, office):
    to = address(kept, "grey")
    kept.hear(fell_due())
    mine = office()
    deliver(mine)
    deliver(mine)
    assert peer.asked[to] == 1, "it came back before its time"
    kept.later(seconds=10)
    deliver(mine)
    kept.later(seconds=29)
    deliver(mine)
    assert peer.asked[to] == 2
    kept.later(seconds=1)
    deliver(mine)
    assert (letter(kept).state, len(peer.taken)) == ("sent", 1)
    assert log(kept) == [("postponed", "to", 451), ("postponed", "to", 451), ("sent", "end", 250)]


def test_written_while_the_clock_was_a_day_ahead_it_does_not_wait_for_that_day(
    kept: Desk, peer: Peer, office
):
    kept.later(days=1)
    kept.hear(fell_due())
    kept.later(days=-1)
    deliver(office())
    assert len(peer.taken) == 1


@pytest.mark.parametrize(("name", "step", "code"), [("no", "to", 550), ("full", "end", 552)])
def test_refused_for_good_it_is_not_tried_again(kept: Desk, peer: Peer, office, name: str, step: str, code):
    to = address(kept, name)
    kept.hear(fell_due())
    mine = office()
    for _ in range(3):
        deliver(mine)
        kept.later(days=1)
    assert peer.asked[to] == 1
    assert (letter(kept, address=to).state, log(kept)) == ("failed", [("refused", step, code)])
    assert str(code) in letter(kept, address=to).error
    assert [event.code for event in kept.emitted(LetterFailed)] == [code]
    (told,) = kept.rows(model.Notice, kind="mail_failed")
    assert told.owner_id == ROOT_ID
    assert to in told.subject


def test_a_slow_or_refusing_recipient_holds_up_nobody_else(kept: Desk, peer: Peer, office):
    for owner_id, name in ((ALICE_ID, "mute"), (BOB_ID, "no"), (CAROL_ID, "carol"), (DAN_ID, "dan")):
        address(kept, name, owner_id)
        for _ in range(3):
            kept.hear(fell_due(owner_id))
    mine = office(slots=4)
    for _ in range(4):
        mine.run_due()
        wait_until(lambda: mine.in_hand <= {ALICE_ID})
    assert len(peer.letters("carol@example.com")) == len(peer.letters("dan@example.com")) == 3
    assert peer.asked["no@example.com"] == 3
    mine.wait(30)
    slow = [row for row in kept.rows(model.Letter, owner_id=ALICE_ID) if row.attempts]
    assert {row.state for row in slow} == {"queued"}
    assert all("timed out" in row.error for row in slow)


def test_a_server_that_is_down_gets_the_letter_when_it_is_back(kept: Desk, peer: Peer, office):
    peer.stop()
    kept.hear(fell_due())
    mine = office()
    deliver(mine)
    assert (letter(kept).state, log(kept)) == ("queued", [("postponed", "connect", None)])
    peer.start()
    kept.later(seconds=10)
    deliver(mine)
    assert (letter(kept).state, len(peer.taken)) == ("sent", 1)


def test_hanging_up_in_the_middle_is_tried_again(kept: Desk, peer: Peer, office):
    address(kept, "early")
    kept.hear(fell_due())
    mine = office()
    deliver(mine)
    address(kept, "alice", ver=10)
    kept.later(seconds=10)
    deliver(mine)
    assert log(kept) == [("postponed", "to", None), ("sent", "end", 250)]


@pytest.mark.parametrize("name", ["die", "hang"])
def test_no_answer_after_the_end_leaves_it_uncertain_and_it_is_not_sent_again(
    kept: Desk, peer: Peer, office, name: str
):
    to = address(kept, name)
    kept.hear(fell_due())
    mine = office()
    for _ in range(3):
        deliver(mine)
        kept.later(days=1)
    assert [kept_to for kept_to, _ in peer.kept] == [to]
    assert (letter(kept).state, log(kept)) == ("uncertain", [("uncertain", "end", None)])
    assert kept.ask(ROOT, "mail_state")["uncertain"] == 1


def test_a_person_may_send_an_uncertain_one_again_under_the_same_id(kept: Desk, peer: Peer, office):
    address(kept, "die")
    kept.hear(fell_due())
    mine = office()
    deliver(mine)
    before = letter(kept)
    assert kept.ask(ROOT, "get", entity="letter", id=str(before.id))["can"]["verbs"] == ["resend", "cancel"]
    address(kept, "alice", ver=10)
    kept.ask(ROOT, "resend_letter", id=str(before.id), note="Alice never got it")
    deliver(mine)
    assert (letter(kept).state, letter(kept).attempts) == ("sent", 2)
    assert peer.letters()[0]["Message-ID"] == before.message_id


def test_a_cancelled_one_is_not_sent(kept: Desk, peer: Peer, office):
    kept.hear(fell_due())
    row = kept.ask(ROOT, "cancel_letter", id=str(letter(kept).id))["row"]
    deliver(office())
    assert (row["state"], peer.taken) == ("cancelled", [])


def test_who_left_meanwhile_gets_nothing(kept: Desk, peer: Peer, office):
    kept.hear(fell_due())
    kept.hear(staff(ALICE_ID, "Alice", "alice@example.com", state="left", ver=2))
    deliver(office())
    assert (letter(kept).state, log(kept), peer.taken) == ("cancelled", [("dropped", "connect", None)], [])


def test_a_new_address_is_used_from_the_next_attempt_on(kept: Desk, peer: Peer, office):
    address(kept, "grey")
    kept.hear(fell_due())
    mine = office()
    deliver(mine)
    address(kept, "alice", ver=10)
    kept.later(seconds=10)
    deliver(mine)
    assert [to for to, _ in peer.taken] == ["alice@example.com"]


def test_two_post_offices_send_each_letter_once(kept: Desk, peer: Peer, office):
    for owner_id in (ALICE_ID, BOB_ID, CAROL_ID, DAN_ID):
        for _ in range(3):
            kept.hear(fell_due(owner_id))
    offices = [office(slots=2) for _ in range(3)]
    for _ in range(12):
        threads = [threading.Thread(target=deliver, args=(each,)) for each in offices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    ids = [message["Message-ID"] for message in peer.letters()]
    assert len(ids) == len(set(ids)) == 12
    assert {row.state for row in kept.rows(model.Letter)} == {"sent"}


def test_after_three_days_it_is_given_up(kept: Desk, peer: Peer, office):
    peer.stop()
    kept.hear(fell_due())
    mine = office()
    deliver(mine)
    kept.later(days=3, seconds=1)
    deliver(mine)
    (failed, *_) = kept.rows(model.Letter, owner_id=ALICE_ID)
    assert (failed.state, log(kept)[-1][:2]) == ("failed", ("refused", "connect"))


def test_the_log_says_how_long_each_attempt_took(kept: Desk, peer: Peer, office):
    kept.hear(fell_due())
    deliver(office())
    (attempt,) = kept.rows(model.Attempt)
    assert attempt.seconds == Decimal("0.00"), "by the clock of the test, which stands still"
    assert (attempt.turn, attempt.address, attempt.began_at) == (1, "alice@example.com", kept.now)


def test_closing_waits_for_an_answer_but_not_for_a_server_that_has_nothing_yet(
    kept: Desk, peer: Peer, office
):
    address(kept, "mute")
    kept.hear(fell_due())
    mine = office()
    mine.run_due()
    wait_until(lambda: peer.asked["mute@example.com"])
    mine.close(patience=30.0)
    assert not mine.in_hand, "the one that was not handed over was cut at once"
    assert letter(kept).state == "queued"
    kept.hear(fell_due(BOB_ID))
    mine.run_due()
    assert kept.rows(model.Letter, owner_id=BOB_ID)[0].attempts == 0, "nothing is begun any more"
