"""Calling a service over the broker."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis import shared_line, wire
from chassis.identity import new_id
from chassis.wire import Call
from contracts.errors import Invalid, NotFound, Unauthenticated, Unavailable, Unexpected
from tests.chassis.toys.workshop_service import OutOfSteel, Part
from tests.chassis.world import World, until


def test_it_works(workshop: World):
    assert workshop.call("workshop", "echo", {"text": "泰微"}) == {"text": "泰微"}


def test_a_problem_arrives_as_the_same_class_with_its_parameters(workshop: World):
    with pytest.raises(OutOfSteel) as caught:
        workshop.call("workshop", "make_part", {"order_id": str(new_id()), "names": ["refused"]})
    assert caught.value.params == {"name": "refused"}


def test_wrong_input_names_the_field(workshop: World):
    with pytest.raises(Invalid) as caught:
        workshop.call("workshop", "echo", {"words": "x"})
    assert [problem.field for problem in caught.value.fields] == ["words"]


def test_a_message_without_a_token_is_refused(workshop: World):
    with pytest.raises(Unauthenticated):
        workshop.rpc.call("workshop", "echo", {})


def test_an_unknown_door_is_not_found(workshop: World):
    with pytest.raises(NotFound):
        workshop.call("workshop", "no_such_door")


def test_a_mistake_of_ours_is_answered_with_a_number_and_changes_nothing(workshop: World):
    order = new_id()
    with pytest.raises(Unexpected) as caught:
        workshop.call(
            "workshop", "make_part", {"order_id": str(order), "names": ["x"], "blow_up": True}, call_id="c-1"
        )
    assert caught.value.params["number"] == "c-1"
    assert workshop.rows(Part, "workshop", order_id=order) == []


def test_a_service_that_does_not_run_is_said_to_be_unavailable_at_once(world: World):
    begun = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        world.call("nobody", "echo", timeout=10)
    assert time.monotonic() - begun < 1
    assert caught.value.params == {"service": "nobody", "maybe_done": "no"}


def test_a_late_answer_is_unavailable_and_says_that_it_may_have_run(workshop: World):
    with pytest.raises(Unavailable) as caught:
        workshop.call("workshop", "echo", {"text": "late", "seconds": 1}, timeout=0.2)
    assert caught.value.params["maybe_done"] == "yes"


def test_the_same_key_twice_is_done_once(workshop: World):
    order = new_id()
    message = {"order_id": str(order), "names": ["once"]}
    answers = [workshop.call("workshop", "make_part", message, key="k-1") for _ in range(2)]
    assert answers == [["once"], ["once"]]
    assert len(workshop.rows(Part, "workshop", order_id=order)) == 1


def test_slow_requests_do_not_hold_up_others(workshop: World):
    """Neither waiting in Python nor waiting for the database."""
    with ThreadPoolExecutor(8) as pool:
        slow = [
            pool.submit(workshop.call, "workshop", "echo", {"text": "s", kind: 1.0})
            for kind in ("seconds", "query_seconds")
            for _ in range(3)
        ]
        until(lambda: workshop.rpc.in_flight >= 6)
        begun = time.monotonic()
        assert workshop.call("workshop", "echo", {"text": "quick"}) == {"text": "quick"}
        assert time.monotonic() - begun < 0.5
        assert all(one.result() == {"text": "s"} for one in slow)


def test_more_requests_than_workers_are_all_answered(workshop: World):
    calls = [Call("workshop", "echo", {"text": str(n), "seconds": 0.05}, workshop.token) for n in range(60)]
    assert [answer["text"] for answer in workshop.rpc.gather(calls)] == [str(n) for n in range(60)]


def test_many_threads_get_their_own_answers(workshop: World):
    def ask(thread: int) -> bool:
        return all(
            workshop.call("workshop", "echo", {"text": f"{thread}.{n}"}) == {"text": f"{thread}.{n}"}
            for n in range(40)
        )

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(16)))


def test_one_part_may_fail_without_the_others(workshop: World):
    calls = [
        Call("workshop", "echo", {"text": "a"}, workshop.token),
        Call("nobody", "echo", {}, workshop.token),
        Call("workshop", "echo", {"text": "b"}, workshop.token),
    ]
    first, second, third = workshop.rpc.settle(calls)
    assert (first, third) == ({"text": "a"}, {"text": "b"})
    assert isinstance(second, Unavailable)


def test_a_large_answer_comes_whole(workshop: World):
    text = "回款" * 1_000_000
    assert workshop.call("workshop", "echo", {"text": text}) == {"text": text}


def test_answers_of_any_length_come_whole_and_in_any_company(workshop: World):
    """Short ones in one piece of what is read, longer ones over its borders and over those of the broker's frames."""
    lengths = [0, 1, 65_400, 65_536, 130_900, 131_064, 131_072, 300_000, 7] * 4
    calls = [Call("workshop", "echo", {"text": "x" * length}, workshop.token) for length in lengths]
    assert [len(answer["text"]) for answer in workshop.rpc.gather(calls)] == lengths


