"""Files between being uploaded and being understood: kept on disk for an hour, for the person who sent them."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

import orjson

from contracts.errors import NotFound, TooLarge

HOUR = 3600
TASK = ".task"


@dataclass(frozen=True)
class Upload:
    """A file that somebody sent."""

    id: UUID
    name: str
    place: Path
    about: Path

    def note(self, looked: dict[str, Any]) -> None:
        """Keep what was seen in it."""
        _write(self.about, orjson.dumps(looked))

    @property
    def noted(self) -> dict[str, Any] | None:
        """What was seen in it the last time."""
        try:
            found: dict[str, Any] = orjson.loads(self.about.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return None
        return found


class Uploads:
    """A folder of our own that nobody else may read."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.gettempdir()) / f"guanxi-uploads-{os.getuid()}"

    def keep(self, owner: UUID, name: str, data: IO[bytes], largest: int) -> Upload:
        """Put a file away. Raises TooLarge, and keeps nothing then."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._drop_old()
        id = uuid4()
        place = self.folder / f"{id}"
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(_Bounded(data, largest), file)
            size = file.tell()
        if size > largest:
            place.unlink()
            raise TooLarge(limit=f"{largest // 2**20} MB")
        plain = re.sub(r"[/\x00-\x1f]", "_", name)[-120:] or "file"
        _write(self.folder / f"{id}.owner", f"{owner}\n{plain}".encode())
        return self.take(owner, id)

    def take(self, owner: UUID, id: UUID) -> Upload:
        """The file. Raises NotFound when it is gone, or somebody else's."""
        place = self.folder / str(id)
        try:
            sender, _, name = (self.folder / f"{id}.owner").read_text().partition("\n")
        except OSError:
            raise NotFound(entity="upload", id=id) from None
        if sender != str(owner) or not place.exists():
            raise NotFound(entity="upload", id=id)
        return Upload(id, name, place, self.folder / f"{id}.about")

    def has(self, owner: UUID, id: UUID) -> bool:
        """Whether it is still there for this person."""
        try:
            self.take(owner, id)
        except NotFound:
            return False
        return True

    def promise(self, id: UUID, task: dict[str, Any]) -> None:
        """What is to be done with a file, so that another process does it where this one ends before."""
        _write(self.folder / f"{id}{TASK}", orjson.dumps(task))

    def forgo(self, id: UUID) -> None:
        """Nothing is to be done with it by itself any more."""
        (self.folder / f"{id}{TASK}").unlink(missing_ok=True)

    def promised(self) -> dict[UUID, dict[str, Any]]:
        """What is still to be done, whoever promised it."""
        found = {}
        for place in self.folder.glob(f"*{TASK}"):
            try:
                found[UUID(place.name.removesuffix(TASK))] = orjson.loads(place.read_bytes())
            except (OSError, ValueError):
                continue  # just done, or none of ours
        return found

    def hold(self, id: UUID) -> IO[bytes] | None:
        """Keep others off a file until this is closed, or the process ends; None where another one is at it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open(self.folder / f"{id}.lock", "wb")  # noqa: SIM115 (held until the file is read)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return None
        return lock

    def drop(self, id: UUID) -> None:
        """It was understood."""
        for place in self.folder.glob(f"{id}*"):
            place.unlink(missing_ok=True)

    def _drop_old(self) -> None:
        for place in self.folder.iterdir():
            if place.stat().st_mtime < time.time() - HOUR:
                place.unlink(missing_ok=True)


def _write(place: Path, data: bytes) -> None:
    """Whole or not at all: another process may be reading it."""
    fresh = place.with_name(f"{place.name}.{uuid4().hex}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    fresh.replace(place)


class _Bounded:
    """Gives a little more than the most that is taken, so that too much is told without being kept."""

    def __init__(self, data: IO[bytes], most: int) -> None:
        self._data, self._left = data, most + 1

    def read(self, size: int = -1) -> bytes:
        got = self._data.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(got)
        return got
