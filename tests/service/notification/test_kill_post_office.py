"""A post office is killed in the middle of a letter: no letter is lost, none is sent twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from services.notification import model
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, DAN_ID
from tests.desk import Databases, Desk
from tests.factories.notification import fell_due, staff
from tests.service.notification.conftest import deliver, wait_until
from tests.smtp_peer import Peer


@pytest.fixture
def postman(databases: Databases, peer: Peer) -> Iterator[Callable[[], subprocess.Popen]]:
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        command = [
            sys.executable, "-m", "tests.service.notification.postman", databases.url("notification"), peer.url,
        ]  # fmt: skip
        started.append(subprocess.Popen(command))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def addressed(kept: Desk, name: str, ver: int) -> str:
    kept.hear(staff(ALICE_ID, name, f"{name}@example.com", ver=ver))
    return f"{name}@example.com"


def killed(process: subprocess.Popen) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_killed_while_the_server_has_the_letter_it_is_uncertain_and_never_sent_again(
    kept: Desk, peer: Peer, postman, office
):
    to = addressed(kept, "hang", 2)
    kept.hear(fell_due())
    process = postman()
    wait_until(lambda: peer.kept)
    (letter,) = kept.rows(model.Letter)
    assert (letter.state, letter.message_id is not None) == ("sending", True)
    killed(process)
    mine = office()
    wait_until(lambda: deliver(mine) or kept.rows(model.Letter)[0].state == "uncertain")
    for _ in range(3):
        kept.later(days=1)
        deliver(mine)
    assert ([kept_to for kept_to, _ in peer.kept], peer.taken, peer.asked[to]) == ([to], [], 1)
    assert [row.outcome for row in kept.rows(model.Attempt)] == ["uncertain"]


def test_killed_before_the_end_of_the_letter_it_is_sent_by_the_next_once(
    kept: Desk, peer: Peer, postman, office
):
    addressed(kept, "mute", 2)
    kept.hear(fell_due())
    process = postman()
    wait_until(lambda: peer.asked["mute@example.com"])
    assert kept.rows(model.Letter)[0].state == "connecting"
    killed(process)
    to = addressed(kept, "alice", 3)
    mine = office()
    wait_until(lambda: deliver(mine) or kept.rows(model.Letter)[0].state == "queued")
    kept.later(days=1)
    for _ in range(3):
        deliver(mine)
    assert [taken_to for taken_to, _ in peer.taken] == [to]
    assert [row.outcome for row in sorted(kept.rows(model.Attempt), key=lambda row: row.turn)] == [
        "postponed",
        "sent",
    ]


def test_killed_again_and_again_every_letter_arrives_once(kept: Desk, peer: Peer, postman):
    """Whatever instruction it was at: letters taken by the server and not known to be are left uncertain, not repeated."""
    for number in range(10):
        for owner_id in (ALICE_ID, BOB_ID, CAROL_ID, DAN_ID):
            kept.hear(fell_due(owner_id, contract_number=f"HT-{number}"))
    for wanted in (7, 23):
        process = postman()
        wait_until(lambda wanted=wanted: len(peer.taken) >= wanted)
        killed(process)
    postman()
    ended = {"sent", "uncertain"}
    wait_until(lambda: {row.state for row in kept.rows(model.Letter)} <= ended)
    ids = [message["Message-ID"] for message in peer.letters()]
    assert len(ids) == len(set(ids))
    assert {row.message_id for row in kept.rows(model.Letter, state="sent")} <= set(ids)
    assert len(kept.rows(model.Letter)) == 40
