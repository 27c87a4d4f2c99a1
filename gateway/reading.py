"""Reads an uploaded file in a process of its own: it has its own memory, which ends with it, and nothing else to lose.

`python -m gateway.reading FILE NAME [SHEET]` is that process: it prints what the table is like and then row after row, as far as
somebody reads on. So a large file costs the gateway no more than a small one.
"""

from __future__ import annotations

import contextlib
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

import orjson

from contracts.errors import Problem
from gateway import spreadsheets
from gateway.spreadsheets import Table

MEMORY = 2**30
SECONDS = 300
SAMPLE = 200
"""Rows that are looked at to tell what the columns are."""


@contextlib.contextmanager
def reading(place: Path, name: str, sheet: str | None = None) -> Iterator[Table]:
    """The table in a file, its rows read as they are asked for. Raises what `spreadsheets.opened` raises."""
    command = [sys.executable, "-m", __name__, str(place), name, *([sheet] if sheet else [])]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as reader:
        assert reader.stdout is not None
        try:
            about = _said(reader.stdout)
            table = Table(**{**about, "names": tuple(about["names"]), "sheets": tuple(about["sheets"])})
            yield replace(table, rows=_rows(reader.stdout))
        finally:
            reader.kill()


def look(place: Path, name: str, sheet: str | None = None) -> dict[str, Any]:
    """What the table is like, with its first rows; as plain values, to be kept."""
    with reading(place, name, sheet) as table:
        return {**table.__dict__, "rows": list(islice(table.rows, SAMPLE))}


def seen(looked: dict[str, Any]) -> Table:
    """What `look` saw, as a table."""
    return Table(**{**looked, "names": tuple(looked["names"]), "sheets": tuple(looked["sheets"])})


def _rows(lines: IO[bytes]) -> Iterator[tuple[int, list[Any]]]:
    while (row := _said(lines)) is not None:
        yield row[0], row[1]


def _said(lines: IO[bytes]) -> Any:
    """The next thing the process says. Raises the problem it tells, NotASpreadsheet where it ended before its time."""
    line = lines.readline()
    if not line.endswith(b"\n"):
        raise spreadsheets.NotASpreadsheet()
    said = orjson.loads(line)
    if isinstance(said, dict) and "problem" in said:
        raise Problem.from_dict(said["problem"])
    return said


# -- within the process of its own ------------------------------------------------------------------------------------


def main() -> None:
    """Print the table in the file; a problem is printed as well, and the end is said."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    place, name, *sheet = sys.argv[1:]
    try:
        table = spreadsheets.opened(name, Path(place).read_bytes(), *sheet)
        _say({**table.__dict__, "rows": []})
        for row in table.rows:
            _say(row)
        _say(None)
    except Problem as problem:
        _say({"problem": problem.as_dict()})
    sys.stdout.buffer.flush()


def _say(what: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(what) + b"\n")


if __name__ == "__main__":
    main()
