"""Long computations beside the greenlets: one that holds the processor would stop every worker of the process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def apart(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The function's result, computed in a real thread where we run on greenlets, else right here."""
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is None or not patcher.is_monkey_patched("socket"):
        return function(*args, **kwargs)
    from eventlet import tpool

    result: R = tpool.execute(function, *args, **kwargs)
    return result
