"""How a service waits for what arrives on its lines. In a process of its own: the chassis replaces there what blocks."""

import subprocess
import sys

from tests.chassis.world import ROOT

READS = """
import socket
from chassis import hosting
import eventlet

class Counted(hosting.StandingSource):
    told = 0

    def _arrived(self, file):
        Counted.told += 1
        super()._arrived(file)

near, far = socket.socketpair()
source = Counted(near)
heard = []
reader = eventlet.spawn(lambda: [heard.append(source.recv(2)) for _ in range(4)])
eventlet.sleep(0)
far.sendall(b"ab")
eventlet.sleep(0.01)
far.sendall(b"cdefg")
reader.wait()
assert b"".join(heard) == b"abcdefg", heard

Counted.told = 0
far.sendall(b"later")
eventlet.sleep(0.05)
assert Counted.told <= 1, f"the hub was kept busy by what nobody reads: {Counted.told}"
assert source.recv(9) == b"later"

number = near.fileno()
waiting = eventlet.spawn(source.recv, 9)
eventlet.sleep(0)
far.close()
assert waiting.wait() == b"", "the other end has closed"
source.close()
near.close()
near, far = socket.socketpair()
assert number in (near.fileno(), far.fileno()), "its number is used again"
eventlet.spawn_after(0.01, far.sendall, b"x")
assert near.recv(1) == b"x"
"""


def test_what_arrives_is_read_by_one_who_may_be_at_something_else():
    done = subprocess.run([sys.executable, "-c", READS], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


BREAKS = """
from types import SimpleNamespace
from chassis import hosting

class Toy:
    name = "toy"

    def fail(self):
        raise ValueError("its own mistake")

heard = []
container = hosting.LeanContainer(Toy, {})
container.spawn_worker(SimpleNamespace(method_name="fail"), (), {}, handle_result=lambda *told: heard.append(told))
container._worker_pool.waitall()
assert heard[0][1] is None and heard[0][2][0] is ValueError, heard

def broken(*_):
    raise ZeroDivisionError

container.spawn_worker(SimpleNamespace(method_name="fail"), (), {}, handle_result=broken)
try:
    container.wait()
except ZeroDivisionError:
    print("ended")
"""


def test_a_worker_whose_answer_breaks_ends_the_process_so_that_it_is_started_anew():
    done = subprocess.run(
        [sys.executable, "-c", BREAKS], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "ended\n", done.stderr
