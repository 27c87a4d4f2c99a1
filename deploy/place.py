"""Where the project lies and where one running copy keeps its own files."""

import contextlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run_dir() -> Path:
    """The folder of this running copy: data, logs, secrets, remembered ports. Removing it starts afresh."""
    chosen = os.environ.get("GUANXI_RUN_DIR")
    return Path(chosen).absolute() if chosen else ROOT / ".run"


def folder(name: str, mode: int = 0o755) -> Path:
    """A folder of this running copy, made when it is not there."""
    path = run_dir() / name
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)
    return path


def secret(name: str) -> str:
    """A password of this running copy, drawn at first use and readable by its owner only."""
    path = folder("secrets", 0o700) / name
    if not path.exists():
        draft = path.with_name(f"{name}.{os.getpid()}")
        write_secret(draft, os.urandom(24).hex().encode())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # the first of two processes that draw at the same time wins
        draft.unlink()
    return path.read_text()


def write_secret(path: Path, content: bytes) -> None:
    """A file for its owner only, from its first byte on."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
