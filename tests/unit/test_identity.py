"""Ids say when they were made, in the order of making, and no two are the same."""

import time
from concurrent.futures import ThreadPoolExecutor

from chassis.identity import new_id


def test_they_are_of_the_seventh_kind_and_carry_the_time():
    before, id, after = time.time_ns(), new_id(), time.time_ns()
    assert (id.version, id.variant) == (7, "specified in RFC 4122")
    assert before // 1_000_000 - 1 <= id.int >> 80 <= after // 1_000_000 + 10


def test_each_is_greater_than_the_one_before_and_thousands_do_not_run_ahead_of_the_clock():
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(ids)
    assert ids[-1].int >> 80 <= time.time_ns() // 1_000_000 + 10


def test_many_hands_make_no_two_alike():
    with ThreadPoolExecutor(4) as hands:
        made = [
            id for several in hands.map(lambda _: [new_id() for _ in range(2000)], range(8)) for id in several
        ]
    assert len(set(made)) == 16_000