def test_who_stops_waiting_leaves_the_reading_to_another(workshop: World, monkeypatch: pytest.MonkeyPatch):
    """Of those who wait one reads for all. She gives up, and another reads on at once."""
    with monkeypatch.context() as patch, ThreadPoolExecutor(4) as pool:
        patch.setattr(wire, "DOZE", 60)  # nobody wakes by herself before her time is up
        patch.setattr(shared_line, "LOOK", 60)  # and nobody reads beside them
        reads = pool.submit(workshop.call, "workshop", "echo", {"text": "a", "seconds": 2}, timeout=0.3)
        until(lambda: workshop.rpc.in_flight == 1)
        others = [
            pool.submit(workshop.call, "workshop", "echo", {"text": str(n), "seconds": 0.6}) for n in range(3)
        ]
        with pytest.raises(Unavailable):
            reads.result()
        assert [other.result()["text"] for other in others] == ["0", "1", "2"]
    assert workshop.rpc._line is not None
    workshop.rpc._line.attend(0)  # it would look away for the rest of its minute


def test_a_message_that_cannot_travel_leaves_nobody_waiting(workshop: World):
    """It is a mistake of ours; whoever reads next would wake a thread that is not there."""
    with pytest.raises(TypeError):
        workshop.call("workshop", "echo", {"text": object()})
    assert workshop.rpc.in_flight == 0


def test_a_line_on_which_nobody_asks_comes_back_by_itself(workshop: World):
    """Nobody reads it, and yet it is noticed that it broke."""
    workshop.call("workshop", "echo", {})
    line = workshop.rpc._line
    assert line is not None
    before = line.channel
    workshop.cut_connections()
    until(lambda: line.is_ready and line.channel is not before, "the caller to have connected again")


def test_both_ends_come_back_after_their_connections_were_cut(workshop: World):
    workshop.call("workshop", "echo", {})
    workshop.cut_connections()
    until(lambda: _echoes(workshop), "an answer after the cut")
    until(lambda: workshop.answers("workshop"), "all lines of the service to be up again")


def test_requests_that_nobody_waits_for_any_more_are_not_run(workshop: World):
    """All workers are busy; what waited longer than its caller did is dropped."""
    order = str(new_id())
    busy = [Call("workshop", "echo", {"seconds": 0.8}, workshop.token) for _ in range(10)]
    late = Call("workshop", "make_part", {"order_id": order, "names": ["late"]}, workshop.token)
    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(workshop.rpc.gather, busy)
        until(lambda: workshop.rpc.in_flight >= 10)
        with pytest.raises(Unavailable):
            workshop.rpc.gather([late], timeout=0.1)
        running.result()
    workshop.call("workshop", "echo", {})
    assert workshop.rows(Part, "workshop", order_id=order) == []


def test_two_processes_share_the_work_and_one_may_die(workshop: World, world: World):
    second = world.start("run", "workshop")
    until(lambda: world.consumers("rpc-workshop") == 2, "a second consumer")
    world.end(second)
    assert all(_echoes(workshop) for _ in range(5))


def test_a_question_to_a_process_that_dies_is_answered_by_another(workshop: World, world: World):
    second = world.start("run", "workshop")
    until(lambda: world.consumers("rpc-workshop") == 2, "a second consumer")
    with ThreadPoolExecutor(20) as pool:
        slow = [pool.submit(world.call, "workshop", "echo", {"text": "s", "seconds": 1.5}) for _ in range(12)]
        until(lambda: world.rpc.in_flight == 12 and not world.undelivered("rpc-workshop"))
        world.end(second)
        assert all(one.result() == {"text": "s"} for one in slow)


def test_a_command_without_a_key_is_not_given_to_another_process(workshop: World, world: World):
    """Nobody can know whether the first one had done it."""
    second = world.start("run", "workshop")
    until(lambda: world.consumers("rpc-workshop") == 2, "a second consumer")
    message = {"order_id": str(new_id()), "names": ["x"], "seconds": 1.5}
    with ThreadPoolExecutor(20) as pool:
        slow = [
            pool.submit(world.rpc.settle, [Call("workshop", "make_part", message, world.token)])
            for _ in range(12)
        ]
        until(lambda: world.rpc.in_flight == 12 and not world.undelivered("rpc-workshop"))
        begun = time.monotonic()
        world.end(second)
        answers = [one.result()[0] for one in slow]
    lost = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert lost
    assert {answer.params["maybe_done"] for answer in lost} == {"yes"}
    assert time.monotonic() - begun < 5, "it is said at once, not after the timeout"
    assert len(world.rows(Part, "workshop", order_id=message["order_id"])) == 12 - len(lost)


def _echoes(world: World) -> bool:
    try:
        return world.call("workshop", "echo", {"text": "x"}, timeout=1) == {"text": "x"}
    except Unavailable:
        return False
