"""A paper as PDF, typeset by Typst with a font that has Chinese letters; both come with the Python packages.

A paper may be long, so it is set in a process of its own that has little time and gives its memory back.
`python -m gateway.papers.pdf < paper.json` is that process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import orjson
import structlog

from gateway.papers import CannotTypeset, Paper

SECONDS = 20
LOOKS = Path(__file__).with_name("paper.typ")

log = structlog.get_logger("gateway")


def write(paper: Paper) -> bytes:
    """The file. Raises CannotTypeset where it takes too long."""
    try:
        set_by = subprocess.run(
            [sys.executable, "-m", __name__], input=orjson.dumps(asdict(paper), default=str), capture_output=True,
            timeout=SECONDS * 2, check=True,
        )  # fmt: skip
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or b""
        log.warning("paper not set", error=type(error).__name__, said=said.decode(errors="replace")[-400:])
        raise CannotTypeset() from None
    return set_by.stdout


def typeset(paper: bytes) -> bytes:
    """A paper as JSON becomes a PDF."""
    import typst
    from noto_cjk_sans_otc import FONT_PATH

    return typst.compile(
        str(LOOKS),
        font_paths=[str(FONT_PATH.parent)],
        ignore_system_fonts=True,
        sys_inputs={"paper": paper.decode()},
    )


def main() -> None:
    """Set the paper on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.buffer.write(typeset(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
