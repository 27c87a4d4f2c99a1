"""How often the collector looks for circles of objects that nothing else refers to."""

import gc

YOUNG = 10_000
"""New objects after which it looks among them; by itself it does after 700, many times while one page is made or some rows are
worked on, and finds hardly any."""


def look_seldom() -> None:
    """From now on, in this process and those it forks."""
    gc.set_threshold(YOUNG)
