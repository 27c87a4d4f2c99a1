"""The supervisor starts again what dies and leaves nothing behind, however it ends."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from deploy import processes
from tests.deploy.project_copy import Copy, strays

SLEEPER = """Program("{name}", (sys.executable, "-c", "import time; print('on duty', flush=True); time.sleep(600)"))"""
TWO = ", ".join(SLEEPER.format(name=name) for name in ("early", "late"))


def test_a_program_that_is_killed_is_started_again(copy: Copy) -> None:
    copy.up(TWO)
    copy.wait_said("ready")
    first = copy.wait_pid("early")
    other = copy.wait_pid("late")
    os.kill(first, signal.SIGKILL)
    assert copy.wait_pid("early", other_than=first)
    assert copy.pid("late") == other
    assert "early has ended and is started again" in copy.said()
    assert (copy.run_dir / "log" / "early.log").read_text().count("on duty") == 2


def test_ctrl_c_ends_everything_and_is_no_failure(copy: Copy) -> None:
    up = copy.up(TWO)
    copy.wait_said("ready")
    os.killpg(up.pid, signal.SIGINT)
    assert up.wait(30) == 0
    assert not strays(copy.root)
    assert "stopped; nothing is lost" in copy.said()


@contextmanager
def hangups(taken: signal.Handlers) -> Iterator[None]:
    """What is started here takes them so, as nohup or a plain terminal would have it, however the tests were started."""
    before = signal.signal(signal.SIGHUP, taken)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_closed_terminal_ends_everything(copy: Copy) -> None:
    with hangups(signal.SIG_DFL):
        up = copy.up(TWO)
    copy.wait_said("ready")
    up.send_signal(signal.SIGHUP)
    assert up.wait(30) == 0
    assert not strays(copy.root)


def test_nohup_outlives_the_terminal(copy: Copy) -> None:
    with hangups(signal.SIG_IGN):
        up = copy.up(TWO)
    copy.wait_said("ready")
    up.send_signal(signal.SIGHUP)
    first = copy.wait_pid("early")
    os.kill(first, signal.SIGKILL)
    assert copy.wait_pid("early", other_than=first)  # somebody still looks after it


def test_a_killed_supervisor_takes_its_programs_along_and_the_next_start_works(copy: Copy) -> None:
    stubborn = (
        'Program("stubborn", (sys.executable, "-c", "import signal, time;'
        ' signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"), patience=1)'
    )
    up = copy.up(f"{TWO}, {stubborn}")
    copy.wait_said("ready")
    pids = [copy.wait_pid(name) for name in ("early", "late", "stubborn")]
    up.kill()
    up.wait()
    assert processes.wait_until(lambda: copy.pid("early") is None and copy.pid("late") is None, 10)
    assert copy.pid("stubborn") == pids[2]
    copy.up(TWO)
    copy.wait_said("ready", times=2)
    assert "ended what an earlier run had left behind: stubborn" in copy.said()
    assert copy.pid("stubborn") is None
    assert copy.wait_pid("early") not in pids


def test_a_second_start_in_the_same_folder_is_refused(copy: Copy) -> None:
    copy.up(TWO)
    copy.wait_said("ready")
    assert copy.up(TWO).wait(30) == 1
    assert "running from this folder already" in copy.said()
    assert copy.pid("early")


def test_a_start_that_fails_says_why_and_ends_everything(copy: Copy) -> None:
    up = copy.up(TWO, start="raise up.NotUp('the databases are not ours')")
    assert up.wait(30) == 1
    assert "✗ the databases are not ours" in copy.said()
    assert not strays(copy.root)
