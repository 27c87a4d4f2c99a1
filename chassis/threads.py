"""Long computations beside the greenlets: one that holds the processor would stop every worker of the process."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


SLICE = 0.005
"""Seconds for which a long computation may hold the processor before it lets others have it."""


class Pause:
    """To be called in the loop of a long computation: lets the doors of the process answer in between."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def __call__(self) -> None:
        if time.perf_counter() - self._since > SLICE:
            time.sleep(0)
            self._since = time.perf_counter()


def apart(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The function's result, computed in a real thread where we run on greenlets, else right here."""
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is None or not patcher.is_monkey_patched("socket"):
        return function(*args, **kwargs)
    from eventlet import tpool

    result: R = tpool.execute(function, *args, **kwargs)
    return result
