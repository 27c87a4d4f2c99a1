"""Sixty-four people at once while a service stands still: quick answers for what it does, the usual ones for the rest."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psutil
import requests

from chassis.pressure import SILENCE
from tests.journey.system import System, wait_for

USERS = 64


def test_sixty_four_people_and_a_service_that_stands_still(guanxi: System):
    """The first few wait for their answer in vain; everybody else is told at once when to try again."""
    alice = guanxi.client("alice")
    headers = dict(alice.http.headers)

    def asked(path: str) -> tuple[int, bool, float]:
        """Status, whether it says when to come again, seconds."""
        begun = time.monotonic()
        answer = requests.get(guanxi.url + path, headers=headers, timeout=60)
        return answer.status_code, "Retry-After" in answer.headers, time.monotonic() - begun

    worker = psutil.Process(guanxi.pid("gateway")).children()[0]
    assert alice.ask("GET", "/service_desk/ticket").status_code == 200
    pid = guanxi.pid("service_desk")
    os.kill(pid, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(USERS) as people:
            first = list(people.map(asked, ["/service_desk/ticket"] * USERS))
            assert {(status, again) for status, again, _ in first} == {(503, True)}
            second = list(people.map(asked, ["/service_desk/ticket"] * USERS))
            assert {(status, again) for status, again, _ in second} == {(503, True)}
            assert max(seconds for *_, seconds in second) < SILENCE
            mixed = list(people.map(asked, ["/service_desk/ticket", "/customer/lead"] * (USERS // 2)))
            assert Counter(status for status, *_ in mixed) == {503: USERS // 2, 200: USERS // 2}
        assert worker.num_threads() < 40  # 24 that answer, and those of the connections
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for("the first answer", lambda: alice.ask("GET", "/service_desk/ticket").status_code == 200, 30)
    with ThreadPoolExecutor(USERS) as people:
        assert {status for status, *_ in people.map(asked, ["/service_desk/ticket"] * USERS)} == {200}
    wait_for("health", guanxi.is_healthy, 60)
