"""First come, first served (docs/decisions/0062): order, room for the older one, and nobody waits for what does not move."""

from __future__ import annotations

import threading
import time

import pytest

from gateway.run_queue import RunQueue

SOON = 10.0


class Request(threading.Thread):
    """One request: computes, waits for a service, computes again; each step when it is told to."""

    def __init__(self, queue: RunQueue, seen: list[str], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.queue, self.seen = queue, seen
        self.asks, self.answered, self.may_end = threading.Event(), threading.Event(), threading.Event()
        self.runs = threading.Event()

    def run(self) -> None:
        with self.queue.running():
            self.seen.append(f"{self.name} begins")
            self.runs.set()
            self.asks.wait(SOON)
            with self.queue.aside():
                self.answered.wait(SOON)
            self.seen.append(f"{self.name} goes on")
            self.may_end.wait(SOON)
        self.seen.append(f"{self.name} is done")


def waits(queue: RunQueue, how_many: int) -> None:
    until = time.monotonic() + SOON
    while len(queue._waiting) != how_many:
        assert time.monotonic() < until, queue._waiting


def test_who_has_not_asked_yet_asks_first_and_then_who_came_first_goes_on_first():
    queue, seen = RunQueue(places=1, patience=SOON), []
    alice, bob, carol = everybody = [Request(queue, seen, name) for name in ("Alice", "Bob", "Carol")]
    for number, request in enumerate(everybody):
        request.start()
        if number == 0:
            assert request.runs.wait(SOON)
        else:
            waits(queue, number)
    alice.asks.set()  # she waits for a service, so that Bob may begin
    assert bob.runs.wait(SOON)
    alice.answered.set()
    waits(queue, 2)  # Carol, and Alice again
    bob.asks.set()
    assert carol.runs.wait(SOON)  # or the service has nothing to do while Alice's page is made
    bob.answered.set()
    waits(queue, 2)  # Alice and Bob again
    carol.asks.set()
    carol.answered.set()
    waits(queue, 2)  # one of the three goes on
    for request in everybody:
        request.may_end.set()
    for request in everybody:
        request.join(SOON)
    assert [one for one in seen if "done" not in one] == [
        "Alice begins", "Bob begins", "Carol begins", "Alice goes on", "Bob goes on", "Carol goes on"
    ]  # fmt: skip
    assert (queue._free, queue._waiting) == (1, [])


@pytest.mark.parametrize("places", [1, 2, 3])
def test_no_more_than_there_are_places_compute_at_once_and_all_places_come_back(places):
    queue = RunQueue(places, patience=SOON)
    lock, busy, most = threading.Lock(), 0, 0

    def compute() -> None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        sum(range(2000))
        with lock:
            busy -= 1

    def request(number: int) -> None:
        for _ in range(50):
            with queue.running():
                compute()
                with queue.aside():
                    pass
                compute()

    threads = [threading.Thread(target=request, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert most <= places
    assert (queue._free, queue._waiting) == (places, [])


def test_a_page_that_takes_long_does_not_stop_the_others():
    queue, seen = RunQueue(places=1, patience=0.02), []
    slow, alice, bob = (Request(queue, seen, name) for name in ("slow", "Alice", "Bob"))
    slow.start()
    assert slow.runs.wait(SOON)
    for request in (alice, bob):
        for step in (request.asks, request.answered, request.may_end):
            step.set()
        request.start()
    for request in (alice, bob):
        request.join(SOON)
    assert "slow is done" not in seen
    assert {"Alice is done", "Bob is done"} <= set(seen)
    for step in (slow.asks, slow.answered, slow.may_end):
        step.set()
    slow.join(SOON)
    assert (queue._free, queue._waiting) == (1, [])


def test_what_fails_gives_its_place_back_and_a_request_with_a_body_takes_none():
    queue = RunQueue(places=1, patience=SOON)
    free: list[int] = []

    def app(environ: dict[str, str], start_response: object) -> list[bytes]:
        free.append(queue._free)
        raise RuntimeError("broken")

    for method in ("GET", "HEAD", "POST", "PATCH"):
        with pytest.raises(RuntimeError):
            queue.wsgi(app)({"REQUEST_METHOD": method}, None)
    assert free == [0, 0, 1, 1]
    assert queue._free == 1
    with queue.aside():  # of a thread that serves no request, nothing is asked
        assert queue._free == 1
