"""Why a program of ours does not start, in its own words: what it wrote into its log since we began to listen."""

from collections.abc import Iterable
from pathlib import Path

from . import supervision

MARK = "Guanxi cannot start:"
KEEPS_ENDING = 3
"""ends of one program during a start after which it is not waited for any longer"""
LAST_LINES = 12


class Refusals:
    """Listens to the logs of these programs from now on."""

    def __init__(self, programs: Iterable[str]) -> None:
        self._logs = {name: supervision.log_of(name) for name in programs}
        self._begins = {name: _size(log) for name, log in self._logs.items()}
        self._ends: dict[str, set[int]] = {}

    def said(self) -> str | None:
        """The first refusal, whole; None while there is none."""
        return next((found for name in self._logs if (found := in_text(self._words(name)))), None)

    def ending(self) -> str | None:
        """The last words of a program that ends again and again; None while there is none."""
        for state in supervision.control().getAllProcessInfo():
            name, ends = state["name"], self._ends.setdefault(state["name"], set())
            if state["stop"] and state["statename"] in ("BACKOFF", "EXITED", "FATAL"):
                ends.add(state["stop"])
            if name in self._logs and len(ends) >= KEEPS_ENDING:
                last = "\n".join(f"  {line}" for line in self._words(name).splitlines()[-LAST_LINES:])
                return f"{name} keeps ending. The end of {self._logs[name]}:\n{last}"
        return None

    def _words(self, name: str) -> str:
        log = self._logs[name]
        if not log.exists():
            return ""
        with log.open("rb") as file:
            file.seek(min(self._begins[name], _size(log)))
            return file.read().decode(errors="replace")


def in_text(text: str) -> str | None:
    """The refusal in what a program wrote: its first line, and the indented ones that follow."""
    lines = iter(text[text.index(MARK) :].splitlines() if MARK in text else ())
    found = [line for line in (next(lines, ""),) if line]
    for line in lines:
        if not line.startswith("  "):
            break
        found.append(line)
    return "\n".join(found) or None


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
