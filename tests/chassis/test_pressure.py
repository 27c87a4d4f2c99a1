"""A service that is stopped or slow keeps few callers waiting; the others are told at once, and it recovers by itself."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from chassis.pressure import MOST, PROOF, SILENCE, TURN
from chassis.wire import RpcClient
from contracts.errors import Unavailable
from tests.chassis.world import World, until

USERS = 64


@pytest.fixture
def stopped(street: World, rpc: RpcClient) -> Iterator[World]:
    """The workshop is stopped in its tracks: its queue is there, its connection too, and nothing answers."""
    process = street.kept["workshop"]
    assert street.call("workshop", "echo", {"text": "before"}) == {"text": "before"}
    process.send_signal(signal.SIGSTOP)
    yield street
    process.send_signal(signal.SIGCONT)
    until(lambda: street.answers("workshop"), "the workshop to answer again")


def why(world: World, rpc: RpcClient, timeout: float = 10.0) -> str:
    """How one question to the workshop ends."""
    try:
        rpc.call("workshop", "echo", {"text": "x"}, token=world.token, timeout=timeout)
    except Unavailable as problem:
        return problem.params.get("part", "late")
    return "answered"


@pytest.fixture
def rpc(street: World) -> Iterator[RpcClient]:
    client = RpcClient(street.amqp_url, "pressed")
    assert why(street, client) == "answered"
    yield client
    client.close()


def test_few_wait_for_a_stopped_service_and_everybody_else_is_told_at_once(stopped: World, rpc: RpcClient):
    with ThreadPoolExecutor(USERS) as users:
        first = Counter(users.map(lambda _: why(stopped, rpc, SILENCE + 2), range(USERS)))
        assert first == {"late": MOST, "busy": USERS - MOST}
        begun = time.monotonic()
        second = Counter(users.map(lambda _: why(stopped, rpc), range(USERS)))
        assert second == {"silent": USERS}
        assert time.monotonic() - begun < PROOF + TURN
    assert rpc.in_flight <= 1  # the question for a sign of life


def test_the_other_services_answer_meanwhile(stopped: World, rpc: RpcClient):
    over = Event()

    def press() -> None:
        while not over.is_set():
            why(stopped, rpc, SILENCE + 1)

    pressing = [Thread(target=press) for _ in range(USERS)]
    for thread in pressing:
        thread.start()
    try:
        until(lambda: why(stopped, rpc) == "silent", "the workshop to be given up")
        begun = time.monotonic()
        for _ in range(20):
            rpc.call("ledger", "ping", {}, token=stopped.token)
        assert time.monotonic() - begun < 20 * 0.5
    finally:
        over.set()
        for thread in pressing:
            thread.join()


def test_it_recovers_by_itself(street: World, rpc: RpcClient):
    process = street.kept["workshop"]
    process.send_signal(signal.SIGSTOP)
    assert why(street, rpc, SILENCE + 0.5) == "late"
    assert why(street, rpc) == "silent"
    process.send_signal(signal.SIGCONT)
    until(lambda: why(street, rpc) == "answered", "the workshop to be asked again", 10)
    assert {why(street, rpc) for _ in range(50)} == {"answered"}


def test_a_slow_door_does_not_make_a_service_silent(street: World, rpc: RpcClient):
    with ThreadPoolExecutor(1) as one:
        slow = one.submit(
            rpc.call, "workshop", "echo", {"text": "slow", "query_seconds": SILENCE + 2}, token=street.token
        )
        time_is_over = time.monotonic() + SILENCE + 1
        while time.monotonic() < time_is_over:
            assert why(street, rpc) == "answered"
        assert slow.result() == {"text": "slow"}
