"""Files between being uploaded and being understood: kept on disk for an hour, for the person who sent them."""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path
from uuid import UUID, uuid4

from contracts.errors import NotFound

HOUR = 3600


class Uploads:
    """A folder of our own that nobody else may read."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.gettempdir()) / f"guanxi-uploads-{os.getuid()}"

    def keep(self, owner: UUID, name: str, data: bytes) -> UUID:
        """Put a file away and say under which id."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._drop_old()
        id = uuid4()
        plain = re.sub(r"[/\x00-\x1f]", "_", name)[-120:] or "file"
        place = self.folder / f"{id}"
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(f"{owner}\n{plain}\n".encode() + data)
        return id

    def take(self, owner: UUID, id: UUID) -> tuple[str, bytes]:
        """Name and content. Raises NotFound when it is gone, or somebody else's."""
        try:
            data = (self.folder / str(id)).read_bytes()
        except OSError:
            raise NotFound(entity="upload", id=id) from None
        sender, name, content = data.split(b"\n", 2)
        if sender.decode() != str(owner):
            raise NotFound(entity="upload", id=id)
        return name.decode(), content

    def drop(self, id: UUID) -> None:
        """It was understood."""
        (self.folder / str(id)).unlink(missing_ok=True)

    def _drop_old(self) -> None:
        for place in self.folder.iterdir():
            if place.stat().st_mtime < time.time() - HOUR:
                place.unlink(missing_ok=True)
